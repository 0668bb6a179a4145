// SPDX-License-Identifier: BSL-1.0
#include "authmod/protocol/end_session.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(end_session)

BOOST_AUTO_TEST_CASE(every_parameter_is_sent_encoded) {
    end_session_request request;
    request.end_session_endpoint = "https://op.example/logout";
    request.id_token_hint = secret("a.b-c_d.e");
    request.client_id = "client 1";
    request.post_logout_redirect_uri = "https://app.example/bye?a=1&b=2";
    request.state = "s/1";
    BOOST_TEST(request.to_url() ==
               "https://op.example/logout?id_token_hint=a.b-c_d.e&client_id=client%201&post_logout_redirect_uri="
               "https%3A%2F%2Fapp.example%2Fbye%3Fa%3D1%26b%3D2&state=s%2F1");
}

BOOST_AUTO_TEST_CASE(empty_members_are_not_sent) {
    end_session_request request;
    request.end_session_endpoint = "https://op.example/logout";
    BOOST_TEST(request.to_url() == "https://op.example/logout");
    request.client_id = "c";
    BOOST_TEST(request.to_url() == "https://op.example/logout?client_id=c");
}

BOOST_AUTO_TEST_CASE(a_query_of_the_endpoint_is_kept) {
    end_session_request request;
    request.client_id = "c";
    for (auto [endpoint, url] : {std::pair("https://op.example/x?p=1", "https://op.example/x?p=1&client_id=c"),
                                 std::pair("https://op.example/x?", "https://op.example/x?client_id=c"),
                                 std::pair("https://op.example/x?p=1&", "https://op.example/x?p=1&client_id=c")}) {
        request.end_session_endpoint = endpoint;
        BOOST_TEST(request.to_url() == url);
    }
}

BOOST_AUTO_TEST_SUITE_END()
