// SPDX-License-Identifier: BSL-1.0
// Layer 4. What a test login finds out: every step with its request and its answer, the mapped fields, and what would
// have become of the account.
#pragma once

#include "authmod/account/login_decision.hpp"
#include "authmod/core/errc.hpp"
#include "authmod/core/failure.hpp"
#include "authmod/flow/login_flow.hpp"
#include "authmod/flow/profile_json.hpp"
#include "authmod/flow/redaction.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <array>
#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

inline constexpr std::size_t max_shown_answer_bytes = 16 * 1024;   ///< of an answer in the report; more is cut off
inline constexpr std::size_t max_kept_document_bytes = 256 * 1024; ///< of each of profile, emails and groups

/// How a step of a test login ended.
enum class step_status : std::uint8_t {
    skipped, ///< it did not come so far, or the module has no such step
    ok,      ///< as it should be
    failed   ///< `code` says why
};

/// One step of a test login.
struct test_step {
    std::string_view name; ///< `authorization`, `token`, `profile`, `email`, `groups`, `membership`, `avatar`,
                           ///< `mapping` or `account`
    step_status status = step_status::skipped; ///< green, red or grey on the page
    error_code code;                           ///< of a failure
    std::string detail;                        ///< of a failure, what the provider said or which field is at fault;
                                               ///< of a good step, what an administrator should know all the same
    std::string request;                       ///< `GET https://...`, the last one of a list; empty: none
    int http_status = 0;                       ///< 0: no answer
    std::string answer;                        ///< redacted

    test_step() = default;
};

/// The bodies that were mapped, as received, for the mapping preview. Lists have one text a page.
struct test_documents {
    std::string profile;             ///< empty: none
    std::vector<std::string> emails; ///< empty: none
    std::vector<std::string> groups; ///< empty: none

    test_documents() = default;
};

/// What a test login found.
struct test_report {
    bool ok = false; ///< a person could have logged in
    std::array<test_step, 9> steps; ///< in the order of a login
    std::optional<user_profile> fields; ///< empty: nothing was mapped
    std::string outcome; ///< `would create ...`, `would link to ...`, `would refresh ...`, `would refuse: ...`
    test_documents documents; ///< what the fields were mapped from

    test_report() = default;
};

/// The stable word of a step's status.
[[nodiscard]] constexpr std::string_view to_word(step_status status) noexcept {
    constexpr std::string_view words[] = {"skipped", "ok", "failed"};
    return words[static_cast<std::size_t>(status)];
}

/// What a decision of the account rules would have done, as a clause: `would create nferro` for example.
[[nodiscard]] inline std::string outcome_text(login_decision const& decision) {
    account const& who = decision.result;
    switch (decision.what) {
    case login_decision::kind::create:
        return "would create " + who.username;
    case login_decision::kind::link:
        return "would link to " + who.username;
    case login_decision::kind::refresh:
        return "would refresh " + who.username;
    default:
        return "would refuse: " + make_error_code(decision.reason).message();
    }
}

/** Writes a test login down.

    The driver tells what it sent and what came (`answered`) before it resumes the flow, which then tells what it makes
    of it. Secrets never get into the report.
*/
class test_recorder final : public flow_watcher {
public:
    explicit test_recorder(redactor secrets) : secrets_(std::move(secrets)) {
        constexpr std::string_view names[] = {"authorization", "token",  "profile", "email",  "groups",
                                              "membership",    "avatar", "mapping", "account"};
        for (std::size_t i = 0; i != std::size(names); ++i) report_.steps[i].name = names[i];
    }

    /// Turns a step green.
    void passed(std::string_view name) { step(name).status = step_status::ok; }

    /// Adds to a step that does not fail what kept it from being better.
    void noted(std::string_view name, std::string_view what, failure const& why) {
        std::string& line = step(name).detail;
        line.append(line.empty() ? "" : "; ").append(what).append(": ").append(secrets_.show_text(why.message()));
    }

    /// Turns a step red; the first failure is the outcome.
    void failed(std::string_view name, failure const& why) {
        auto& s = step(name);
        s.status = step_status::failed;
        s.code = why.code;
        s.detail =
            secrets_.show_text(why.details.provider_said.empty() ? why.details.field : why.details.provider_said);
        if (s.http_status == 0) s.http_status = why.details.status;
        if (report_.outcome.empty()) report_.outcome = "would refuse: " + why.code.message();
    }

