#include "authmod/scim/search.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

using namespace authmod::scim;

namespace {

/// `column relation value` joined by `&`, rows joined by `|`, then what else there is to say.
std::string plan(std::string_view text, resource_type const& type = user_type) {
    constexpr std::string_view columns[] = {"id",     "external_id", "user_name",     "display_name", "email",
                                            "active", "created",     "last_modified", "member",       "group"};
    constexpr std::string_view relations[] = {"=", "^", ">", ">=", "<", "<="};
    auto const s = plan_search(filter::parse(text, type).value());
    std::string out;
    for (auto const& row : s.any_of) {
        if (!out.empty()) out += " | ";
        for (auto const& c : row) {
            if (&c != row.data()) out += " & ";
            out += columns[static_cast<std::size_t>(c.what)];
            out += relations[static_cast<std::size_t>(c.how)];
            if (c.what == column::active)
                out += c.truth ? "true" : "false";
            else if (c.what == column::created || c.what == column::last_modified)
                out += std::to_string(authmod::to_milliseconds(c.when));
            else
                out += c.text;
        }
    }
    if (s.nothing) out += "nothing";
    if (!s.exact) out += " ...";
    if (s.needs_members) out += " members";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_search)

BOOST_AUTO_TEST_CASE(the_filters_of_the_field_go_to_an_index) {
    BOOST_TEST(plan(R"(userName eq "Bob@X")") == "user_name=bob@x");
    BOOST_TEST(plan(R"(urn:ietf:params:scim:schemas:core:2.0:User:userName eq "Bob@X")") == "user_name=bob@x");
    BOOST_TEST(plan(R"(externalId eq "Ab")") == "external_id=Ab");
    BOOST_TEST(plan(R"(id eq "Ab")") == "id=Ab");
    BOOST_TEST(plan(R"(displayName eq "Ab")") == "display_name=ab");
    BOOST_TEST(plan(R"(displayName eq "Ab")", group_type) == "display_name=ab");
    BOOST_TEST(plan(R"(emails[type eq "work"].value eq "A@x")") == "email=a@x ...");
    BOOST_TEST(plan(R"(emails.value eq "A@x")") == "email=a@x");
    BOOST_TEST(plan(R"(emails eq "A@x")") == "email=a@x");
    BOOST_TEST(plan(R"(emails[value eq "A@x"])") == "email=a@x");
    BOOST_TEST(plan(R"(active eq true)") == "active=true");
    BOOST_TEST(plan(R"(active ne "True")") == "active=false");
    BOOST_TEST(plan(R"(meta.lastModified ge "1970-01-01T00:00:01Z")") == "last_modified>=1000");
    BOOST_TEST(
        plan(
            R"(active eq true and (meta.created gt "1970-01-01T00:00:01Z" and meta.created le "1970-01-01T00:00:02Z"))") ==
        "active=true & created>1000 & created<=2000");
    BOOST_TEST(plan(R"(id eq "g" and members eq "u")", group_type) == "id=g & member=u");
    BOOST_TEST(plan(R"(id eq "g" and members.value eq "u")", group_type) == "id=g & member=u");
    BOOST_TEST(plan(R"(members[value eq "u"])", group_type) == "member=u");
    BOOST_TEST(plan(R"(groups.value eq "g")") == "group=g");
    BOOST_TEST(plan(R"(id eq "u" and manager eq "m")") == "id=u ...");
    BOOST_TEST(plan(R"(userName sw "AB")") == "user_name^ab");
}

BOOST_AUTO_TEST_CASE(alternatives_are_rows_and_one_without_index_makes_a_scan) {
    BOOST_TEST(plan(R"(userName eq "a" or emails.value eq "b")") == "user_name=a | email=b");
    BOOST_TEST(plan(R"(userName eq "a" and active eq true or id eq "i" and title pr)") ==
               "user_name=a & active=true | id=i ...");
    BOOST_TEST(plan(R"(userName eq "a" or title pr)") == " ...");
    BOOST_TEST(plan(R"(id pr or userName eq "a")") == " ...");
    BOOST_TEST(plan(R"(id pr)") == "");
    BOOST_TEST(plan(R"(id pr and userName eq "a")") == "user_name=a");
}

BOOST_AUTO_TEST_CASE(what_no_index_serves_is_left_to_the_test_of_each) {
    BOOST_TEST(plan(R"(userName co "a")") == " ...");
    BOOST_TEST(plan(R"(userName eq "a" and not (active eq true))") == "user_name=a ...");
    BOOST_TEST(plan(R"(userName eq "a" and (title eq "x" or title eq "y"))") == "user_name=a ...");
    BOOST_TEST(plan(R"(userName ne "a")") == " ...");
    BOOST_TEST(plan(R"(userName gt "a")") == " ...");
    BOOST_TEST(plan(R"(externalId eq null)") == " ...");
    BOOST_TEST(plan(R"(displayName eq "")") == " ...");
    BOOST_TEST(plan(R"(meta.created sw "2024")") == " ...");
    BOOST_TEST(plan(R"(meta.created eq "junk")") == " ...");
    BOOST_TEST(plan(R"(emails[type eq "work" or value eq "x"])") == " ...");
    BOOST_TEST(plan(R"(emails[type eq "work" and (value eq "x" or value eq "y")])") == " ...");
    BOOST_TEST(plan(R"(id eq "g" and members[value eq "u" and display co "x"])", group_type) ==
               "id=g & member=u ... members");
    BOOST_TEST(plan(R"(members.display co "x")", group_type) == " ... members");
    BOOST_TEST(plan(R"(groups.display eq "x")") == " ... members");
}

BOOST_AUTO_TEST_CASE(what_nothing_can_match_asks_nobody) {
    BOOST_TEST(plan(R"(shoeSize eq "1")") == "nothing");
    BOOST_TEST(plan(R"(shoe[size eq "1"])") == "nothing");
    BOOST_TEST(plan(R"(emails[size eq "1"])") == "nothing");
    BOOST_TEST(plan(R"(userName eq "a" and shoeSize pr)") == "nothing");
    BOOST_TEST(plan(R"(userName eq "a" or shoeSize pr)") == "user_name=a");
    BOOST_TEST(plan(R"(not (shoeSize pr))") == " ...");
    BOOST_TEST(plan(R"(shoeSize eq null)") == "");
    BOOST_TEST(plan(R"(id eq "a" and shoeSize eq null)") == "id=a");
}

BOOST_AUTO_TEST_CASE(no_filter_finds_everything) {
    auto const s = plan_search(filter());
    BOOST_TEST((s.any_of.empty() && s.exact && !s.nothing && !s.needs_members));
}

BOOST_AUTO_TEST_SUITE_END()
