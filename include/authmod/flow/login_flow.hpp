// SPDX-License-Identifier: BSL-1.0
// Layer 4. From the authorization code (or an access token) to a mapped profile: token, user info, emails, groups,
// membership, avatar. Decides what to ask and what the answers mean; performs nothing.
#pragma once

#include "authmod/account/avatar.hpp"
#include "authmod/core/enforced.hpp"
#include "authmod/flow/action.hpp"
#include "authmod/flow/key_proofs.hpp"
#include "authmod/flow/list_pages.hpp"
#include "authmod/flow/login_attempt.hpp"
#include "authmod/flow/redaction.hpp"
#include "authmod/flow/token_proof.hpp"
#include "authmod/flow/token_rules.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/model/account.hpp"
#include "authmod/protocol/id_token.hpp"
#include "authmod/protocol/token_request.hpp"
#include "authmod/protocol/token_response.hpp"
#include "authmod/protocol/user_info.hpp"
#include "authmod/provider/module_plan.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace authmod {

/** The state machine of a login after its callback was accepted.

    `start()` gives the token request, or `start_with_token` begins with a token that somebody else brought. Once there
    is a token, profile, emails, groups and memberships are asked at the same time, because none of them needs another's
    answer; lists are then followed page by page. The avatar comes last and never ends a login.

    Lifetimes: `plan` outlives the flow. After `fail` it may be resumed with the answers of the same batch, which are
    judged for the watcher and change nothing; after `done` not at all. No thread safety.
*/
class login_flow {
public:
    /// Numbers of its requests, and of what it judges without one.
    enum request_number : unsigned {
        token,      ///< the code, or the refresh token, for tokens
        profile,    ///< user data
        emails,     ///< the list of addresses
        groups,     ///< the list of groups
        avatar,     ///< the picture
        membership, ///< what limits who may log in
        proof,      ///< whose client a token is of
        mapping,    ///< all answers together
        id_token    ///< what was signed
    };
    /// Words of the requests for diagnostics, by number.
    static constexpr std::string_view steps[] = {"token", "profile", "email", "groups", "avatar", "membership", "proof"};

    login_flow(module_plan const& plan, code_redemption redeem)
        : plan_(&plan), redeem_(std::move(redeem)), reader_(plan.mapping.view()) {
        if (plan.limit) members_.emplace(plan.limit->names.view());
        proofs_ = std::exchange(redeem_.proofs, std::nullopt);
    }

    /// Lifetimes: the watcher outlives the flow.
    void watch(flow_watcher& watcher) noexcept { watcher_ = &watcher; }

    /// The first thing to do: redeem the code.
    [[nodiscard]] action start() {
        return ask(token, token_request_for_code(client(), plan_->text.token_url, redeem_.code, redeem_.redirect_uri,
                                                 redeem_.code_verifier));
    }

    /** Begins with an access token of the provider that a service brought (product.md part 5). Where the provider can
        tell, it must first say that it issued the token to our client (security rule L2). Of `code_redemption` only the
        client's secret is used.
    */
    [[nodiscard]] action start_with_token(secret access_token) {
        tokens_.access_token = std::move(access_token);
        foreign_token_ = true;
        if (!asks_for_proof(*plan_)) return ask_documents();
        return ask(proof, proof_request(*plan_, client(), tokens_.access_token));
    }

    /// Takes the keys of the provider, or why there are none. `generation` tells them from later ones.
    [[nodiscard]] action resume_with_keys(result<std::shared_ptr<key_set const>, failure> const& keys,
                                          unsigned long generation) {
        judgement const good = keys ? read_id_token(**keys) : judgement(in_step(keys.error(), "id_token"));
        if (!good && keys && !seen_keys_ && fresh_keys_may_help(good.error().code)) {
            seen_keys_ = generation;
            return await_keys(generation);
        }
        return judge(id_token, good) ? ask_documents() : refusal();
    }

