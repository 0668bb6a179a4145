#include "authmod/scim/provisioning.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod::scim;
using authmod::account;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view base = R"("schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"Bob")";

json::object body(std::string_view members = {}) {
    auto const text = "{" + std::string(base) + (members.empty() ? "" : ",") + std::string(members) + "}";
    return read_resource(json::parse(text), user_type).value();
}

patch operations(std::string_view list, resource_type const& type = user_type) {
    return patch::parse(json::parse(R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[)" +
                                    std::string(list) + "]}"),
                        type)
        .value();
}

caller client(authmod::time_point now = authmod::time_point(1000s)) {
    caller c;
    c.client_id = "okta";
    c.module_id = "m1";
    c.address = "192.0.2.1";
    c.request_id = "r1";
    c.now = now;
    return c;
}

user_change create(json::object attributes) {
    user_change c;
    c.by = client();
    c.id = "u1";
    c.body = std::move(attributes);
    return c;
}

user_change change(change_kind what, authmod::time_point now = authmod::time_point(2000s)) {
    user_change c;
    c.what = what;
    c.by = client(now);
    c.id = "u1";
    return c;
}

user_change patch_with(std::string_view list) {
    auto c = change(change_kind::patch);
    c.operations = operations(list);
    return c;
}

/// A decision about what a first one left behind.
struct person {
    user stored;
    account who;

    explicit person(std::string_view members = {}) {
        auto const c = create(body(members));
        auto const d = decide_user(c, plan_user(c, nullptr).value(), {}).value();
        stored = d.result;
        who = d.who;
    }

    user_decision decide(user_change const& c, user_facts facts = {}) const {
        facts.who = who;
        return decide_user(c, plan_user(c, &stored).value(), facts).value();
    }
};

group_change group_with(change_kind what, std::string_view members) {
    group_change c;
    c.what = what;
    c.by = client(authmod::time_point(what == change_kind::create ? 1000s : 2000s));
    c.id = "g1";
    c.body =
        read_resource(json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Team")" +
                                  std::string(members) + "}"),
                      group_type)
            .value();
    c.members = take_members(c.body);
    return c;
}

group_change group_patch(std::string_view list) {
    group_change c;
    c.what = change_kind::patch;
    c.by = client(authmod::time_point(2000s));
    c.id = "g1";
    c.operations = operations(list, group_type);
    return c;
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_provisioning)

BOOST_AUTO_TEST_CASE(a_post_makes_a_user_and_its_account) {
    auto const c =
        create(body(R"("displayName":"Bob B","emails":[{"value":"h@x","type":"home"},{"value":"W@x","type":"work"}])"));
    auto const d = decide_user(c, plan_user(c, nullptr).value(), {}).value();
    BOOST_TEST(d.changed);
    BOOST_TEST(d.result.id == "u1");
    BOOST_TEST(d.result.client_id == "okta");
    BOOST_TEST(d.result.version == 1);
    BOOST_TEST(d.result.user_name == "bob");
    BOOST_TEST(d.result.active); // unless it says otherwise
    BOOST_TEST(attributes_of(d.result).at("active").as_bool());
    BOOST_TEST(d.who.id == "u1");
    BOOST_TEST(d.who.username == "Bob");
    BOOST_TEST(d.who.full_name == "Bob B");
    BOOST_TEST(d.who.email == "W@x");
    BOOST_TEST(!d.who.email_verified); // SCIM says nothing about that
    BOOST_TEST(d.who.created_by_module == "m1");
    BOOST_TEST(d.who.revision == 1);
    BOOST_TEST(d.account_changed);
    BOOST_TEST(!d.ends_sessions);
    BOOST_TEST_REQUIRE(d.audit.size() == 1u);
    BOOST_TEST(d.audit[0].event == "scim_user_created");
    BOOST_TEST(d.audit[0].author == "scim:okta");
    BOOST_TEST(d.audit[0].target == "u1");
    BOOST_TEST(d.audit[0].module_id == "m1");
    BOOST_TEST(d.audit[0].address == "192.0.2.1");
    BOOST_TEST(d.audit[0].new_value == "r1");
    BOOST_TEST(d.audit[0].field == "userName displayName emails active");
}

