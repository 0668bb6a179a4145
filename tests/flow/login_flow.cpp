// SPDX-License-Identifier: BSL-1.0
#include <authmod/flow/login_flow.hpp>

#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/provider/github.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

using namespace authmod;

namespace {

module_plan plan(std::string avatar_url = {}) {
    auto text = default_settings<bitbucket_cloud>();
    text.client_id = "key";
    text.avatar_url = std::move(avatar_url);
    return make_plan(info_of<bitbucket_cloud>(), text).value();
}

code_redemption redeem() {
    code_redemption with;
    with.client_secret = secret("sec");
    with.redirect_uri = "https://s.example/cb";
    with.code = secret("c-1");
    with.code_verifier = secret("ver");
    return with;
}

http_response json(int status, std::string body) { return http_response(status, std::move(body)); }

std::map<unsigned, http_response> good() {
    return {{login_flow::token, json(200, R"({"access_token":"at","token_type":"bearer"})")},
            {login_flow::profile, json(200, R"({"uuid":"{u}","username":"nferro"})")},
            {login_flow::emails,
             json(200, R"({"values":[{"email":"a@x.example","is_primary":true,"is_confirmed":true}]})")},
            {login_flow::groups, json(200, R"({"values":[{"workspace":{"slug":"w1"}}]})")},
            {login_flow::avatar, json(200, "\x89PNG\r\n\x1a\n...")}};
}

/// Answers every request of each batch, last one first when `backwards`; gives how the flow ended.
action play(login_flow& flow, std::map<unsigned, http_response> answers, bool backwards = false) {
    action next = flow.start();
    while (auto* out = std::get_if<send_requests>(&next)) {
        auto batch = std::move(out->requests);
        BOOST_REQUIRE(!batch.empty());
        if (backwards) std::ranges::reverse(batch);
        send_requests more;
        for (auto const& r : batch) {
            result<http_response> const answer = answers.at(r.number);
            next = flow.resume(r.number, answer);
            auto* asks = std::get_if<send_requests>(&next);
            if (!asks) return next;
            std::ranges::move(asks->requests, std::back_inserter(more.requests));
        }
        next = std::move(more);
    }
    return next;
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_flow_suite)

BOOST_AUTO_TEST_CASE(C1_the_code_goes_to_the_token_url_by_post_with_basic_authentication) {
    auto const with = plan();
    login_flow flow(with, redeem());
    auto const first = flow.start();
    auto const& request = std::get<send_requests>(first).requests.at(0).request;
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.url == bitbucket_cloud::endpoints.token_url);
    BOOST_TEST(request.single_use);
    BOOST_TEST(request.body.find("code=c-1") != std::string::npos);
    BOOST_TEST(request.body.find("code_verifier=ver") != std::string::npos);
    BOOST_TEST(request.body.find("sec") == std::string::npos);
    auto const header = std::ranges::find(request.headers, std::string("Authorization"), &http_header::name);
    BOOST_REQUIRE((header != request.headers.end()));
    BOOST_TEST(header->value == "Basic a2V5OnNlYw==");
}

BOOST_AUTO_TEST_CASE(profile_emails_and_groups_are_asked_at_the_same_time) {
    auto const with = plan();
    login_flow flow(with, redeem());
    auto const first = flow.start();
    (void)first;
    result<http_response> const token = good().at(login_flow::token);
    auto const second = flow.resume(login_flow::token, token);
    auto const& requests = std::get<send_requests>(second).requests;
    BOOST_TEST(requests.size() == 3u);
    for (auto const& r : requests) { // E2: the token in the header only, spelled Bearer
        BOOST_TEST(r.request.url.find("at") == r.request.url.find("atlassian"));
        BOOST_TEST(r.request.body.empty());
        auto const header = std::ranges::find(r.request.headers, std::string("Authorization"), &http_header::name);
        BOOST_REQUIRE((header != r.request.headers.end()));
        BOOST_TEST(header->value == "Bearer at");
    }
}

BOOST_AUTO_TEST_CASE(a_plan_without_documents_ends_and_does_not_wait_for_any) {
    auto text = default_settings<bitbucket_cloud>();
    text.client_id = "key";
    text.user_info_url = text.email_url = text.groups_url = "";
    auto const bare = make_plan(info_of<bitbucket_cloud>(), text).value();
    login_flow flow(bare, redeem());
    auto const end = play(flow, good());
    auto const* failed = std::get_if<fail>(&end);
    BOOST_REQUIRE(failed);
    BOOST_TEST((failed->why.code == errc::user_id_missing));
}