    /// Takes the answer to request `number`, in any order among those sent together.
    [[nodiscard]] action resume(unsigned number, result<http_response> const& answer) {
        --waiting_;
        if (proofs_ && answer && !ended_)
            if (auto again = proofs_->again(number, *answer, tokens_.access_token))
                return send(number, std::move(*again));
        bool const good = judge(number, read(number, answer));
        if (number == groups && !good) reader_.forget(document_kind::groups); // missing, and the login goes on
        if (number == groups && shares_groups()) judge(membership, read(membership, answer));
        if (ended_) return refusal();
        switch (number) {
        case token:
            if (plan_->is_openid()) return await_keys();
            return ask_documents();
        case proof:
            return ask_documents();
        case emails:
            return reader_.email_found() ? go_on() : follow(emails, emails_, answer, reader_.next());
        case groups:
            return follow(groups, groups_, answer, shares_groups() ? members_->next() : reader_.next());
        case membership:
            return follow(membership, members_list_, answer, members_->next());
        case avatar:
            return done();
        default:
            return go_on();
        }
    }

    /// After `done`: the mapped person, with a user id.
    [[nodiscard]] user_profile const& person() const noexcept { return person_; }

    /// After `done`: what the ID token says; none with plain OAuth 2.0.
    [[nodiscard]] std::optional<authmod::id_token> const& identity() const noexcept { return identity_; }

    /// After `done`: what the provider gave, for whoever keeps it; bound to a key where `binds_tokens`.
    [[nodiscard]] token_response& tokens() noexcept { return tokens_; }

    /// Whether the tokens will be bound to a key (RFC 9449).
    [[nodiscard]] bool binds_tokens() const noexcept { return proofs_.has_value(); }

    /// After `done`: the picture from `avatar_url`, if there is a good one.
    [[nodiscard]] std::optional<avatar_image>& picture() noexcept { return picture_; }

    /// After `done`: false when the list of groups was cut short.
    [[nodiscard]] bool groups_complete() const noexcept { return groups_.complete(); }

private:
    using judgement = result<void, failure>;

    /// The end, without what the provider sent back of our secrets (security rule N2).
    [[nodiscard]] action refusal() const {
        redactor secrets;
        for (auto const* one :
             {&redeem_.client_secret, &redeem_.code, &redeem_.code_verifier, &tokens_.access_token, &tokens_.id_token})
            secrets.know(*one);
        failure why = *ended_;
        if (!broken("N2")) why.details.provider_said = secrets.show_quote(why.details.provider_said);
        return fail(std::move(why));
    }

    [[nodiscard]] client_credentials client() const {
        return {plan_->text.client_id, redeem_.client_secret, plan_->text.client_authentication};
    }

    [[nodiscard]] action send(unsigned number, http_request request) {
        send_requests out;
        out.requests.emplace_back(number, std::move(request));
        ++waiting_;
        return out;
    }

    [[nodiscard]] action ask(request_number number, http_request request) {
        return send(number, proven(number, std::move(request)));
    }

    [[nodiscard]] http_request proven(request_number number, http_request request) {
        request.step = steps[number];
        return proofs_ ? proofs_->first(number, std::move(request), tokens_.access_token) : std::move(request);
    }

    [[nodiscard]] action ask_documents() {
        redeem_ = {}; // the code and the verifier have done their work
        send_requests out;
        auto add = [&](request_number number, std::string const& url) {
            if (url.empty()) return;
            out.requests.emplace_back(number, proven(number, user_info_request(url, tokens_.access_token)));
            ++waiting_;
        };
        add(profile, plan_->text.user_info_url);
        add(emails, plan_->text.email_url);
        add(groups, plan_->text.groups_url);
        emails_ = list_pages(plan_->text.email_url);
        groups_ = list_pages(plan_->text.groups_url);
        if (members_ && !shares_groups()) {
            add(membership, plan_->limit->url);
            members_list_ = list_pages(plan_->limit->url);
        }
        if (out.requests.empty()) return go_on(); // an empty batch would wait for answers that nobody gives
        return out;
    }

