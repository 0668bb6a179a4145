// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/routes.hpp"

#include <boost/test/unit_test.hpp>

#include <span>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(routes)

static_assert(match_path("/login", "/login") == path_parts{});
static_assert(match_path("/login/{}", "/login/a") == path_parts{"a"});
static_assert(match_path("/modules/{}/image", "/modules/a/image") == path_parts{"a"});
static_assert(match_path("/groups/{}/members/{}", "/groups/a/members/b") == path_parts{"a", "b"});
static_assert(!match_path("/groups/{}/members/{}", "/groups/a/members/"));
static_assert(!match_path("/groups/{}/members/{}", "/groups/a/members"));
static_assert(!match_path("/groups/{}/members/{}", "/groups//members/b"));
static_assert(!match_path("/groups/{}/members/{}", "/groups/a/members/b/c"));
static_assert(!match_path("/groups/{}/members/{}", "/groups/a/b/members/c"));
static_assert(!match_path("/{}/{}/{}", "/a/b/c")); // a third hole has no place
static_assert(!match_path("/login", "/login/"));
static_assert(!match_path("/login/{}", "/login/"));
static_assert(!match_path("/login/{}", "/login/a/b"));
static_assert(!match_path("/modules/{}/image", "/modules//image"));
static_assert(!match_path("/modules/{}/image", "/modules/image"));
static_assert(!match_path("/modules/{}/image", "/modules/a/b/image"));

BOOST_AUTO_TEST_CASE(a_request_finds_its_route_or_what_is_allowed) {
    constexpr route<int> table[] = {{"GET", "/a", 1}, {"POST", "/a", 2}, {"GET", "/b/{}", 3, true}};
    std::span<route<int> const> const all = table;
    BOOST_TEST(find_route(all, "GET", "/a").match->run == 1);
    BOOST_TEST(find_route(all, "HEAD", "/a").match->run == 1);
    BOOST_TEST(find_route(all, "POST", "/a").match->run == 2);
    BOOST_TEST(find_route(all, "GET", "/b/x").parts[0] == "x");
    auto const refused = find_route(all, "PUT", "/a");
    BOOST_TEST(!refused.match);
    BOOST_TEST(refused.allowed == "GET, HEAD, POST");
    BOOST_TEST(find_route(all, "HEAD", "/b/x").allowed == "GET");
    BOOST_TEST(find_route(all, "GET", "/c").allowed == "");
}

BOOST_AUTO_TEST_CASE(classes_of_paths_are_few) {
    static_assert(route_class("/") == "home");
    static_assert(route_class("/login") == "login" && route_class("/login/m1") == "login");
    static_assert(route_class("/scim/v2/Users") == "scim");
    static_assert(route_class("/backchannel-logout/m1") == "backchannel-logout");
    for (std::string_view path : {"", "x", "/loginx", "/xlogin", "//login", "/Login", "/canary-path", "login"})
        BOOST_TEST(route_class(path) == "other", path);
}

BOOST_AUTO_TEST_SUITE_END()
