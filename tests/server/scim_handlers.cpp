// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/scim_handlers.hpp"

#include "support/login_site.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace authmod;
using authmod_test::login_site;

namespace {

boost::json::object object_of(outgoing_reply const& reply) { return boost::json::parse(reply.body).as_object(); }

std::string text_of(boost::json::object const& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

/// A site with one SCIM client.
struct scim_site : login_site {
    scim_site() {
        module = add_module();
        auto const made =
            object_of(administrate("POST", "/api/scim-clients", R"({"name":"Okta","module":")" + module + R"("})"));
        id = text_of(made, "id");
        token = text_of(made, "token");
    }

    outgoing_reply send(std::string_view method, std::string_view target, std::string_view body = {},
                        std::vector<request_field> more = {}) {
        std::string const bearer = "Bearer " + token;
        more.push_back({"Authorization", bearer});
        if (!body.empty()) more.push_back({"Content-Type", "application/scim+json; charset=UTF-8"});
        return ask(scim, method, target, std::move(more), body);
    }

    std::string make_user(std::string const& name) {
        return text_of(object_of(send("POST", "/scim/v2/Users",
                                      R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":")" +
                                          name + R"("})")),
                       "id");
    }

    /// What the administrators' pages show.
    outgoing_reply last_requests(std::string_view client_id) {
        std::string const bearer = "Bearer " + std::string(admin_token);
        return ask(office, "GET", "/api/scim-clients/" + std::string(client_id) + "/requests",
                   {{"Authorization", bearer}});
    }

    std::string module, id, token;
    scim_requests seen;
    scim_handlers scim{engine, log, &seen};
    admin_handlers office{engine, log, secret(std::string(admin_token)), &seen};
};

} // namespace

BOOST_AUTO_TEST_SUITE(scim_handlers_)

BOOST_AUTO_TEST_CASE(nobody_without_a_token_learns_anything) {
    scim_site site;
    for (std::string_view wrong :
         {"", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "Bearer admin-token-of-the-test"})
        for (std::string_view path : {"/scim/v2/Users", "/scim/v2/none", "/scim/v2/ServiceProviderConfig"}) {
            auto const reply = site.ask(site.scim, "GET", path, {{"Authorization", wrong}});
            BOOST_TEST(reply.status == 401);
            BOOST_TEST(reply.header("WWW-Authenticate").starts_with("Bearer"));
            BOOST_TEST(reply.header("Content-Type") == scim::media_type);
            BOOST_TEST(text_of(object_of(reply), "status") == "401");
        }
}

BOOST_AUTO_TEST_CASE(errors_of_the_transport_are_scim_errors) {
    scim_site site;
    BOOST_TEST(site.send("GET", "/scim/v2/none").status == 404);
    auto const refused = site.send("PUT", "/scim/v2/Users", "{}");
    BOOST_TEST(refused.status == 405);
    BOOST_TEST(refused.header("Allow") == "GET, HEAD, POST");
    BOOST_TEST(text_of(object_of(refused), "status") == "405");
    std::string const bearer = "Bearer " + site.token;
    for (std::string_view type : {"", "text/plain", "application/scim+json; charset=latin1"})
        BOOST_TEST(
            site.ask(site.scim, "POST", "/scim/v2/Users", {{"Authorization", bearer}, {"Content-Type", type}}, "{}")
                .status == 415);
    auto const body = site.send("POST", "/scim/v2/Users", "{");
    BOOST_TEST(body.status == 400);
    BOOST_TEST(text_of(object_of(body), "scimType") == "invalidSyntax");
    BOOST_TEST(site.send("POST", "/scim/v2/Bulk", "{}").status == 501);
    BOOST_TEST(site.send("GET", "/scim/v2/Schemas?filter=id+pr").status == 403);
    BOOST_TEST(site.send("GET", "/scim/v2/Users?filter=userName+eq").status == 400);
    site.parts.data.down = true;
    auto const down = site.send("GET", "/scim/v2/Users");
    BOOST_TEST(down.status == 503);
    BOOST_TEST(!down.header("Retry-After").empty());
    BOOST_TEST(text_of(object_of(down), "status") == "503");
}