BOOST_AUTO_TEST_CASE(answers_may_come_in_any_order) {
    auto const with = plan();
    for (bool backwards : {false, true}) {
        login_flow flow(with, redeem());
        BOOST_TEST(std::holds_alternative<done>(play(flow, good(), backwards)));
        BOOST_TEST(flow.person().user_id.value() == "{u}");
        BOOST_TEST(flow.person().email.value() == "a@x.example");
        BOOST_TEST(flow.person().email_verified.value());
        BOOST_TEST((flow.person().groups.value() == std::vector<std::string>{"w1"}));
        BOOST_TEST(flow.groups_complete());
    }
}

BOOST_AUTO_TEST_CASE(J3_only_a_raster_image_becomes_the_avatar_and_nothing_else_ends_the_login) {
    auto const with = plan("https://api.bitbucket.org/avatar");
    login_flow flow(with, redeem());
    BOOST_TEST(std::holds_alternative<done>(play(flow, good())));
    BOOST_REQUIRE(flow.picture().has_value());
    BOOST_TEST(flow.picture()->media_type == "image/png");
    for (auto const& bad : {json(200, "<svg xmlns='http://www.w3.org/2000/svg'/>"), json(404, "no"), json(302, ""),
                            json(500, ""), json(200, "")}) {
        auto answers = good();
        answers[login_flow::avatar] = bad;
        login_flow other(with, redeem());
        BOOST_TEST(std::holds_alternative<done>(play(other, answers)));
        BOOST_TEST(!other.picture().has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_groups_list_that_fails_on_a_later_page_is_missing_and_one_that_is_cut_is_incomplete) {
    auto const with = plan();
    auto answers = good();
    answers[login_flow::groups] =
        json(200, R"({"values":[{"workspace":{"slug":"w1"}}],"next":"https://evil.example/x"})");
    login_flow cut(with, redeem());
    BOOST_TEST(std::holds_alternative<done>(play(cut, answers)));
    BOOST_TEST(cut.person().groups.has_value());
    BOOST_TEST(!cut.groups_complete());

    login_flow failed(with, redeem());
    auto next = failed.start();
    for (unsigned number : {0u, 1u, 2u}) {
        result<http_response> const answer = good().at(number);
        next = failed.resume(number, answer);
    }
    result<http_response> const page = json(
        200,
        R"({"values":[{"workspace":{"slug":"w1"}}],"next":"https://api.bitbucket.org/2.0/user/workspaces?page=2"})");
    next = failed.resume(login_flow::groups, page);
    BOOST_REQUIRE(std::holds_alternative<send_requests>(next));
    BOOST_TEST(std::get<send_requests>(next).requests.at(0).request.url ==
               "https://api.bitbucket.org/2.0/user/workspaces?page=2");
    result<http_response> const broken = errc::timed_out;
    next = failed.resume(login_flow::groups, broken);
    BOOST_TEST(std::holds_alternative<done>(next));
    BOOST_TEST(!failed.person().groups.has_value());
}

BOOST_AUTO_TEST_CASE(E7_the_primary_address_may_be_on_the_second_page) {
    auto const with = plan();
    login_flow flow(with, redeem());
    auto next = flow.start();
    for (unsigned number : {0u, 1u, 3u}) {
        result<http_response> const answer = good().at(number);
        next = flow.resume(number, answer);
    }
    result<http_response> const page = json(
        200,
        R"({"values":[{"email":"b@x.example","is_primary":false}],"next":"https://api.bitbucket.org/2.0/user/emails?page=2"})");
    next = flow.resume(login_flow::emails, page);
    BOOST_TEST(std::get<send_requests>(next).requests.at(0).request.url ==
               "https://api.bitbucket.org/2.0/user/emails?page=2");
    result<http_response> const last = good().at(login_flow::emails);
    next = flow.resume(login_flow::emails, last);
    BOOST_TEST(std::holds_alternative<done>(next));
    BOOST_TEST(flow.person().email.value() == "a@x.example");
}

BOOST_AUTO_TEST_CASE(the_step_that_failed_is_named) {
    struct row {
        unsigned number;
        http_response answer;
        errc code;
        std::string_view step;
    };

    row const rows[] = {
        {login_flow::token, json(400, R"({"error":"invalid_grant","error_description":"no"})"), errc::code_refused,
         "token"},
        {login_flow::token, json(400, R"({"error":"unauthorized_client"})"), errc::client_refused, "token"},
        {login_flow::token, json(200, "{}"), errc::token_malformed, "token"},
        {login_flow::profile, json(401, "{}"), errc::user_info_refused, "profile"},
        {login_flow::profile, json(200, R"({"uuid":"a","uuid":"b"})"), errc::profile_malformed, "profile"}, // C6
        {login_flow::profile, json(200, "{}"), errc::user_id_missing, "mapping"},
        {login_flow::profile, json(200, R"({"uuid":{}})"), errc::user_id_missing, "mapping"},
        {login_flow::profile, json(200, R"({"uuid":"u","type":"team"})"), errc::account_type_refused, "mapping"},
        {login_flow::emails, json(429, ""), errc::email_list_failed, "email"},
        {login_flow::emails, json(200, "<html>"), errc::response_malformed, "email"},
    };
    auto const with = plan();
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.answer.body << ' ' << r.step) {
            auto answers = good();
            answers[r.number] = r.answer;
            login_flow flow(with, redeem());
            auto const end = play(flow, answers);
            auto const* failed = std::get_if<fail>(&end);
            BOOST_REQUIRE(failed);
            BOOST_TEST(failed->why.code.message() == make_error_code(r.code).message());
            BOOST_TEST(failed->why.details.step == r.step);
        }
}

/// Plays from the access token on.
action play_token(login_flow& flow, std::map<unsigned, http_response> const& answers) {
    action next = flow.start_with_token(secret("at"));
    std::map<unsigned, http_response> left = answers;
    while (auto* out = std::get_if<send_requests>(&next)) {
        auto const batch = std::move(out->requests);
        BOOST_REQUIRE(!batch.empty());
        send_requests more;
        for (auto const& r : batch) {
            result<http_response> const answer = left.at(r.number);
            next = flow.resume(r.number, answer);
            auto* asks = std::get_if<send_requests>(&next);
            if (!asks) return next;
            std::ranges::move(asks->requests, std::back_inserter(more.requests));
        }
        next = std::move(more);
    }
    return next;
}

BOOST_AUTO_TEST_CASE(a_token_that_was_brought_goes_straight_to_the_profile) {
    auto const with = plan();
    login_flow flow(with, code_redemption());
    auto answers = good();
    answers.erase(login_flow::token); // asking for it would be an error of the test
    BOOST_TEST(std::holds_alternative<done>(play_token(flow, answers)));
    BOOST_TEST(flow.person().user_id.value() == "{u}");
}

module_plan limited_plan(std::string groups_url) {
    auto text = default_settings<bitbucket_cloud>();
    text.client_id = "key";
    text.groups_url = std::move(groups_url);
    text.allowed_workspaces = {"w1", "w2"};
    return make_plan(info_of<bitbucket_cloud>(), text).value();
}

BOOST_AUTO_TEST_CASE(members_of_an_allowed_workspace_come_in_by_the_list_of_groups) {
    std::string const url(bitbucket_cloud::endpoints.groups_url);
    auto const with = limited_plan(url);
    login_flow in(with, redeem());
    BOOST_TEST(std::holds_alternative<done>(play(in, good())));

    auto outside = good();
    outside[login_flow::groups] = json(200, R"({"values":[{"workspace":{"slug":"other"}}]})");
    login_flow out(with, redeem());
    auto const end = play(out, outside);
    BOOST_REQUIRE(std::holds_alternative<fail>(end));
    BOOST_TEST((std::get<fail>(end).why.code == errc::organization_refused));
    BOOST_TEST(std::get<fail>(end).why.details.field == "allowed_workspaces");

    // While there is a limit, a list that fails or is cut lets nobody in: nobody says that they belong.
    for (auto const& bad : {json(500, ""), json(403, "{}"), json(200, "<html>")}) {
        auto answers = good();
        answers[login_flow::groups] = bad;
        login_flow flow(with, redeem());
        auto const refused = play(flow, answers);
        BOOST_REQUIRE(std::holds_alternative<fail>(refused));
        BOOST_TEST(std::get<fail>(refused).why.details.step == "membership");
    }
}

BOOST_AUTO_TEST_CASE(without_a_list_of_groups_the_limit_asks_on_its_own_and_follows_its_pages) {
    auto const with = limited_plan("");
    auto answers = good();
    answers[login_flow::membership] = json(200, R"({"values":[{"workspace":{"slug":"w2"}}]})");
    login_flow flow(with, redeem());
    BOOST_TEST(std::holds_alternative<done>(play(flow, answers)));
    BOOST_TEST(!flow.person().groups.has_value()); // the limit's list is not the list of groups

    login_flow paged(with, redeem());
    auto next = paged.start();
    for (unsigned number : {login_flow::token, login_flow::profile, login_flow::emails}) {
        result<http_response> const answer = good().at(number);
        next = paged.resume(number, answer);
    }
    result<http_response> const first = json(
        200,
        R"({"values":[{"workspace":{"slug":"x"}}],"next":"https://api.bitbucket.org/2.0/user/workspaces?page=2"})");
    next = paged.resume(login_flow::membership, first);
    BOOST_REQUIRE(std::holds_alternative<send_requests>(next));
    result<http_response> const second = answers.at(login_flow::membership);
    next = paged.resume(login_flow::membership, second);
    BOOST_TEST(std::holds_alternative<done>(next));
}

BOOST_AUTO_TEST_CASE(organizations_on_a_second_page_that_only_a_header_names_count) {
    auto text = default_settings<github>();
    text.client_id = "key";
    text.email_url.clear();
    text.allowed_organizations = {"acme"};
    auto const with = make_plan(info_of<github>(), text).value();
    login_flow flow(with, redeem());
    auto next = flow.start();
    http_response first = json(200, R"([{"login":"other"}])");
    std::string const second = "https://api.github.com/user/orgs?per_page=100&page=2";
    first.headers.emplace_back("Link", "<" + second + ">; rel=\"next\", <" + second + ">; rel=\"last\"");
    for (auto const& [number, answer] :
         {std::pair(login_flow::token, json(200, R"({"access_token":"at","token_type":"bearer"})")),
          std::pair(login_flow::profile, json(200, R"({"id":7,"login":"nferro","type":"User"})")),
          std::pair(login_flow::groups, first)}) {
        result<http_response> const given = answer;
        next = flow.resume(number, given);
    }
    BOOST_REQUIRE(std::holds_alternative<send_requests>(next));
    BOOST_TEST(std::get<send_requests>(next).requests.at(0).request.url == second);
    result<http_response> const last = json(200, R"([{"login":"Acme"}])");
    BOOST_TEST(std::holds_alternative<done>(flow.resume(login_flow::groups, last)));
    BOOST_TEST((flow.person().groups.value() == std::vector<std::string>{"other", "Acme"}));
    BOOST_TEST(flow.groups_complete());
}

BOOST_AUTO_TEST_CASE(after_a_failure_the_rest_of_the_batch_is_judged_and_changes_nothing) {
    struct : flow_watcher {
        void judged(unsigned number, failure const* why) override {
            seen += std::to_string(number) + (why ? "-" : "+");
        }

        std::string seen;
    } watcher;

    auto const with = plan();
    login_flow flow(with, redeem());
    flow.watch(watcher);
    auto next = flow.start();
    for (unsigned number : {login_flow::token, login_flow::profile, login_flow::emails, login_flow::groups}) {
        result<http_response> const answer = number == login_flow::profile  ? json(500, "")
                                             : number == login_flow::groups ? json(404, "{}")
                                                                            : good().at(number);
        next = flow.resume(number, answer);
    }
    BOOST_TEST(watcher.seen == "0+1-2+3-");
    BOOST_REQUIRE(std::holds_alternative<fail>(next));
    BOOST_TEST((std::get<fail>(next).why.code == errc::provider_failed));
}

BOOST_AUTO_TEST_CASE(J3_the_picture_is_asked_for_as_a_picture_and_its_transport_failures_do_not_matter) {
    auto const with = plan("https://api.bitbucket.org/avatar");
    login_flow flow(with, redeem());
    auto next = flow.start();
    for (unsigned number : {login_flow::token, login_flow::profile, login_flow::emails, login_flow::groups}) {
        result<http_response> const answer = good().at(number);
        next = flow.resume(number, answer);
    }
    auto const& request = std::get<send_requests>(next).requests.at(0).request;
    BOOST_TEST(request.headers.at(0).value.find("image/svg") == std::string::npos);
    BOOST_TEST(request.headers.at(0).value.find("image/png") != std::string::npos);
    BOOST_TEST(request.max_body == max_image_bytes);
    result<http_response> const late = errc::timed_out;
    next = flow.resume(login_flow::avatar, late);
    BOOST_TEST(std::holds_alternative<done>(next));
    BOOST_TEST(!flow.picture().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
