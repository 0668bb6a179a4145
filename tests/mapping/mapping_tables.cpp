// SPDX-License-Identifier: BSL-1.0
#include "authmod/mapping/mapping_tables.hpp"

#include "authmod/mapping/profile_reader.hpp"
#include "authmod/mapping/static_path.hpp"
#include "support/mapping_texts.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

using namespace authmod;
using namespace authmod::literals;
using namespace authmod_test;

BOOST_AUTO_TEST_SUITE(mapping_tables)

constexpr custom_path custom_literals[] = {{"job", "job/title ?: \"job title\""_path}, {"site", "site"_path}};
constexpr mapping_paths literals{.user_id = "uuid"_path,
                                 .username = "username ?: nickname"_path,
                                 .full_name = "display_name ?: names/0 ?: names/1"_path,
                                 .email = "values[is_primary]/email ?: \"e\\u006dail\""_path,
                                 .email_verified = "values[is_primary]/is_confirmed"_path,
                                 .avatar = "links/*[rel=avatar]/href"_path,
                                 .groups = "values/*/workspace/slug"_path,
                                 .account_type = "type"_path,
                                 .custom_attributes = custom_literals,
                                 .image_url_pattern = "https://img.example/<picture-id>"};

mapping_texts same_texts() {
    return {.user_id = "uuid",
            .username = "username ?: nickname",
            .full_name = "display_name ?: names/0 ?: names/1",
            .email = R"(values[is_primary]/email ?: "e\u006dail")",
            .email_verified = "values[is_primary]/is_confirmed",
            .avatar = "links/*[rel=avatar]/href",
            .groups = "values/*/workspace/slug",
            .account_type = "type",
            .custom_attributes = {{"job", "job/title ?: \"job title\""}, {"site", "site"}},
            .image_url_pattern = "https://img.example/<picture-id>"};
}

bool same(mapping_view a, mapping_view b, std::size_t nodes) {
    auto const text = [](mapping_view v, detail::table_text t) { return v.text(t); };
    if (a.image_url_pattern() != b.image_url_pattern() || a.custom_attributes() != b.custom_attributes()) return false;
    for (std::size_t i = 0; i != a.custom_attributes(); ++i)
        if (a.custom_name(i) != b.custom_name(i)) return false;
    for (std::size_t i = 0; i != nodes; ++i) {
        auto const &x = a.node(i), &y = b.node(i);
        if (x.any != y.any || x.flags != y.flags || x.first_selector != y.first_selector ||
            x.first_index != y.first_index || x.first_accept != y.first_accept)
            return false;
        for (auto k = x.first_accept; k != 0; k = a.accept(k).next)
            if (a.accept(k).field != b.accept(k).field || a.accept(k).rank != b.accept(k).rank ||
                a.accept(k).next != b.accept(k).next)
                return false;
        for (auto k = x.first_selector; k != 0; k = a.selector(k).next)
            if (text(a, a.selector(k).name) != text(b, b.selector(k).name) ||
                text(a, a.selector(k).value) != text(b, b.selector(k).value) ||
                a.selector(k).child != b.selector(k).child || a.selector(k).next != b.selector(k).next)
                return false;
        for (auto k = x.first_index; k != 0; k = a.index(k).next)
            if (a.index(k).index != b.index(k).index || a.index(k).child != b.index(k).child ||
                a.index(k).next != b.index(k).next)
                return false;
    }
    return true;
}

std::string read(mapping_view view, std::string_view profile) {
    profile_reader reader(view);
    BOOST_TEST(reader.read(document_kind::profile, profile).has_value());
    return show(reader.finish().value());
}

constexpr std::string_view person =
    R"({"uuid":"{1}","nickname":"ann","names":[null,"Ann Lee"],"links":{"self":{"rel":"self","href":"https://a"},)"
    R"("pic":{"href":"x/1","rel":"avatar"}},"job title":7,"email":"ann@example.com","type":"user"})";

BOOST_AUTO_TEST_CASE(the_compiler_builds_what_the_running_program_builds) {
    parsed_texts const texts(same_texts());
    mapping_plan const plan(texts.view());
    auto const nodes = detail::measure(literals).nodes;
    BOOST_TEST(nodes == detail::measure(texts.view()).nodes);
    BOOST_TEST(same(static_mapping_plan<literals>::view(), plan.view(), nodes));
    BOOST_TEST(read(static_mapping_plan<literals>::view(), person) == read(plan.view(), person));
    BOOST_TEST(read(plan.view(), person) == "user_id={1}\nusername=ann\nfull_name=Ann Lee\nemail=ann@example.com\n"
                                            "avatar=https://img.example/x/1\naccount_type=user\njob:=7\n");
}

