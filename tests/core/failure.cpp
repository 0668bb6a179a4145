// SPDX-License-Identifier: BSL-1.0
#include "authmod/core/failure.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(failure_)

failure refused_token() {
    diagnostics details("token");
    details.status = 400;
    details.quote("invalid_grant: used\r\nbefore");
    return {errc::code_refused, details};
}

std::string thrown_by(failure const& f) {
    try {
        (void)result<int, failure>(f).value();
    } catch (boost::system::system_error const& e) {
        BOOST_TEST((e.code() == f.code));
        return e.what();
    }
    return "nothing thrown";
}

BOOST_AUTO_TEST_CASE(the_message_is_the_sentence_with_its_details) {
    auto const sentence = make_error_code(errc::code_refused).message();
    BOOST_TEST(refused_token().message() ==
               sentence + " (step: token, HTTP status 400, the provider said: invalid_grant: used  before)");
    BOOST_TEST(failure(errc::code_refused).message() == sentence);
    failure f(errc::code_refused);
    f.details.field = "redirect_uri";
    BOOST_TEST(f.message() == sentence + " (field: redirect_uri)");
}

BOOST_AUTO_TEST_CASE(the_exception_says_the_sentence_once) {
    auto const sentence = make_error_code(errc::code_refused).message();
    auto const what = thrown_by(refused_token());
    auto const first = what.find(sentence);
    BOOST_TEST(first != what.npos, what);
    BOOST_TEST(what.find(sentence, first + 1) == what.npos, what);
    BOOST_TEST(what.find("step: token, HTTP status 400") != what.npos, what);
    auto const plain = thrown_by(failure(errc::timed_out));
    BOOST_TEST(plain.find(make_error_code(errc::timed_out).message()) == 0u, plain);
}

BOOST_AUTO_TEST_CASE(what_the_provider_said_is_cut_and_made_printable) {
    diagnostics d;
    d.quote(std::string(300, 'x'));
    BOOST_TEST(d.provider_said.size() == 256u);
    d.quote(std::string_view("a\0b\x1b[31m\x7f", 9));
    BOOST_TEST(d.provider_said == "a b [31m ");
    d.quote("");
    BOOST_TEST(d.provider_said == "");
}

BOOST_AUTO_TEST_CASE(what_the_provider_said_is_always_utf8) {
    diagnostics d;
    d.quote("\xff"
            "caf\xc3\xa9\xc3");
    BOOST_TEST(d.provider_said == "?caf\xc3\xa9?");
    for (std::size_t before = 250; before != 258; ++before) { // a code point across the border goes as a whole
        d.quote(std::string(before, 'x') + "\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
        BOOST_TEST(valid_utf8(d.provider_said));
        BOOST_TEST(d.provider_said.size() <= 256u);
        BOOST_TEST(d.provider_said.size() >= std::min<std::size_t>(before, 253));
        BOOST_TEST(d.provider_said.find('?') == std::string::npos);
    }
    d.quote(std::string(1000, '\x80'));
    BOOST_TEST(d.provider_said == std::string(256, '?'));
}

BOOST_AUTO_TEST_SUITE_END()
