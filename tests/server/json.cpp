// SPDX-License-Identifier: BSL-1.0
#include "authmod/server/json.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(objects_without_repeated_names_are_taken) {
    for (std::string_view text : {"{}", R"({"a":1})", R"( {"a":{"a":[{"a":":\":"}]},":":"\\"} )", R"({"a\"":1,"a":2})"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(parse_object(text).has_value());
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
    for (std::string_view text :
         {"", "[]", "1", "null", "{", R"({"a":1}x)", R"({"a":1,"a":2})", R"({"a":{"b":1,"b":1}})", R"([{"a":1}])",
          R"({"a":[{"x":1},{"y":1,"\u0079":2}]})", "{\"a\":\"\xff\"}", "{a:1}", "{'a':1}", "{\"a\":1,}"})
        BOOST_TEST_CONTEXT(text) BOOST_TEST(!parse_object(text));
    std::string deep = "{\"a\":";
    for (int i = 0; i != 40; ++i) deep += '[';
    BOOST_TEST(!parse_object(deep + std::string(40, ']') + "}"));
    BOOST_TEST(!parse_object("{\"a\":\"" + std::string(512 * 1024, 'x') + "\"}"));
}

BOOST_AUTO_TEST_CASE(errors_have_one_form) {
    auto const reply = error_reply(422, json_error{"empty_segment", "email", 7, "an <empty> segment"});
    BOOST_TEST(reply.status == 422);
    BOOST_TEST(reply.header("Content-Type") == "application/json");
    BOOST_TEST(reply.body ==
               R"({"error":{"code":"empty_segment","field":"email","offset":7,"message":"an <empty> segment"}})");
    auto const down = error_reply(503, errc::store_unavailable);
    BOOST_TEST(down.header("Retry-After") == "5");
    BOOST_TEST(
        down.body ==
        R"({"error":{"code":"store_unavailable","field":null,"offset":null,"message":"the store does not answer"}})");
    auto const foreign = error_reply(500, make_error_code(boost::system::errc::io_error));
    BOOST_TEST(foreign.body.find("\"internal\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_flat_object_is_written_as_a_tree_would_be) {
    std::string every;
    for (int c = 0; c != 0x80; ++c) every += static_cast<char>(c);
    every += "\xc3\xa4\xf0\x9f\x98\x80";
    std::vector<std::string> const groups{"a", "b\"c\\", every};
    boost::json::object tree;
    flat_json flat;
    flat.add("text", every);
    tree["text"] = every;
    flat.add("empty", "");
    tree["empty"] = "";
    flat.add_nullable("nothing", "");
    tree["nothing"] = nullptr;
    flat.add_nullable("something", "x");
    tree["something"] = "x";
    flat.add_bool("yes", true);
    tree["yes"] = true;
    flat.add_bool("no", false);
    tree["no"] = false;
    flat.add_list("groups", groups);
    tree["groups"] = boost::json::array(groups.begin(), groups.end());
    flat.add_list("none", {});
    tree["none"] = boost::json::array();
    std::string const text = std::move(flat).take();
    BOOST_TEST((boost::json::parse(text) == boost::json::value(tree)));
    BOOST_TEST(text.starts_with("{\"text\":\"\\u0000\\u0001"));
    BOOST_TEST(flat_json().take() == "{}");
}

BOOST_AUTO_TEST_CASE(no_text_is_null) {
    BOOST_TEST(nullable("").is_null());
    BOOST_TEST(nullable("x").get_string() == "x");
}

BOOST_AUTO_TEST_SUITE_END()