BOOST_AUTO_TEST_CASE(the_comparison_can_fail) {
    auto other = same_texts();
    other.email = R"(values[is_primary]/email ?: "e\u006Dail2")";
    other.groups = "values/*/workspace/uuid ?: slug";
    parsed_texts const texts(other);
    mapping_plan const plan(texts.view());
    BOOST_TEST(!same(static_mapping_plan<literals>::view(), plan.view(), detail::measure(literals).nodes));
}

BOOST_AUTO_TEST_CASE(a_plan_outlives_its_paths_and_copies_are_independent) {
    auto texts = std::make_unique<parsed_texts>(same_texts());
    auto first = std::make_unique<mapping_plan>(texts->view());
    texts.reset();
    auto const expected = read(first->view(), person);
    mapping_plan copy(*first);
    mapping_plan moved(std::move(*first));
    first.reset();
    BOOST_TEST(read(copy.view(), person) == expected);
    BOOST_TEST(read(moved.view(), person) == expected);
    copy = mapping_plan(mapping_paths{});
    BOOST_TEST(read(copy.view(), person) == "");
    BOOST_TEST(read(moved.view(), person) == expected);
}

BOOST_AUTO_TEST_CASE(shared_prefixes_share_nodes) {
    mapping_texts texts;
    texts.username = "a/b/c";
    texts.full_name = "a/b/d";
    texts.custom_attributes = {{"x", "a/b/c"}};
    parsed_texts const parsed(texts);
    mapping_plan const plan(parsed.view());
    auto const find = [&](std::uint16_t node, std::string_view name) {
        auto const* slot = plan.view().find(node, name, detail::node_key(node) + detail::hash_name(name));
        return slot ? slot->by_name : std::uint16_t{0};
    };
    auto const b = find(find(0, "a"), "b");
    BOOST_TEST(b != 0);
    BOOST_TEST(find(b, "c") != find(b, "d"));
    BOOST_TEST(find(b, "e") == 0);
    auto const first = plan.view().node(find(b, "c")).first_accept;
    BOOST_TEST(plan.view().accept(first).next != 0); // username and x
}

BOOST_AUTO_TEST_CASE(the_largest_mapping_fits) {
    mapping_texts texts;
    std::string alternative = "m";
    for (int i = 0; i != 31; ++i) alternative += "/m";
    std::string longest = alternative; // 16 alternatives of 32 segments are 16 * 63 + 15 * 2 bytes
    for (int i = 0; i != 14; ++i) longest += "?:" + alternative;
    longest += "?:*[a]/[b=c]/0/[d]";
    auto const different = [&](std::size_t n) {
        auto text = longest;
        text[0] = static_cast<char>('!' + n % 14 + (n % 14 > 0 ? 14 : 0)); // no character with a meaning
        text[2] = static_cast<char>('a' + n / 14);
        return text;
    };
    for (std::size_t i = 0; i != max_custom_attributes + 3; ++i)
        texts.custom_attributes.emplace_back("c" + std::to_string(i), different(i));
    texts.full_name = longest;
    parsed_texts const parsed(texts);
    mapping_plan const plan(parsed.view());
    BOOST_TEST(plan.view().custom_attributes() == max_custom_attributes);
    BOOST_TEST(read(plan.view(), R"({"x":{"a":true,"b":"c","0":{"d":true}}})") == "");
    BOOST_TEST(read(plan.view(), R"([{"a":true,"b":"c","0":{"d":true}}])") == "");
}

BOOST_AUTO_TEST_CASE(indexes_that_no_array_reaches_are_kept_apart_from_small_ones) {
    mapping_texts texts;
    texts.full_name = "a/4294967296 ?: a/18446744073709551617 ?: a/100000000000000000000000000";
    parsed_texts const parsed(texts);
    mapping_plan const plan(parsed.view());
    BOOST_TEST(read(plan.view(), R"({"a":["zero","one"]})") == "");
    BOOST_TEST(read(plan.view(), R"({"a":{"4294967296":"member"}})") == "full_name=member\n");
}

BOOST_AUTO_TEST_SUITE_END()
