#include "authmod/scim/list.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace authmod::scim;
namespace json = boost::json;

namespace {

using parameters = std::vector<std::pair<std::string, std::string>>;

authmod::result<list_request, error> ask(parameters const& p) { return list_request::parse(p, user_type); }

} // namespace

BOOST_AUTO_TEST_SUITE(scim_list)

BOOST_AUTO_TEST_CASE(pages_are_kept_within_their_bounds) {
    auto const plain = ask({}).value();
    BOOST_TEST(plain.start_index == 1);
    BOOST_TEST(plain.count == 100);
    BOOST_TEST(plain.where.nodes().empty());
    BOOST_TEST(plain.shown.shows_all());

    struct row {
        std::string_view text;
        long long start, count;
    };

    constexpr row rows[] = {{"0", 1, 0},
                            {"-7", 1, 0},
                            {"1", 1, 1},
                            {"200", 200, 200},
                            {"201", 201, 200},
                            {"007", 7, 7},
                            {"-99999999999999999999", 1, 0}};
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.text) {
            auto const q = ask({{"startIndex", std::string(r.text)}, {"count", std::string(r.text)}}).value();
            BOOST_TEST(q.start_index == r.start);
            BOOST_TEST(q.count == r.count);
        }
    auto const huge = ask({{"startindex", "99999999999999999999"}, {"COUNT", "99999999999999999999"}}).value();
    BOOST_TEST(huge.start_index == std::numeric_limits<long long>::max());
    BOOST_TEST(huge.count == 200);
    for (auto text : {"", "x", "1x", "1.5", " 1", "-"}) BOOST_TEST_CONTEXT(text) {
            BOOST_TEST((ask({{"startIndex", text}}).error().type == error_type::invalid_value));
            BOOST_TEST((ask({{"count", text}}).error().type == error_type::invalid_value));
        }
}

BOOST_AUTO_TEST_CASE(filter_order_and_projection_are_read_in_one_go) {
    auto const q = ask({{"filter", "active eq true"},
                        {"sortBy", "NAME.familyName"},
                        {"sortOrder", "Descending"},
                        {"excludedAttributes", "emails"},
                        {"unknown", "x"}})
                       .value();
    BOOST_TEST(q.where.nodes().size() == 1u);
    BOOST_TEST(q.order.sub->name == "familyName");
    BOOST_TEST(q.descending);
    BOOST_TEST(!q.shown.shows("emails"));
    BOOST_TEST(ask({{"sortBy", "emails"}}).value().order.sub->name == "value");
    BOOST_TEST(!ask({{"sortBy", "shoeSize"}}).value().order.whole);
    BOOST_TEST(!ask({{"sortBy", "name.shoe"}}).value().order.whole);
    BOOST_TEST((ask({{"sortBy", "a b"}}).error().type == error_type::invalid_path));
    BOOST_TEST((ask({{"sortOrder", "up"}}).error().type == error_type::invalid_value));
    BOOST_TEST((ask({{"filter", ""}}).error().type == error_type::invalid_filter));
    BOOST_TEST((ask({{"attributes", "a"}, {"excludedAttributes", "b"}}).error().type == error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(a_search_body_asks_the_same) {
    auto const ask_body = [](std::string_view text) { return list_request::parse(json::parse(text), user_type); };
    auto const q = ask_body(R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "attributes":["displayName","userName"],"filter":"displayName sw \"smith\"","startIndex":2,"count":10,"sortBy":null})")
                       .value();
    BOOST_TEST(q.start_index == 2);
    BOOST_TEST(q.count == 10);
    BOOST_TEST(q.where.nodes().size() == 1u);
    BOOST_TEST(q.shown.shows("userName"));
    BOOST_TEST(!q.shown.shows("emails"));
    BOOST_TEST((ask_body("[]").error().type == error_type::invalid_syntax));
    BOOST_TEST((ask_body("{}").error().type == error_type::invalid_syntax));
    for (auto text : {R"("count":true)", R"("attributes":[1])", R"("filter":{})", R"("count":1.5)"})
        BOOST_TEST_CONTEXT(text)
    BOOST_TEST(
        (ask_body(R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],)" + std::string(text) + "}")
             .error()
             .type == error_type::invalid_value));
}

BOOST_AUTO_TEST_CASE(sorting_takes_the_primary_value_and_puts_those_without_last) {
    auto const order = [](std::string by) { return ask({{"sortBy", std::move(by)}}).value().order; };
    auto const u =
        json::parse(
            R"({"userName":"Bob","externalId":"X","active":true,"emails":[{"value":"a"},{"value":"B","primary":true}],
        "phoneNumbers":[{"value":"1"},{"value":"2"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"D"}})")
            .as_object();
    BOOST_TEST(sort_key(u, order("userName")) == "bob");
    BOOST_TEST(sort_key(u, order("externalId")) == "X");
    BOOST_TEST(sort_key(u, order("emails")) == "b");
    BOOST_TEST(sort_key(u, order("phoneNumbers.value")) == "1");
    BOOST_TEST(sort_key(u, order("active")) == "true");
    BOOST_TEST(sort_key(u, order("department")) == "d");
    BOOST_TEST(sort_key(u, order("title")) == "");
    BOOST_TEST(sort_key(u, order("name.familyName")) == "");
    BOOST_TEST(sort_key(u, order("shoe")) == "");
    BOOST_TEST(sort_key(json::object(), order("department")) == "");
    for (bool descending : {false, true}) {
        std::vector<std::string_view> keys{"", "b", "a", "c", ""};
        std::ranges::sort(keys, [&](auto a, auto b) { return sorts_before(a, b, descending); });
        std::vector<std::string_view> const up{"a", "b", "c", "", ""}, down{"", "", "c", "b", "a"};
        BOOST_TEST((keys == (descending ? down : up)));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_counts_what_it_holds) {
    BOOST_TEST(
        list_response(0, 1, {}) ==
        R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]})");
    std::vector<std::string> const two{R"({"id":"a"})", R"({"id":"b"})"};
    BOOST_TEST(
        list_response(7, 3, two) ==
        R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":7,"startIndex":3,"itemsPerPage":2,"Resources":[{"id":"a"},{"id":"b"}]})");
}

BOOST_AUTO_TEST_SUITE_END()
