// Judges the answers of an OpenID provider in one login, one JSON text per line, so that verdicts.test.mjs can ask
// another client about the same: {"issuer", "client_id", "state", "nonce", "now", "query", "discovery", "token",
// "keys", "person"} gives {"verdict"}: "ok", or the word of the refusal and the field at fault. An answer is {"status",
// "body"}.
#include "authmod/flow/check_callback.hpp"
#include "authmod/flow/complete_plan.hpp"
#include "authmod/flow/login_flow.hpp"
#include "authmod/protocol/authorization_response.hpp"
#include "authmod/provider/oidc.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

namespace json = boost::json;
using namespace authmod;

std::string text_of(json::object const& from, std::string_view name) { return std::string(from.at(name).as_string()); }

http_response answer_of(json::object const& question, std::string_view name) {
    auto const& answer = question.at(name).as_object();
    return http_response(static_cast<int>(answer.at("status").as_int64()), text_of(answer, "body"));
}

result<std::shared_ptr<key_set const>, failure> keys_of(json::object const& question) {
    auto const answer = answer_of(question, "keys");
    if (auto good = judge_metadata_answer(answer, errc::keys_malformed, "keys"); !good) return good.error();
    auto keys = key_set::parse(answer.body);
    if (!keys) return failure(keys.error());
    return std::shared_ptr<key_set const>(std::make_shared<key_set const>(std::move(*keys)));
}

/// The way of a login: metadata, the browser's answer, tokens, keys, user info.
result<void, failure> judge(json::object const& question) {
    settings text = default_settings<oidc>();
    text.client_id = text_of(question, "client_id");
    text.issuer = text_of(question, "issuer");
    auto plan = make_plan(info_of<oidc>(), text).value();
    auto const metadata = answer_of(question, "discovery");
    if (auto good = judge_metadata_answer(metadata, errc::discovery_malformed, "discovery"); !good) return good.error();
    auto const said = parse_discovery(metadata.body, text.issuer);
    if (!said) return said.error();
    if (auto good = complete_plan(plan, *said); !good) return good.error();

    time_point const now = from_milliseconds(question.at("now").as_int64());
    login_attempt attempt;
    attempt.state = text_of(question, "state");
    attempt.expires_at = now + attempt_lifetime;
    auto response = read_authorization_response(text_of(question, "query"));
    if (!response) return failure(response.error());
    std::vector<login_attempt> const held{attempt};
    if (auto match = match_attempt(*response, held, {}, now); !match) return failure(match.error());
    if (auto good = judge_response(*response, attempt, {}, text.issuer, plan.must_name_issuer); !good)
        return good.error();

    code_redemption redeem;
    redeem.code = std::move(response->code);
    redeem.nonce = text_of(question, "nonce");
    redeem.now = now;
    login_flow flow(plan, std::move(redeem));
    static_cast<void>(flow.start());
    auto next = flow.resume(login_flow::token, answer_of(question, "token"));
    while (std::holds_alternative<await_keys>(next)) next = flow.resume_with_keys(keys_of(question), 1);
    if (std::holds_alternative<send_requests>(next))
        next = flow.resume(login_flow::profile, answer_of(question, "person"));
    if (auto* bad = std::get_if<fail>(&next)) return bad->why;
    return {};
}

} // namespace

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        auto const judged = judge(json::parse(line).as_object());
        std::string verdict = "ok";
        if (!judged) verdict = to_word(judged.error().code);
        if (!judged && !judged.error().details.field.empty()) verdict += ":" + judged.error().details.field;
        json::object out;
        out["verdict"] = verdict;
        std::cout << json::serialize(out) << '\n';
    }
}
