// SPDX-License-Identifier: BSL-1.0
// Layer 3. The concept of what counts, and the model that does not.
#pragma once

#include <chrono>
#include <concepts>
#include <string_view>

namespace authmod {

/** Counts what happens, for whoever watches the service.

    Texts are our own words from small sets: ids of providers, steps of a login, names of store functions and of routes;
    outcomes are `ok` or the word of an `errc`. Nothing that a person, a browser or a provider has written comes here,
   so whatever a model makes of them stays bounded.

    A model promises that every function may be called from any thread, does not throw, and returns soon: logins and
    session checks wait for it. Texts are only lent for the call.

    @par Models
    @ref no_metrics, @ref metrics_registry
*/
template <class T>
concept metrics_sink = requires(T& t, std::string_view what, std::string_view outcome, int status,
                                std::chrono::nanoseconds took) {
    { t.login_ended(what, outcome) }
    noexcept->std::same_as<void>; // id of the provider
    { t.session_checked(outcome) }
    noexcept->std::same_as<void>; // `ok`, `not_signed_in`, ...
    { t.provider_called(what, outcome, took) }
    noexcept->std::same_as<void>; // `http_request::step`
    { t.store_used(what, outcome, took) }
    noexcept->std::same_as<void>; // function of the concept `store`
    { t.request_answered(what, status, took) }
    noexcept->std::same_as<void>; // `route_class` of the path
};

/// Counts nothing, and costs nothing: the adapters of module/ports.hpp leave the measuring out.
class no_metrics {
public:
    /// @{
    /// As @ref metrics_sink asks: nothing happens.
    void login_ended(std::string_view, std::string_view) noexcept {}

    void session_checked(std::string_view) noexcept {}

    void provider_called(std::string_view, std::string_view, std::chrono::nanoseconds) noexcept {}

    void store_used(std::string_view, std::string_view, std::chrono::nanoseconds) noexcept {}

    void request_answered(std::string_view, int, std::chrono::nanoseconds) noexcept {}
    /// @}
};

static_assert(metrics_sink<no_metrics>);

} // namespace authmod
