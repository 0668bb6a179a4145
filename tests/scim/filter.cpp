#include "authmod/scim/filter.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>
#include <string_view>

using namespace authmod::scim;

namespace {

boost::json::value const person = boost::json::parse(R"({
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
  "id": "01AbC", "externalId": "Ext-1", "userName": "Bjensen@example.com", "displayName": "Babs Jensen", "title": "",
  "name": {"familyName": "Jensen", "givenName": "Barbara"}, "active": true,
  "emails": [{"value": "bjensen@Example.com", "type": "work", "primary": true}, {"value": "babs@home.example", "type": "home"}],
  "phoneNumbers": [{"value": "555-1", "type": "work"}],
  "groups": [{"value": "g1", "display": "Tour Guides"}],
  "meta": {"resourceType": "User", "created": "2024-01-02T03:04:05.006Z", "lastModified": "2024-02-02T03:04:05.006Z"},
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "manager": {"value": "m1"}}
})");

boost::json::value const team = boost::json::parse(R"({
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "id": "g1", "displayName": "Tour Guides",
  "members": [{"value": "u1", "display": "Babs"}, {"value": "u2"}]
})");

bool holds(std::string_view text, boost::json::value const& resource = person) {
    auto const f = filter::parse(text, &resource == &team ? group_type : user_type);
    if (!f) {
        BOOST_ERROR(text << ": " << f.error().detail << " at " << f.error().offset);
        return false;
    }
    return f->matches(resource.get_object());
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_filter)

BOOST_AUTO_TEST_CASE(the_filters_of_the_field_match) {
    constexpr std::string_view of_users[] = {
        R"(userName eq "bjensen@example.com")",
        R"(externalId eq "Ext-1")",
        R"(id eq "01AbC")",
        R"(displayName eq "babs jensen")",
        R"(emails[type eq "work"].value eq "bjensen@example.com")",
        R"(emails.value eq "babs@home.example")",
        R"(active eq true)",
        R"(active eq "True")",
        R"(meta.lastModified ge "2024-02-02T03:04:05.006Z")",
        R"(id eq "01AbC" and manager eq "m1")",
        R"(id eq "01AbC" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "m1")",
        R"(urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bjensen@example.com")",
        R"(URN:IETF:params:scim:schemas:core:2.0:user:USERNAME EQ "bjensen@example.com")",
        R"(urn:ietf:params:scim:schemas:core:2.0:User:name.familyName eq "Jensen")",
        R"(active eq true and (meta.lastModified ge "0001-01-03T00:00:00.0000000Z" and meta.lastModified le "2030-01-01T00:00:00Z"))",
        R"((ActiVe eq true) and meta.lastmodified ge "2021-09-23T19:35:41.8420572Z")",
        R"(DisplayName eq "BABS JENSEN")",
    };
    for (auto text : of_users) BOOST_TEST_CONTEXT(text) BOOST_TEST(holds(text));
    constexpr std::string_view of_groups[] = {
        R"(id eq "g1" and members eq "u2")",
        R"(id eq "g1" and members.value eq "u1")",
        R"(members[value eq "u2"])",
        R"(displayName eq "tour guides")",
        R"(urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "Tour Guides")",
    };
    for (auto text : of_groups) BOOST_TEST_CONTEXT(text) BOOST_TEST(holds(text, team));
    BOOST_TEST(!holds(R"(id eq "g1" and members eq "u3")", team));
}