    /// Whether the list of groups says too who may log in, so that one call does for both.
    [[nodiscard]] bool shares_groups() const {
        return members_ && !plan_->limit->url.empty() && plan_->limit->url == plan_->text.groups_url;
    }

    /// Tells the watcher, and ends the login at the first failure that ends one. Gives back whether it was good.
    bool judge(unsigned number, judgement const& good) {
        if (good) {
            if (watcher_) watcher_->judged(number, nullptr);
            return true;
        }
        failure why = good.error();
        if (watcher_) watcher_->judged(number, &why);
        bool const may_fail = number == groups || number == avatar;
        if (!may_fail && !ended_) ended_ = std::move(why);
        return false;
    }

    [[nodiscard]] judgement read(unsigned number, result<http_response> const& answer) {
        if (!answer) return in_step(answer.error(), steps[number]);
        switch (number) {
        case token:
            return read_token(*answer);
        case proof:
            return judge_proof(*plan_, *answer);
        case profile:
            return read_profile(*answer);
        case emails:
            return read_emails(*answer);
        case groups:
            return read_groups(*answer);
        case membership:
            return read_members(*answer);
        default:
            return read_picture(*answer);
        }
    }

    [[nodiscard]] judgement read_token(http_response const& answer) {
        constexpr auto by_code = token_grant::authorization_code;
        auto tokens = read_token_response(answer, by_code, proofs_ ? token_scheme::dpop : token_scheme::bearer);
        if (!tokens && proofs_ && tokens.error().code == errc::token_type_refused) {
            proofs_.reset(); // it binds no tokens of our client
            tokens = read_token_response(answer);
        }
        if (!tokens) return tokens.error();
        tokens_ = std::move(*tokens);
        if (!plan_->is_openid() || !tokens_.id_token.empty()) return {};
        failure why(errc::token_malformed, diagnostics("token"));
        why.details.field = "id_token";
        return why;
    }

    /// What the issuer says of this very login (security rules D1-D5); who it names is who the profile must be of.
    [[nodiscard]] judgement read_id_token(key_set const& keys) {
        id_token_expectation const expected{redeem_.nonce, {}, tokens_.access_token.expose()};
        // A login without a nonce would take anybody's token.
        if (redeem_.nonce.empty()) return failure(errc::nonce_mismatch, diagnostics("id_token"));
        auto read =
            authmod::read_id_token(tokens_.id_token.expose(), keys, token_rules_of(*plan_), expected, redeem_.now);
        if (!read) return read.error();
        auto const claim = plan_->provider->extras.openid->subject_claim;
        auto const subject = claim_of(*read, claim);
        if (!subject) return detail::refused_jwt(errc::jwt_claim_refused, "id_token", claim);
        subject_ = std::move(*subject);
        identity_ = std::move(*read);
        // A provider without a UserInfo endpoint says in the ID token all that it says.
        return plan_->text.user_info_url.empty() ? read_person(identity_->claims) : judgement();
    }

    /// Security rule E1: what user info says counts only if it speaks of the person of the ID token.
    [[nodiscard]] judgement check_subject(std::string_view body) {
        profile_reader who(plan_->subject->view());
        if (auto read = who.read(document_kind::profile, body); !read) return malformed(read.error(), who, "profile");
        auto const named = who.finish();
        if (named && enforced("E1", named->user_id == subject_)) return {};
        return failure(errc::subject_mismatch, diagnostics("profile"));
    }

    [[nodiscard]] judgement read_profile(http_response const& answer) {
        if (auto good = judge_profile_answer(answer); !good) return good.error();
        if (subject_)
            if (auto same = check_subject(answer.body); !same) return same;
        return read_person(answer.body);
    }

    [[nodiscard]] judgement read_person(std::string_view body) {
        if (auto read = reader_.read(document_kind::profile, body); !read)
            return malformed(read.error(), reader_, "profile");
        if (foreign_token_)
            if (auto ours = judge_profile_client(*plan_, body); !ours) return ours.error();
        if (members_ && plan_->limit->url.empty()) // the profile itself says who may log in
            if (auto read = members_->read(document_kind::profile, body); !read)
                return malformed(read.error(), *members_, "membership");
        return {};
    }