BOOST_AUTO_TEST_CASE(discovery_answers) {
    scim_site site;
    for (std::string_view path :
         {"/scim/v2/ServiceProviderConfig", "/scim/v2/ResourceTypes", "/scim/v2/ResourceTypes/User", "/scim/v2/Schemas",
          "/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"})
        BOOST_TEST(site.send("GET", path).status == 200);
    BOOST_TEST(site.send("GET", "/scim/v2/Schemas/urn:none").status == 404);
    BOOST_TEST(site.send("GET", "/scim/v2/Users/?filter=userName%20pr").status == 200);
    for (std::string_view path : {"/scim/v2/ServiceProviderConfig/", "/scim/v2/serviceConfiguration"})
        BOOST_TEST(object_of(site.send("GET", path)).contains("patch"));
    BOOST_TEST(object_of(site.send("GET", "/scim/v2/ResourceTypes/")).at("totalResults").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(a_user_is_made_read_changed_and_removed) {
    scim_site site;
    std::string_view const body = R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"Ada"})";
    auto const made = site.send("POST", "/scim/v2/Users", body);
    BOOST_TEST(made.status == 201);
    auto const id = text_of(object_of(made), "id");
    BOOST_TEST(made.header("Location") == "https://login.example/scim/v2/Users/" + id);
    BOOST_TEST(made.header("ETag") == "W/\"1\"");
    BOOST_TEST(site.send("POST", "/scim/v2/Users", body).status == 409);
    std::string const path = "/scim/v2/Users/" + id;
    BOOST_TEST(site.send("GET", path).status == 200);
    BOOST_TEST(site.send("GET", path, {}, {{"If-None-Match", "W/\"1\""}}).status == 304);
    std::string_view const off = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],)"
                                 R"("Operations":[{"op":"replace","value":{"active":false}}]})";
    BOOST_TEST(site.send("PATCH", path, off, {{"If-Match", "W/\"7\""}}).status == 412);
    auto const changed = site.send("PATCH", path, off, {{"If-Match", "W/\"1\""}});
    BOOST_TEST(changed.status == 200);
    BOOST_TEST(!object_of(changed).at("active").as_bool());
    auto const listed = object_of(site.send("GET", "/scim/v2/Users?filter=userName+eq+%22ada%22"));
    BOOST_TEST(listed.at("totalResults").as_int64() == 1);
    auto const searched = object_of(site.send("POST", "/scim/v2/.search",
                                              R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],)"
                                              R"("filter":"userName eq \"ada\""})"));
    BOOST_TEST(searched.at("totalResults").as_int64() == 1);
    BOOST_TEST(site.send("PUT", path, body).status == 200);
    BOOST_TEST(site.send("DELETE", path).status == 204);
    for (std::string_view method : {"GET", "DELETE"}) BOOST_TEST(site.send(method, path).status == 404);
    BOOST_TEST(site.send("PUT", path, body).status == 404);
}

BOOST_AUTO_TEST_CASE(a_group_is_made_filled_and_removed) {
    scim_site site;
    auto const ada = site.make_user("ada");
    auto const made =
        site.send("POST", "/scim/v2/Groups",
                  R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Writers"})");
    BOOST_TEST(made.status == 201);
    std::string const path = "/scim/v2/Groups/" + text_of(object_of(made), "id");
    std::string const add = R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],)"
                            R"("Operations":[{"op":"Add","path":"members","value":[{"value":")" +
                            ada + R"("}]}]})";
    BOOST_TEST(site.send("PATCH", path, add).status == 204);
    BOOST_TEST(object_of(site.send("GET", path)).at("members").as_array().size() == 1u);
    BOOST_TEST(!object_of(site.send("GET", path + "?excludedAttributes=members")).contains("members"));
    BOOST_TEST(object_of(site.send("PATCH", path + "?attributes=members", add)).contains("members"));
    BOOST_TEST(object_of(site.send("GET", "/scim/v2/Users/" + ada)).at("groups").as_array().size() == 1u);
    BOOST_TEST(site.send("DELETE", path).status == 204);
    BOOST_TEST(site.send("GET", path).status == 404);
}

