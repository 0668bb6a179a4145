// SPDX-License-Identifier: BSL-1.0
// Layer 4. From a refresh token to fresh tokens of the same person. Decides what to ask and what the answer means;
// performs nothing.
#pragma once

#include "authmod/flow/action.hpp"
#include "authmod/flow/key_proofs.hpp"
#include "authmod/flow/redaction.hpp"
#include "authmod/flow/token_rules.hpp"
#include "authmod/protocol/id_token.hpp"
#include "authmod/protocol/kept_tokens.hpp"
#include "authmod/protocol/token_request.hpp"
#include "authmod/provider/module_plan.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace authmod {

/** The state machine of one refresh (RFC 6749 6, OpenID Connect Core 12; security rule C7).

    The refresh token is sent once: providers rotate it, and take a second use of it for theft. An ID token that comes
    along must be of the same issuer and person as the login's.

    Preconditions: `kept` has a refresh token.
    Errors: those of @ref read_token_response and @ref read_id_token; see @ref ends_refresh_token.
    Lifetimes: `plan` outlives the flow. No thread safety.
*/
class refresh_flow {
public:
    /// Numbers of its requests.
    enum request_number : unsigned {
        token ///< the only one there is
    };

    /// `proof_seed`: see @ref key_proofs.
    refresh_flow(module_plan const& plan, secret client_secret, kept_tokens kept, secret proof_seed, time_point now)
        : plan_(&plan), client_secret_(std::move(client_secret)), kept_(std::move(kept)), now_(now) {
        if (auto key = signing_key::from_private_bytes(kept_.dpop_key.expose()))
            proofs_.emplace(std::move(*key), std::move(proof_seed), now);
    }

    /// The first thing to do.
    [[nodiscard]] action start() {
        client_credentials const client(plan_->text.client_id, client_secret_, plan_->text.client_authentication);
        auto request = token_request_for_refresh(client, plan_->text.token_url, kept_.refresh_token);
        request.step = "refresh";
        return send(proofs_ ? proofs_->first(token, std::move(request), secret()) : std::move(request));
    }

    /// What to do after an answer; the number is that of `start`.
    [[nodiscard]] action resume(unsigned, result<http_response> const& answer) {
        if (!answer) return fail(answer.error(), "refresh");
        if (proofs_)
            if (auto again = proofs_->again(token, *answer, secret())) return send(std::move(*again));
        auto tokens = read_token_response(*answer, token_grant::refresh_token,
                                          proofs_ ? token_scheme::dpop : token_scheme::bearer);
        if (!tokens) return refused(tokens.error());
        fresh_ = std::move(*tokens);
        if (plan_->is_openid() && !fresh_.id_token.empty()) return await_keys();
        fresh_.id_token.clear(); // of somebody who does not promise any
        return finish();
    }

    /// Takes the keys of the provider, or why there are none. `generation` tells them from later ones.
    [[nodiscard]] action resume_with_keys(result<std::shared_ptr<key_set const>, failure> const& keys,
                                          unsigned long generation) {
        if (!keys) return refused(keys.error());
        id_token_expectation const expected{{}, kept_.subject, fresh_.access_token.expose()};
        auto const read = read_id_token(fresh_.id_token.expose(), **keys, token_rules_of(*plan_), expected, now_);
        if (read) return finish();
        if (seen_keys_ || !fresh_keys_may_help(read.error().code)) return refused(read.error());
        seen_keys_ = generation;
        return await_keys(generation);
    }

    /// After `done`: what is to be kept now. Otherwise: what was.
    [[nodiscard]] kept_tokens& tokens() noexcept { return kept_; }

private:
    [[nodiscard]] static action send(http_request request) {
        send_requests out;
        out.requests.emplace_back(token, std::move(request));
        return out;
    }

    [[nodiscard]] action finish() {
        kept_ = after_refresh(std::move(kept_), std::move(fresh_), now_);
        return done();
    }

    /// The end, without what the provider sent back of our secrets (security rule N2).
    [[nodiscard]] action refused(failure why) const {
        redactor secrets;
        for (auto const* one : {&client_secret_, &kept_.refresh_token, &kept_.access_token, &fresh_.access_token})
            secrets.know(*one);
        if (why.details.step == "token") why.details.step = "refresh";
        why.details.provider_said = secrets.show_quote(why.details.provider_said);
        return fail(std::move(why));
    }

    module_plan const* plan_;
    secret client_secret_;
    kept_tokens kept_;
    time_point now_;
    std::optional<key_proofs> proofs_;
    token_response fresh_;
    std::optional<unsigned long> seen_keys_; // that did not do
};

} // namespace authmod