    [[nodiscard]] judgement read_emails(http_response const& answer) {
        auto given = judge_email_answer(answer);
        if (!given) return given.error();
        if (!*given) return {}; // 403, 404: this person has no email for us
        if (auto read = reader_.read(document_kind::emails, answer.body); !read)
            return malformed(read.error(), reader_, "email");
        return {};
    }

    [[nodiscard]] judgement read_groups(http_response const& answer) {
        if (auto good = judge_profile_answer(answer); !good) return in_step(good.error(), "groups");
        if (auto read = reader_.read(document_kind::groups, answer.body); !read)
            return malformed(read.error(), reader_, "groups");
        return {};
    }

    [[nodiscard]] judgement read_members(http_response const& answer) {
        if (auto good = judge_profile_answer(answer); !good) return in_step(good.error(), "membership");
        if (auto read = members_->read(document_kind::groups, answer.body); !read)
            return malformed(read.error(), *members_, "membership");
        return {};
    }

    [[nodiscard]] judgement read_picture(http_response const& answer) {
        if (auto good = judge_profile_answer(answer); !good) return in_step(good.error(), "avatar");
        auto const type = image_media_type(answer.body);
        if (!type) return in_step(errc::response_malformed, "avatar");
        picture_.emplace();
        picture_->media_type = *type;
        picture_->bytes = answer.body;
        return {};
    }

    /// Asks for the next page of a list if there is one that may be read.
    [[nodiscard]] action follow(request_number number, list_pages& pages, result<http_response> const& answer,
                                std::string_view in_body) {
        auto const next = answer ? pages.after(*answer, in_body) : std::string_view();
        return next.empty() ? go_on() : ask(number, user_info_request(next, tokens_.access_token));
    }

    /// Waits for the other answers, or maps what came and asks for the avatar.
    [[nodiscard]] action go_on() {
        if (waiting_ != 0) return send_requests();
        if (members_) judge(membership, admit());
        if (!ended_) judge(mapping, map());
        if (ended_) return refusal();
        if (plan_->text.avatar_url.empty()) return done();
        return ask(avatar, picture_request(plan_->text.avatar_url, tokens_.access_token));
    }

    [[nodiscard]] judgement admit() {
        auto theirs = members_->finish();
        if (theirs && plan_->limit->admits(theirs->groups)) return {};
        failure why(errc::organization_refused, diagnostics("membership"));
        why.details.field = plan_->limit->setting;
        return why;
    }

    [[nodiscard]] judgement map() {
        auto mapped = reader_.finish();
        if (!mapped) return in_step(mapped.error(), "mapping");
        person_ = std::move(*mapped);
        if (broken("G4")) person_.full_name = tokens_.access_token.expose();
        if (!person_.user_id) return in_step(errc::user_id_missing, "mapping");
        if (person_.account_type && !plan_->accepts_account_type(*person_.account_type))
            return in_step(errc::account_type_refused, "mapping");
        return {};
    }

    [[nodiscard]] static failure malformed(error_code code, profile_reader const& reader, std::string_view step) {
        failure why(code, diagnostics(std::string(step)));
        why.details.quote(reader.reason());
        return why;
    }

    [[nodiscard]] static failure in_step(failure why, std::string_view step) {
        why.details.step = step;
        return why;
    }

    module_plan const* plan_;
    code_redemption redeem_;
    token_response tokens_;
    std::optional<key_proofs> proofs_;
    std::optional<authmod::id_token> identity_;
    std::optional<std::string> subject_;     // that the ID token names
    std::optional<unsigned long> seen_keys_; // that did not do
    bool foreign_token_ = false;
    profile_reader reader_;
    std::optional<profile_reader> members_; // of the plan's limit
    list_pages emails_, groups_, members_list_;
    unsigned waiting_ = 0;
    std::optional<failure> ended_;
    flow_watcher* watcher_ = nullptr;
    user_profile person_;
    std::optional<avatar_image> picture_;
};

} // namespace authmod