BOOST_AUTO_TEST_CASE(names_and_emails_of_accounts_come_from_the_best_there_is) {
    BOOST_TEST(person(R"("name":{"formatted":"F","givenName":"G"})").who.full_name == "F");
    BOOST_TEST(person(R"("name":{"givenName":"G","familyName":"H"})").who.full_name == "G H");
    BOOST_TEST(person(R"("name":{"familyName":"H"})").who.full_name == "H");
    BOOST_TEST(person().who.full_name == "Bob");
    BOOST_TEST(person().who.email == "");
    BOOST_TEST(person(R"("emails":[{"value":"a@x","type":"work"},{"value":"b@x","primary":true}])").who.email == "b@x");
    BOOST_TEST(person(R"("emails":[{"type":"work"},{"value":"b@x"}])").who.email == "b@x");
    BOOST_TEST(person(R"("emails":[{"value":")" + std::string(255, 'x') + "\"}]").who.email == "");
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_a_conflict_and_an_email_is_left_out) {
    auto const c = create(body(R"("emails":[{"value":"a@x"}])"));
    auto const plan = plan_user(c, nullptr).value();
    user_facts facts;
    facts.username_taken = true;
    auto const refused = decide_user(c, plan, facts).error();
    BOOST_TEST(refused.status == 409);
    BOOST_TEST((refused.type == error_type::uniqueness));
    facts = user_facts();
    facts.email_taken = true;
    auto const d = decide_user(c, plan, facts).value();
    BOOST_TEST(d.who.email == "");
    BOOST_TEST(attributes_of(d.result).contains("emails")); // the client gets back what it sent
    BOOST_TEST(d.audit[1].event == "email_withheld");
}

BOOST_AUTO_TEST_CASE(deactivation_ends_sessions_and_activation_does_not) {
    person const p;
    for (auto off :
         {R"({"op":"replace","value":{"active":false}})", R"({"op":"Replace","path":"active","value":"False"})"}) {
        auto const d = p.decide(patch_with(off));
        BOOST_TEST(d.ends_sessions);
        BOOST_TEST(!d.result.active);
        BOOST_TEST(d.result.version == 2);
        BOOST_TEST((d.result.updated_at == authmod::time_point(2000s)));
        BOOST_TEST((d.result.created_at == authmod::time_point(1000s)));
        BOOST_TEST(d.audit[0].event == "scim_user_deactivated");
        BOOST_TEST(d.audit[0].field == "active");
    }
    person const off(R"("active":false)");
    BOOST_TEST(!off.stored.active);
    BOOST_TEST(!off.decide(patch_with(R"({"op":"replace","path":"active","value":false})")).changed); // a repeat
    auto const on = off.decide(patch_with(R"({"op":"replace","path":"active","value":true})"));
    BOOST_TEST(on.result.active);
    BOOST_TEST(!on.ends_sessions);
    BOOST_TEST(on.audit[0].event == "scim_user_activated");
    BOOST_TEST(!off.decide(patch_with(R"({"op":"replace","path":"title","value":"x"})")).ends_sessions);
}

BOOST_AUTO_TEST_CASE(a_put_clears_what_it_leaves_out_but_active) {
    person const p(R"("active":false,"title":"t","emails":[{"value":"a@x"}])");
    auto c = change(change_kind::replace);
    c.body = body(R"("nickName":"n")");
    auto const d = p.decide(c);
    auto const now = attributes_of(d.result);
    BOOST_TEST(!now.contains("title"));
    BOOST_TEST(!now.contains("emails"));
    BOOST_TEST(now.at("nickName") == "n");
    BOOST_TEST(!d.result.active);
    BOOST_TEST(d.who.email == "");
    BOOST_TEST(d.audit[0].event == "scim_user_changed");
    BOOST_TEST(d.audit[0].field == "nickName title emails");
    c.body = body(R"("active":true)");
    BOOST_TEST(p.decide(c).result.active); // Okta uses PUT for everything
}

BOOST_AUTO_TEST_CASE(what_changes_nothing_leaves_no_trace) {
    person const p(R"("emails":[{"value":"a@x"}],"title":"t")");
    auto put = change(change_kind::replace);
    put.body = body(R"("title":"t","emails":[{"value":"a@x"}])");
    for (auto const& c : {put, patch_with(""), patch_with(R"({"op":"add","path":"emails","value":[{"value":"a@x"}]})"),
                          patch_with(R"({"op":"remove","path":"nickName"})")}) {
        auto const d = p.decide(c);
        BOOST_TEST(!d.changed);
        BOOST_TEST(d.audit.empty());
        BOOST_TEST((d.result == p.stored));
        BOOST_TEST((d.who == p.who));
    }
}