BOOST_AUTO_TEST_CASE(each_operator_compares_as_the_rfc_says) {
    struct row {
        std::string_view text;
        bool matches;
    };

    constexpr row rows[] = {
        {R"(userName ne "x")", true},
        {R"(userName ne "BJENSEN@example.com")", false},
        {R"(userName co "JENSEN")", true},
        {R"(userName sw "bj")", true},
        {R"(userName sw "j")", false},
        {R"(userName ew ".COM")", true},
        {R"(userName gt "a")", true},
        {R"(userName lt "a")", false},
        {R"(userName ge "bjensen@example.com")", true},
        {R"(userName le "bjensen@example.com")", true},
        {R"(title pr)", true}, // an empty text is a value
        {R"(nickName pr)", false},
        {R"(emails pr)", true},
        {R"(name.middleName pr)", false},
        {R"(active ne false)", true},
        {R"(nickName eq null)", true},
        {R"(userName ne null)", true},
        {R"(nickName ne null)", false},
        {R"(nickName ne "x")", false}, // what has no value matches nothing
        {R"(meta.created gt "2024-01-02T04:04:05.005+01:00")", true},
        {R"(meta.created gt "2024-01-02T04:04:05.006+01:00")", false},
        {R"(meta.created lt "2024-01-02T03:04:05.007Z")", true},
        {R"(meta.created eq "2024-01-02T04:04:05.006+01:00")", true},
        {R"(meta.created sw "2024-01")", true},
        {R"(meta.created eq "yesterday")", false},
        {R"(userName eq true)", false},
        {R"(userName ne true)", true},
        {R"(urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq 701984)", true},
        {R"(active eq "perhaps")", false},
        {R"(schemas eq "urn:ietf:params:scim:schemas:core:2.0:user")", true},
        {R"(emails co "example.com")", true},
        {R"(emails.type eq "home")", true},
        {R"(emails.type ne "home")", true}, // some other value
        {R"(groups.display sw "tour")", true},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) BOOST_TEST(holds(r.text) == r.matches);
}

BOOST_AUTO_TEST_CASE(exact_attributes_tell_case_apart_and_others_do_not) {
    BOOST_TEST(!holds(R"(id eq "01abc")"));
    BOOST_TEST(!holds(R"(externalId eq "ext-1")"));
    BOOST_TEST(!holds(R"(externalId sw "ext")"));
    BOOST_TEST(holds(R"(emails.value eq "BJENSEN@EXAMPLE.COM")"));
    BOOST_TEST(holds(R"(name.familyName eq "JENSEN")"));
}

BOOST_AUTO_TEST_CASE(not_binds_tighter_than_and_and_that_tighter_than_or) {
    auto const f = [](std::string_view pattern) {
        constexpr std::string_view yes = "userName pr", no = "nickName pr";
        std::string text;
        for (char c : pattern) {
            if (c == 'Y')
                text += yes;
            else if (c == 'N')
                text += no;
            else if (c == '&')
                text += " and ";
            else if (c == '|')
                text += " OR ";
            else if (c == '!')
                text += "not ";
            else
                text += c;
        }
        return holds(text);
    };
    BOOST_TEST(f("Y|N&N"));
    BOOST_TEST(f("N&N|Y"));
    BOOST_TEST(!f("(Y|N)&N"));
    BOOST_TEST(f("!(N)&Y"));
    BOOST_TEST(!f("!(N|Y)"));
    BOOST_TEST(f("!(N)|N"));
    BOOST_TEST(!f("!(Y)&N|N"));
    BOOST_TEST(f("!(!(Y))"));
    BOOST_TEST(f("((Y)&(Y))"));
    BOOST_TEST(f("N|N|N|Y"));
    BOOST_TEST(!f("Y&Y&N&Y"));
    BOOST_TEST(holds("not(nickName pr)"));
}

BOOST_AUTO_TEST_CASE(brackets_mean_one_element) {
    BOOST_TEST(holds(R"(emails[type eq "work" and value co "@example.com"])"));
    BOOST_TEST(!holds(R"(emails[type eq "home" and value co "@example.com"])"));
    BOOST_TEST(holds(R"(emails.type eq "home" and emails.value co "@example.com")")); // two elements may do
    BOOST_TEST(!holds(R"(emails[type eq "home"].value eq "bjensen@example.com")"));
    BOOST_TEST(holds(R"(emails[not (type eq "work")].value sw "babs")"));
    BOOST_TEST(holds(R"(emails[primary eq true].value pr)"));
    BOOST_TEST(holds(R"(emails[primary eq "True"])"));
    BOOST_TEST(holds(R"(not (emails[type eq "other"]))"));
    BOOST_TEST(holds(R"(name[familyName eq "jensen"])"));
    BOOST_TEST(!holds(R"(emails[userName eq "bjensen@example.com"])")); // no part of an email
}

