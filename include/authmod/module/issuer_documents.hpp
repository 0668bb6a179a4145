// SPDX-License-Identifier: BSL-1.0
// Layer 6. What OpenID providers publish about themselves: metadata and keys, fetched when needed and kept. Not used by
// a module with plain OAuth 2.0.
//
// Metadata is read of every issuer that has one, because it alone tells of PAR, DPoP and the promise of `iss`. Where
// settings leave no endpoint open, logins do without it rather than not at all: whoever keeps us from reading it (it
// comes over TLS from the host of the issuer) gains no more than what the settings allow, that is what was done before
// such metadata was read. PKCE is as set, signatures, issuer, audience and nonce are checked, endpoints stay the typed
// ones. What was read once holds for a day of outage, so taking protection away needs as long, or a new process; and a
// login that was begun with DPoP or with the promise of `iss` is finished with it, because its sealed attempt says so.
// The other way round, metadata only ever adds: it fills what is open, narrows the signature algorithms, and can turn
// PKCE off only where the setting is `auto` (rules A3, B5, D1, D2, J2, J4).
#pragma once

#include "authmod/core/failure.hpp"
#include "authmod/core/version.hpp"
#include "authmod/flow/document_cache.hpp"
#include "authmod/module/detail/deadline.hpp"
#include "authmod/module/ports.hpp"
#include "authmod/module/running_module.hpp"
#include "authmod/protocol/discovery.hpp"
#include "authmod/protocol/json_web_key.hpp"

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace authmod {

/// The keys of a provider, and which fetch brought them.
struct brought_keys {
    std::shared_ptr<key_set const> keys; ///< null: there are none
    unsigned long generation = 0;        ///< to ask for others than these

    brought_keys() = default;
};

/// Issuers whose documents are kept; more than this are forgotten at once and fetched again. So are completed plans.
inline constexpr std::size_t max_kept_issuers = 256;

/// A login that can do without metadata waits no longer for it, and only one does so in a minute.
inline constexpr std::chrono::seconds metadata_patience{2};

inline namespace AUTHMOD_ABI {

/** Thread safety: every function may be called from any thread; awaiting coroutines resume on their own executor.
    Lifetimes: the ports outlive it. Not movable.
*/
class issuer_documents {
public:
    issuer_documents(ports in_ports, bool allow_loopback_http) : ports_(in_ports), loopback_(allow_loopback_http) {}

    /** The plan of a module that can run, with what its settings leave open filled from its issuer's metadata, and with
        what the provider says that it can do. What is set stays.

        Where nothing is left open and the metadata cannot be had, the plan is the module's own; `metadata_trouble` has
        the reason. The same plan is given again until the module or the metadata changes.

        Errors: those of @ref complete_plan; where endpoints are open, those of the transport and of
        @ref parse_discovery.
    */
    asio::awaitable<result<std::shared_ptr<module_plan const>, failure>> plan_of(running_module const& module,
                                                                                 detail::steady_deadline deadline);

    /// Why the metadata of `plan`'s issuer was not read the last time; empty: it was, or nobody has asked for it.
    [[nodiscard]] std::optional<failure> metadata_trouble(module_plan const& plan);

    /** The keys that `plan`'s provider signs with; others than those of generation `unlike`, unless that is 0.

        Errors: those of the transport; `keys_malformed`; `jwt_key_unknown` when the keys were fetched a moment ago.
    */
    asio::awaitable<result<brought_keys, failure>> keys_of(module_plan const& plan, unsigned long unlike,
                                                           detail::steady_deadline deadline,
                                                           key_asker who = key_asker::login);

private:
    /// A module's plan, completed from the metadata of this generation.
    struct completed_plan {
        std::shared_ptr<module_plan const> of; // kept, so that no other plan can stand in its place
        std::shared_ptr<module_plan const> plan;
        unsigned long generation = 0;
    };

    struct issuer {
        document_cache<provider_metadata> metadata;
        document_cache<key_set> keys;
        std::mutex mutex;                            // of what follows
        std::map<std::string, completed_plan> plans; // by module id
    };

    template <class Document>
    struct wish {
        document_cache<Document>* cache = nullptr;
        std::string step;
        http_request request;
        timeouts limit;
        unsigned long unlike = 0;
        key_asker who = key_asker::login;
        document_need need = document_need::required;
        detail::steady_deadline deadline{};
        std::function<result<Document, failure>(http_response const&)> read;
    };

    template <class Document>
    using brought = asio::awaitable<result<typename document_cache<Document>::answer, failure>>;

    template <class Document>
    brought<Document> bring(wish<Document>& wanted);
    [[nodiscard]] std::shared_ptr<issuer> find(std::string const& key);

    ports ports_;
    bool loopback_;
    std::mutex mutex_; // of what follows
    std::map<std::string, std::shared_ptr<issuer>> issuers_;
};

} // namespace AUTHMOD_ABI

} // namespace authmod

#ifndef AUTHMOD_SEPARATE_COMPILATION
#include "authmod/module/detail/issuer_documents.ipp"
#endif