BOOST_AUTO_TEST_CASE(a_changed_email_is_not_verified_and_an_equal_one_stays_so) {
    person p(R"("emails":[{"value":"a@x"}])");
    p.who.email_verified = true;
    p.who.banned = true;
    auto const same = p.decide(patch_with(R"({"op":"replace","path":"title","value":"x"})"));
    BOOST_TEST(same.who.email_verified);
    BOOST_TEST(same.who.banned); // bans are an administrator's
    auto const other = p.decide(patch_with(R"({"op":"replace","path":"emails.value","value":"b@x"})"));
    BOOST_TEST(other.who.email == "b@x");
    BOOST_TEST(!other.who.email_verified);
    user_facts facts;
    facts.email_taken = true;
    auto const kept = p.decide(patch_with(R"({"op":"replace","path":"emails.value","value":"b@x"})"), facts);
    BOOST_TEST(kept.who.email == "a@x");
    BOOST_TEST(kept.who.email_verified);
}

BOOST_AUTO_TEST_CASE(what_a_login_gave_stays_until_the_client_changes_it) {
    person p;
    p.who.full_name = "From Login";
    p.who.email = "login@x";
    p.who.email_verified = true;
    auto const title = p.decide(patch_with(R"({"op":"replace","path":"title","value":"x"})"));
    BOOST_TEST(title.changed);
    BOOST_TEST(!title.account_changed);
    BOOST_TEST((title.who == p.who));
    auto const named = p.decide(patch_with(R"({"op":"replace","path":"displayName","value":"New"})"));
    BOOST_TEST(named.account_changed);
    BOOST_TEST(named.who.full_name == "New");
    BOOST_TEST(named.who.email == "login@x");
    BOOST_TEST(named.who.revision == p.who.revision + 1);
    BOOST_TEST((named.who.updated_at == authmod::time_point(2000s)));
    BOOST_TEST(named.who.username == "Bob");
    BOOST_TEST(p.decide(patch_with(R"({"op":"replace","path":"userName","value":"bobby"})")).who.username == "bobby");
}

BOOST_AUTO_TEST_CASE(what_is_gone_is_not_found_and_another_version_is_not_touched) {
    for (auto what : {change_kind::replace, change_kind::patch, change_kind::remove})
        BOOST_TEST(plan_user(change(what), nullptr).error().status == 404);
    person const p;
    auto c = change(change_kind::remove);
    c.if_match = "W/\"7\"";
    BOOST_TEST(plan_user(c, &p.stored).error().status == 412);
    c.if_match = "W/\"1\"";
    auto const d = p.decide(c);
    BOOST_TEST(d.ends_sessions);
    BOOST_TEST((d.what == change_kind::remove));
    BOOST_TEST(d.who.id == "u1");
    BOOST_TEST(d.audit[0].event == "scim_user_removed");
}