BOOST_AUTO_TEST_CASE(an_attribute_that_the_type_lacks_has_no_value) {
    for (auto text :
         {R"(members eq "u")", R"(shoeSize eq 43)", R"(shoeSize pr)", R"(name.shoe eq "x")", R"(shoe[size eq 1])",
          R"(urn:example:2.0:User:userName eq "bjensen@example.com")", R"(addresses eq "x")",
          R"(urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "Babs Jensen")"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!holds(text));
    BOOST_TEST(holds("shoeSize eq null"));
    BOOST_TEST(holds("not (shoeSize pr)"));
}

BOOST_AUTO_TEST_CASE(literals_are_json) {
    BOOST_TEST(!holds(R"(userName eq "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")"));
    auto const f = filter::parse(R"(externalId eq "\"\u00C9\ud83d\ude00")", user_type).value();
    BOOST_TEST(f.text_of(f.nodes()[0]) == "\"\xc3\x89\xf0\x9f\x98\x80");
    BOOST_TEST(holds(R"(name.familyName eq "\u004aensen")"));
}

BOOST_AUTO_TEST_CASE(pieces_of_texts_and_times_may_stand_without_quotes) {
    for (auto text : {"userName sw bjen", "userName co JENS and active eq true", "(userName ew example.com)",
                      "meta.created gt 2015-10-10T14:38:21.8617979-07:00", "meta.created eq 2024-01-02T03:04:05.006Z"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(filter::parse(text, user_type).has_value());
    BOOST_TEST(holds("name.familyName sw Jen"));
    BOOST_TEST(holds("meta.created gt 2015-10-10T14:38:21.8617979-07:00"));
    BOOST_TEST(!holds("meta.created lt 2015-10-10T14:38:21.8617979-07:00"));
    for (auto text : {"userName eq 2015-10-10T14:38:21Z", "userName gt b", "meta.created gt yesterday",
                      "userName sw null", "userName sw a b", "userName sw \"a", "userName sw a\"b", "active sw tru"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!filter::parse(text, user_type).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_filter_is_refused_with_its_byte) {
    struct row {
        std::string text;
        std::size_t offset;
    };

    std::string const deep = std::string(33, '(') + "userName pr" + std::string(33, ')');
    row const rows[] = {
        {"", 0},
        {" ", 1},
        {"userName", 8},
        {"userName ", 9},
        {"userName eq", 11},
        {"userName eq bjensen", 12}, // not quoted
        {"userName eq 'bjensen'", 12},
        {R"(userName eq "bjensen)", 12},
        {R"(userName eq "x" )"
         "trailing",
         16},
        {R"(userName eq "x"and active pr)", 15},
        {R"(userName is "x")", 9},
        {R"(userName eqq "x")", 9},
        {R"(userName eq "\x")", 13},
        {R"(userName eq "\ud800")", 13},
        {R"(userName eq "\u0000")", 13},
        {"userName eq \"a\nb\"", 14},
        {"userName eq \"\xff\"", 13},
        {R"((userName eq "x")", 0},
        {R"(userName eq "x"))", 15},
        {R"(emails[type eq "work")", 6},
        {R"(emails[type eq "work"].)", 23},
        {R"(emails[])", 7},
        {R"(emails[type[x eq 1]])", 11},
        {R"(emails.value[x eq 1])", 12},
        {R"(userName eq "x" and)", 16},
        {R"(and userName eq "x")", 4},
        {R"(not userName eq "x")", 4},
        {R"(userName.a.b eq "x")", 10},
        {R"(user/Name eq "x")", 4},
        {R"(1name eq "x")", 0},
        {R"(urn:x: eq "x")", 6},
        {R"(:x:name eq "x")", 0},
        {R"(active gt true)", 10},
        {R"(active le "true")", 10},
        {R"(active co "tr")", 10},
        {R"(userName gt null)", 12},
        {R"(userName sw true)", 12},
        {R"(x509Certificates.value gt "AA==")", 26},
        {R"(meta.created gt "yesterday")", 16},
        {R"(userName eq 01)", 12},
        {R"(userName eq 1.)", 12},
        {R"(userName eq nul)", 12},
        {deep, 32},
        {std::string("userName eq \"") + std::string(4083, 'x') + "\"", 4096},
        {"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr", 0},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) {
            auto const f = filter::parse(r.text, user_type);
            BOOST_TEST_REQUIRE(!f);
            BOOST_TEST((f.error().type == error_type::invalid_filter));
            BOOST_TEST(f.error().status == 400);
            BOOST_TEST(f.error().offset == r.offset);
        }
    BOOST_TEST(!!filter::parse(std::string(32, '(') + "userName pr" + std::string(32, ')'), user_type));
    BOOST_TEST(!!filter::parse(std::string("userName eq \"") + std::string(4082, 'x') + "\"", user_type));
}

BOOST_AUTO_TEST_CASE(a_long_row_of_alternatives_is_flat) {
    std::string text = "userName pr";
    while (text.size() < 4000) text += " or id pr";
    auto const f = filter::parse(text, user_type).value();
    BOOST_TEST(f.nodes()[0].size == f.nodes().size());
    BOOST_TEST(f.nodes().size() > 400u);
    BOOST_TEST(f.matches(person.get_object()));
}

BOOST_AUTO_TEST_CASE(a_path_names_an_attribute_a_part_and_elements) {
    auto const p = [](std::string_view text) { return path::parse(text, user_type).value(); };
    BOOST_TEST(p("userName").where.whole->name == "userName");
    BOOST_TEST(p("NAME.givenname").where.sub->name == "givenName");
    auto const work = p(R"(emails[type eq "work"].value)");
    BOOST_TEST(work.has_selector);
    BOOST_TEST(work.where.whole->name == "emails");
    BOOST_TEST(work.where.sub->name == "value");
    BOOST_TEST(work.selector.matches_element(person.at("emails").at(0)));
    BOOST_TEST(!work.selector.matches_element(person.at("emails").at(1)));
    BOOST_TEST(!p(R"(emails[type eq "work"])").where.sub);
    auto const department = p("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department");
    BOOST_TEST(department.where.in_extension);
    BOOST_TEST(department.where.whole->name == "department");
    BOOST_TEST(p("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager").where.whole->name == "manager");
    BOOST_TEST(p("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value").where.sub->name ==
               "value");
    BOOST_TEST(p("urn:ietf:params:scim:schemas:core:2.0:User:emails[primary eq true].value").has_selector);
    BOOST_TEST(p("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User").extension);
    BOOST_TEST(p("urn:example:tag").foreign);
    BOOST_TEST(!p("shoeSize").where.whole);
    BOOST_TEST(p("name.shoe").unknown_sub);
    BOOST_TEST(p(R"(emails[type eq "work"].shoe)").unknown_sub);
}

BOOST_AUTO_TEST_CASE(what_is_no_path_is_refused_with_its_byte) {
    struct row {
        std::string_view text;
        std::size_t offset;
    };

    constexpr row rows[] = {
        {"", 0},
        {"1", 0},
        {"emails[", 7},
        {"emails[]", 7},
        {"name.", 5},
        {"name..given", 5},
        {"name given", 4},
        {R"(emails[type eq "work"]x)", 22},
        {"a.b.c", 3},
        {"userName[", 8},
        {R"(emails[type eq work].value)", 15},
        {R"(emails[type eq "work"].)", 23},
        {" name", 0},
        {"name ", 4},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) {
            auto const p = path::parse(r.text, user_type);
            BOOST_TEST_REQUIRE(!p);
            BOOST_TEST((p.error().type == error_type::invalid_path));
            BOOST_TEST(p.error().offset == r.offset);
        }
}

BOOST_AUTO_TEST_SUITE_END()