BOOST_AUTO_TEST_CASE(tokens_are_shown_once_rotated_and_revoked) {
    scim_site site;
    auto const listed = site.administrate("GET", "/api/scim-clients?module=" + site.module);
    BOOST_TEST(object_of(listed).at("items").as_array().size() == 1u);
    BOOST_TEST(listed.body.find(site.token) == std::string::npos);
    BOOST_TEST(site.administrate("GET", "/api/audit").body.find(site.token) == std::string::npos);
    auto const rotate = [&](std::string_view how) {
        site.parts.time.advance(std::chrono::seconds(1)); // so that it is clear which one is the newest
        auto const reply = site.administrate("POST", "/api/scim-clients/" + site.id + "/rotate" + std::string(how));
        BOOST_TEST(reply.status == 200);
        return object_of(reply);
    };
    auto const works = [&](std::string const& token) {
        site.token = token;
        return site.send("GET", "/scim/v2/Users").status == 200;
    };
    auto const first = site.token;
    auto const second = rotate(""), third = rotate("");
    BOOST_TEST((!works(first) && works(text_of(second, "token")) && works(text_of(third, "token"))));
    auto const revoked = "/api/scim-clients/" + site.id + "/tokens/" + text_of(third, "token_id");
    BOOST_TEST(site.administrate("DELETE", revoked).status == 204);
    BOOST_TEST(site.administrate("DELETE", revoked).status == 404);
    BOOST_TEST((works(text_of(second, "token")) && !works(text_of(third, "token"))));
    auto const last = rotate("?end_others=true");
    BOOST_TEST((!works(text_of(second, "token")) && works(text_of(last, "token"))));
    BOOST_TEST(site.make_user("ada") != "");
    auto const item = object_of(site.administrate("GET", "/api/scim-clients")).at("items").at(0);
    BOOST_TEST(item.at("tokens").as_array().size() == 1u);
    BOOST_TEST((item.at("tokens").at(0).at("id") == last.at("token_id")));
    BOOST_TEST((item.at("users") == 1 && item.at("groups") == 0));
    for (std::string_view bad : {R"({"name":"x"})", R"({"name":"x","module":"none"})", R"({"name":1,"module":"m"})"})
        BOOST_TEST(site.administrate("POST", "/api/scim-clients", bad).status == 422);
    BOOST_TEST(
        site.administrate("POST", "/api/scim-clients", R"({"name":"Okta","module":")" + site.module + R"("})").status ==
        409);
    BOOST_TEST(site.administrate("DELETE", "/api/scim-clients/" + site.id).status == 204);
    BOOST_TEST(site.administrate("DELETE", "/api/scim-clients/" + site.id).status == 404);
    BOOST_TEST(site.administrate("POST", "/api/scim-clients/" + site.id + "/rotate").status == 404);
}

BOOST_AUTO_TEST_CASE(the_last_requests_of_a_client_are_shown_without_what_they_carried) {
    scim_site site;
    BOOST_TEST(object_of(site.last_requests(site.id)).at("items").as_array().empty());
    std::string const ann = site.make_user("canary-name");
    site.send("GET", "/scim/v2/Users?filter=userName+eq+%22canary-filter%22");
    site.send("POST", "/scim/v2/Users", R"({"schemas":["canary-body"]})");
    site.send("GET", "/scim/v2/Users/" + ann, {}, {{"X-Canary", "canary-header"}});
    site.send("GET", "/scim/v2/Users/%3Cb%3E%e2%80%ae");
    site.ask(site.scim, "GET", "/scim/v2/Groups", {{"Authorization", "Bearer canary-wrong"}}); // nobody's
    auto const reply = site.last_requests(site.id);
    BOOST_TEST(reply.body.find("canary") == std::string::npos);
    BOOST_TEST(reply.body.find(site.token) == std::string::npos);

    struct row {
        std::string_view method, path;
        int status;
        std::string_view error;
    };

    std::string const by_id = "/scim/v2/Users/" + ann;
    row const expected[] = {{"GET", "/scim/v2/Users/<b>\\xe2\\x80\\xae", 404, ""},
                            {"GET", by_id, 200, ""},
                            {"POST", "/scim/v2/Users", 400, "invalidSyntax"},
                            {"GET", "/scim/v2/Users", 200, ""},
                            {"POST", "/scim/v2/Users", 201, ""}};
    auto const items = object_of(reply).at("items").as_array();
    BOOST_REQUIRE(items.size() == std::size(expected));
    for (std::size_t i = 0; i != items.size(); ++i) {
        auto const& item = items[i].as_object();
        BOOST_TEST_CONTEXT(item) {
            BOOST_TEST(text_of(item, "method") == expected[i].method);
            BOOST_TEST(text_of(item, "path") == expected[i].path);
            BOOST_TEST(item.at("status").as_int64() == expected[i].status);
            BOOST_TEST(
                (expected[i].error.empty() ? item.at("error").is_null() : text_of(item, "error") == expected[i].error));
            BOOST_TEST(item.at("duration_ms").as_int64() >= 0);
            BOOST_TEST(text_of(item, "at").ends_with("Z"));
        }
    }
    BOOST_TEST(site.last_requests("none").status == 404);
    // Handlers that were given no list say that they have none.
    BOOST_TEST(site.administrate("GET", "/api/scim-clients/" + site.id + "/requests").status == 404);
}

BOOST_AUTO_TEST_CASE(the_requests_of_a_removed_client_are_forgotten) {
    scim_site site;
    site.send("GET", "/scim/v2/Users");
    BOOST_TEST(site.seen.of(site.id).size() == 1u);
    std::string const bearer = "Bearer " + std::string(login_site::admin_token);
    BOOST_TEST(site.ask(site.office, "DELETE", "/api/scim-clients/" + site.id, {{"Authorization", bearer}}).status ==
               204);
    BOOST_TEST(site.seen.of(site.id).empty());
    BOOST_TEST(site.last_requests(site.id).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