BOOST_AUTO_TEST_CASE(secrets_are_named_nowhere) {
    auto const c = create(body(R"("password":"canary","title":"value-not-in-audit")"));
    auto const d = decide_user(c, plan_user(c, nullptr).value(), {}).value();
    BOOST_TEST(d.result.resource.find("canary") == std::string::npos);
    for (auto const& row : d.audit)
        for (auto const* text : {&row.field, &row.old_value, &row.new_value})
            BOOST_TEST((text->find("canary") == std::string::npos && text->find("value-not") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(names_of_extension_attributes_are_told_too) {
    person const p(R"("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d","division":"e"})");
    auto const d = p.decide(patch_with(
        R"({"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"x"})"));
    BOOST_TEST(d.audit[0].field == "department");
    auto const gone =
        p.decide(patch_with(R"({"op":"remove","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"})"));
    BOOST_TEST(gone.audit[0].field == "department division");
}

BOOST_AUTO_TEST_CASE(a_group_is_made_with_its_members) {
    auto const c = group_with(change_kind::create,
                              R"(,"externalId":"e","members":[{"value":"u2"},{"value":"u1"},{"value":"u2"}])");
    auto const plan = plan_group(c, nullptr).value();
    auto const d = decide_group(c, plan, {}).value();
    BOOST_TEST(d.result.name == "Team");
    BOOST_TEST(d.result.display_name == "team");
    BOOST_TEST(d.result.external_id == "e");
    BOOST_TEST(d.result.version == 1);
    BOOST_TEST((d.members.add == std::vector<std::string>{"u1", "u2"}));
    BOOST_TEST(!d.members.replaces);
    BOOST_TEST(d.result.resource.find("members") == std::string::npos);
    BOOST_TEST(d.audit[0].event == "scim_group_created");
    BOOST_TEST(d.audit[0].field == "displayName externalId members");
    group_facts facts;
    facts.name_taken = true;
    BOOST_TEST(decide_group(c, plan, facts).error().status == 409);
    facts = group_facts();
    facts.unknown_member = true;
    BOOST_TEST((decide_group(c, plan, facts).error().type == error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(one_member_changes_without_the_others) {
    auto const made = plan_group(group_with(change_kind::create, ""), nullptr).value().result;
    auto const c = group_patch(
        R"({"op":"add","path":"members","value":[{"value":"u1"}]},{"op":"remove","path":"members[value eq \"u2\"]"})");
    auto const d = decide_group(c, plan_group(c, &made).value(), {}).value();
    BOOST_TEST(!d.attributes_changed);
    BOOST_TEST((d.members.add == std::vector<std::string>{"u1"}));
    BOOST_TEST((d.members.remove == std::vector<std::string>{"u2"}));
    BOOST_TEST(d.result.version == 2);
    BOOST_TEST(d.audit[0].field == "members");
    auto const rename = group_patch(R"({"op":"replace","value":{"id":"g1","displayName":"New"}})");
    auto const renamed = decide_group(rename, plan_group(rename, &made).value(), {}).value();
    BOOST_TEST(renamed.attributes_changed);
    BOOST_TEST(renamed.members.empty());
    BOOST_TEST(renamed.result.name == "New");
}

BOOST_AUTO_TEST_CASE(a_put_of_a_group_replaces_its_members) {
    auto const made = plan_group(group_with(change_kind::create, ""), nullptr).value().result;
    auto const plan = plan_group(group_with(change_kind::replace, ""), &made).value();
    BOOST_TEST(!plan.attributes_changed);
    BOOST_TEST((plan.members.replaces && plan.members.add.empty()));
    auto const some = plan_group(group_with(change_kind::replace, R"(,"members":[{"value":"u1"}])"), &made).value();
    BOOST_TEST((some.members.replaces && some.members.add.size() == 1u));
}

BOOST_AUTO_TEST_CASE(members_are_loaded_only_for_a_filter_that_needs_them) {
    auto const made = plan_group(group_with(change_kind::create, ""), nullptr).value().result;
    BOOST_TEST(!plan_group(group_patch(R"({"op":"remove","path":"members"})"), &made).value().needs_members);
    auto const c = group_patch(R"({"op":"remove","path":"members[display sw \"b\"]"})");
    BOOST_TEST(plan_group(c, &made).value().needs_members);
    std::vector<member> const present{{"u1", "Bob"}, {"u2", "Ann"}};
    auto const plan = plan_group(c, &made, &present).value();
    BOOST_TEST(!plan.needs_members);
    BOOST_TEST((plan.members.remove == std::vector<std::string>{"u1"}));
}

BOOST_AUTO_TEST_CASE(a_removed_group_needs_no_free_name) {
    auto const made = plan_group(group_with(change_kind::create, ""), nullptr).value().result;
    group_change c;
    c.what = change_kind::remove;
    c.by = client();
    c.id = "g1";
    auto const d = decide_group(c, plan_group(c, &made).value(), {}).value();
    BOOST_TEST((d.what == change_kind::remove));
    BOOST_TEST(d.audit[0].event == "scim_group_removed");
    BOOST_TEST(plan_group(c, nullptr).error().status == 404);
}

BOOST_AUTO_TEST_CASE(a_login_is_matched_by_id_or_a_proven_email_and_never_by_user_name) {
    using keys = std::vector<std::string>;
    authmod::user_profile p;
    p.user_id = "Id-1";
    p.username = "chosen";
    p.email = "Bob@X";
    BOOST_TEST((login_keys(column::user_name, p) == keys{"id-1"}));
    BOOST_TEST((login_keys(column::external_id, p) == keys{"Id-1"}));
    BOOST_TEST((login_keys(column::id, p) == keys{"Id-1"}));
    BOOST_TEST(login_keys(column::email, p).empty());
    p.email_verified = true;
    BOOST_TEST((login_keys(column::user_name, p) == keys{"id-1", "bob@x"}));
    BOOST_TEST((login_keys(column::email, p) == keys{"bob@x"}));
    BOOST_TEST((login_keys(column::external_id, p) == keys{"Id-1"}));
    BOOST_TEST((match_column("username") == column::user_name));
    BOOST_TEST((match_column("emails.value") == column::email));
    BOOST_TEST((match_column("externalId") == column::external_id));
    BOOST_TEST((match_column("id") == column::id));
    BOOST_TEST(!match_column("title"));
}

BOOST_AUTO_TEST_CASE(a_grant_names_its_client_and_no_other) {
    BOOST_TEST(is_grant_of(grant_of("c1"), "c1"));
    for (std::string_view other : {"scim:c12", "scim:", "c1", "login:c1", ""})
        BOOST_TEST(!is_grant_of(other, "c1"), other);
}

BOOST_AUTO_TEST_SUITE_END()