    /// Notes a request and its answer, both redacted.
    void answered(numbered_request const& sent, result<http_response> const& answer) {
        auto& s = step(name_of(sent.number));
        s.request = secrets_.show_text(sent.request.method + ' ' + sent.request.url);
        s.http_status = answer ? answer->status : 0;
        s.answer.clear();
        if (!answer) return;
        if (sent.number == login_flow::avatar) {
            s.answer = std::to_string(answer->body.size()) + " bytes";
            return;
        }
        bool const may_hold_token = sent.number == login_flow::token && answer->status == 200;
        s.answer = secrets_.show_answer(answer->body, may_hold_token, max_shown_answer_bytes);
        if (answer->status != 200) return;
        auto& kept = report_.documents;
        if (sent.number == login_flow::profile) kept.profile = keep(answer->body);
        if (sent.number == login_flow::emails) keep_page(kept.emails, answer->body);
        if (sent.number == login_flow::groups) keep_page(kept.groups, answer->body);
    }

    /// Of a list each page is judged; the first failure stays.
    void judged(unsigned number, failure const* why) override {
        auto& s = step(name_of(number));
        if (s.status == step_status::failed) return;
        if (!why) {
            s.status = step_status::ok;
            return;
        }
        bool const ends_login = number != login_flow::groups && number != login_flow::avatar;
        std::string const outcome = report_.outcome;
        failed(s.name, *why);
        if (!ends_login) report_.outcome = outcome;
    }

    /// What an ID token says, where that is all there is to map.
    void signed_claims(std::string_view claims) { report_.documents.profile = keep(claims); }

    /// After the flow's `done`.
    void mapped(user_profile const& person) { report_.fields = person; }

    /// What the account rules say.
    void decided(login_decision const& decision) {
        if (decision.what == login_decision::kind::refuse)
            failed("account", failure(decision.reason));
        else
            passed("account");
        report_.outcome = outcome_text(decision);
        report_.ok = decision.what != login_decision::kind::refuse;
    }

    /// The report; the recorder is empty afterwards.
    [[nodiscard]] test_report take() { return std::move(report_); }

private:
    [[nodiscard]] test_step& step(std::string_view name) {
        for (auto& s : report_.steps)
            if (s.name == name) return s;
        return report_.steps[0];
    }

    [[nodiscard]] static std::string_view name_of(unsigned number) noexcept {
        constexpr std::string_view names[] = {"token",      "profile", "email",   "groups", "avatar",
                                              "membership", "token",   "mapping", "token"};
        return names[number];
    }

    [[nodiscard]] std::string keep(std::string_view body) const {
        return secrets_.show_text(body.substr(0, max_kept_document_bytes));
    }

    void keep_page(std::vector<std::string>& pages, std::string_view body) const {
        std::size_t kept = 0;
        for (auto const& page : pages) kept += page.size();
        if (kept + body.size() <= max_kept_document_bytes || pages.empty()) pages.push_back(keep(body));
    }

    redactor secrets_;
    test_report report_;
};

/// The report as REST gives it and as it is kept for the mapping preview.
[[nodiscard]] inline boost::json::object to_json(test_report const& report) {
    boost::json::object body;
    body["ok"] = report.ok;
    boost::json::array steps;
    for (auto const& s : report.steps) {
        boost::json::object item;
        bool const bad = s.status == step_status::failed;
        item["name"] = s.name;
        item["status"] = to_word(s.status);
        item["code"] = nullptr;
        item["message"] = item["cure"] = nullptr;
        if (!bad && !s.detail.empty()) item["message"] = s.detail;
        if (bad) {
            item["code"] = to_word(s.code);
            item["message"] = s.detail.empty() ? s.code.message() : s.code.message() + ": " + s.detail;
            item["cure"] = cure(s.code);
        }
        item["http_status"] = nullptr;
        if (s.http_status != 0) item["http_status"] = s.http_status;
        item["request"] = nullptr;
        if (!s.request.empty()) item["request"] = s.request;
        item["answer"] = nullptr;
        if (!s.answer.empty()) item["answer"] = s.answer;
        steps.push_back(std::move(item));
    }
    body["steps"] = std::move(steps);
    body["fields"] = nullptr;
    if (report.fields) body["fields"] = profile_json(*report.fields);
    body["outcome"] = report.outcome;
    boost::json::object documents;
    documents["profile"] = nullptr;
    if (!report.documents.profile.empty()) documents["profile"] = report.documents.profile;
    documents["emails"] = boost::json::array(report.documents.emails.begin(), report.documents.emails.end());
    documents["groups"] = boost::json::array(report.documents.groups.begin(), report.documents.groups.end());
    body["documents"] = std::move(documents);
    return body;
}

} // namespace authmod
