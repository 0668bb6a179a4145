// SPDX-License-Identifier: BSL-1.0
// Layer 4. From the authorization code to a mapped profile: token, user info, emails, groups, avatar. Decides what to
// ask and what the answers mean; performs nothing.
#pragma once

#include "authmod/account/avatar.hpp"
#include "authmod/flow/action.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/model/account.hpp"
#include "authmod/protocol/same_origin.hpp"
#include "authmod/protocol/token_request.hpp"
#include "authmod/protocol/token_response.hpp"
#include "authmod/protocol/user_info.hpp"
#include "authmod/provider/module_plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/// Pages of one list that are read at the most; a list cut there only adds memberships.
inline constexpr int max_list_pages = 20;

/// What the token call needs beside the plan.
struct code_redemption {
    secret client_secret;
    std::string redirect_uri; ///< the very bytes of the authorization request (security rule A5)
    secret code;
    secret code_verifier; ///< empty without PKCE

    code_redemption() = default;
};

/** The state machine of a login after its callback was accepted.

    `start()` gives the token request. Once there is a token, profile, emails and groups are asked at the same time,
    because none of them needs another's answer; lists are then followed page by page. The avatar comes last and never
    ends a login.

    Lifetimes: `plan` outlives the flow. Not to be used again after `fail` or `done`. No thread safety.
*/
class login_flow {
public:
    enum request_number : unsigned { token, profile, emails, groups, avatar };

    login_flow(module_plan const& plan, code_redemption redeem)
        : plan_(&plan), redeem_(std::move(redeem)), reader_(plan.mapping.view()) {}

    [[nodiscard]] action start() {
        return ask(token, token_request_for_code(client(), plan_->text.token_url, redeem_.code, redeem_.redirect_uri,
                                                 redeem_.code_verifier));
    }

    /// Takes the answer to request `number`, in any order among those sent together.
    [[nodiscard]] action resume(unsigned number, result<http_response> const& answer) {
        --waiting_;
        switch (number) {
        case token: return on_token(answer);
        case profile: return on_profile(answer);
        case emails: return on_emails(answer);
        case groups: return on_groups(answer);
        default: return on_avatar(answer);
        }
    }

    /// After `done`: the mapped person, with a user id.
    [[nodiscard]] user_profile const& person() const noexcept { return person_; }
    /// After `done`: the picture from `avatar_url`, if there is a good one.
    [[nodiscard]] std::optional<avatar_image>& picture() noexcept { return picture_; }
    /// After `done`: false when the list of groups was cut short.
    [[nodiscard]] bool groups_complete() const noexcept { return groups_complete_; }

private:
    struct list {
        std::string url; // of the page asked for
        int pages = 0;
    };

    [[nodiscard]] client_credentials client() const {
        return {plan_->text.client_id, redeem_.client_secret, plan_->text.client_authentication};
    }

    [[nodiscard]] action ask(request_number number, http_request request) {
        send_requests out;
        out.requests.emplace_back(number, std::move(request));
        ++waiting_;
        return out;
    }

    [[nodiscard]] action on_token(result<http_response> const& answer) {
        if (!answer) return fail(answer.error(), "token");
        auto tokens = read_token_response(*answer);
        if (!tokens) return fail(in_step(tokens.error(), "token"));
        access_token_ = std::move(tokens->access_token);
        redeem_ = {}; // the code and the verifier have done their work

        send_requests out;
        auto add = [&](request_number number, std::string const& url) {
            if (url.empty()) return;
            out.requests.emplace_back(number, user_info_request(url, access_token_));
            ++waiting_;
        };
        add(profile, plan_->text.user_info_url);
        add(emails, emails_.url = plan_->text.email_url);
        add(groups, groups_.url = plan_->text.groups_url);
        return out;
    }

    [[nodiscard]] action on_profile(result<http_response> const& answer) {
        if (!answer) return fail(answer.error(), "profile");
        if (auto good = judge_profile_answer(*answer); !good) return fail(in_step(good.error(), "profile"));
        if (auto read = reader_.read(document_kind::profile, answer->body); !read) return malformed(read.error(), "profile");
        return go_on();
    }

    [[nodiscard]] action on_emails(result<http_response> const& answer) {
        if (!answer) return fail(answer.error(), "email");
        auto given = judge_email_answer(*answer);
        if (!given) return fail(in_step(given.error(), "email"));
        if (!*given) return go_on(); // 403, 404: this person has no email for us
        if (auto read = reader_.read(document_kind::emails, answer->body); !read) return malformed(read.error(), "email");
        if (!reader_.email_found() && follow(emails_, plan_->text.email_url))
            return ask(emails, user_info_request(emails_.url, access_token_));
        return go_on();
    }

    [[nodiscard]] action on_groups(result<http_response> const& answer) {
        // Any failure means that the groups are missing, not that the login fails.
        if (!answer || answer->status != 200 || !reader_.read(document_kind::groups, answer->body)) {
            reader_.forget(document_kind::groups);
            return go_on();
        }
        if (follow(groups_, plan_->text.groups_url)) return ask(groups, user_info_request(groups_.url, access_token_));
        groups_complete_ = reader_.next().empty();
        return go_on();
    }

    [[nodiscard]] action on_avatar(result<http_response> const& answer) {
        if (answer && answer->status == 200)
            if (auto const type = image_media_type(answer->body)) {
                picture_.emplace();
                picture_->media_type = *type;
                picture_->bytes = answer->body;
            }
        return done();
    }

    /// Moves `pages` to the next page if there is one that may be read: same origin as the list, not the same page again.
    [[nodiscard]] bool follow(list& pages, std::string_view list_url) const {
        std::string next(reader_.next());
        if (next.empty() || next == pages.url || ++pages.pages >= max_list_pages || !same_origin(next, list_url)) return false;
        pages.url = std::move(next);
        return true;
    }

    /// Waits for the other answers, or maps what came and asks for the avatar.
    [[nodiscard]] action go_on() {
        if (waiting_ != 0) return send_requests();
        auto mapped = reader_.finish();
        if (!mapped) return fail(mapped.error(), "mapping");
        person_ = std::move(*mapped);
        if (!person_.user_id) return fail(errc::user_id_missing, "mapping");
        if (person_.account_type && !plan_->accepts_account_type(*person_.account_type))
            return fail(errc::account_type_refused, "mapping");
        if (plan_->text.avatar_url.empty()) return done();
        return ask(avatar, user_info_request(plan_->text.avatar_url, access_token_));
    }

    [[nodiscard]] action malformed(error_code code, std::string_view step) const {
        failure why(code, diagnostics(std::string(step)));
        why.details.quote(reader_.reason());
        return fail(std::move(why));
    }

    [[nodiscard]] static failure in_step(failure why, std::string_view step) {
        why.details.step = step;
        return why;
    }

    module_plan const* plan_;
    code_redemption redeem_;
    secret access_token_;
    profile_reader reader_;
    list emails_, groups_;
    unsigned waiting_ = 0;
    bool groups_complete_ = true;
    user_profile person_;
    std::optional<avatar_image> picture_;
};

} // namespace authmod
