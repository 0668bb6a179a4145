// SPDX-License-Identifier: BSL-1.0
// Layer 6. Modules as they serve, and who changes them. Values; module_catalog.hpp keeps and changes them.
#pragma once

#include "authmod/core/errc.hpp"
#include "authmod/core/secret.hpp"
#include "authmod/model/module_record.hpp"
#include "authmod/module/service_options.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/provider_info.hpp"
#include "authmod/provider/settings.hpp"

#include <boost/system/system_error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace authmod {

/// A module ready to run. Immutable: an edit makes a new one and swaps one shared pointer.
struct running_module {
    module_record record;                    ///< as stored
    settings text;                           ///< as administrators see them
    std::shared_ptr<module_plan const> plan; ///< null: the settings fail their rules, so the module cannot serve
    secret client_secret;                    ///< opened; empty: a public client, or not set yet
    std::string redirect_uri;                ///< as registered at the provider
    std::string fingerprint;                 ///< of the settings whose change ends logins under way
    provider_info const* provider = nullptr; ///< label, icon, set-up steps
    std::vector<std::string> missing;        ///< fields to fill in before it can be enabled
    bool installed = false;                  ///< set up by the program itself; the store does not know it

    running_module() = default;

    /// Whether it could serve if it were enabled: a test login needs no more.
    [[nodiscard]] bool is_complete() const noexcept { return plan && missing.empty(); }

    /// Whether people can log in through it now.
    [[nodiscard]] bool serves() const noexcept { return record.enabled && is_complete(); }
};

/** What a module's settings leave to be desired although each of them keeps its rule, for the settings page. `reason`
   is a stable word.
*/
[[nodiscard]] inline std::vector<setting_error> module_warnings(running_module const& module) {
    std::vector<setting_error> warnings;
    auto warn = [&](std::string_view field, std::string_view code, std::string_view message) {
        setting_error& w = warnings.emplace_back();
        w.field = field;
        w.reason = code;
        w.message = message;
    };
    settings const& s = module.text;
    if (s.auto_join_groups.empty())
        warn("auto_join_groups", "no_auto_join_group",
             "people who log in through this module join no group by themselves");
    if (!s.group_mappings.empty() && s.groups.empty())
        warn("group_mappings", "mappings_inactive", "the group mappings do nothing until the Groups path is set");
    if (!s.email.empty() && s.email_verified.empty())
        warn("email_verified", "email_state_unknown",
             s.email_auto_verification
                 ? "every email counts as verified here although the provider does not say so"
                 : "the provider is not asked whether an email is verified, so no account is linked by it");
    auto const proof = module.provider ? module.provider->extras.proof : token_proof();
    if (!s.extension_grant_type.empty() && proof.method == proof_method::none)
        warn("extension_grant_type", "token_not_provable",
             proof.warning.empty() ? std::string_view("this provider cannot tell for whom it issued a token: any "
                                                      "application that has one of a person can log in here as them")
                                   : proof.warning);
    return warnings;
}

/// All modules of the service at one moment, in the order of the login page.
struct module_list {
    std::vector<std::shared_ptr<running_module const>> all; ///< enabled or not

    module_list() = default;

    /// The module with this id, or null.
    [[nodiscard]] running_module const* find(std::string_view id) const noexcept {
        for (auto const& module : all)
            if (module->record.id == id) return module.get();
        return nullptr;
    }

    /// The default module if it serves, or null.
    [[nodiscard]] running_module const* default_module() const noexcept {
        for (auto const& module : all)
            if (module->record.is_default && module->serves()) return module.get();
        return nullptr;
    }
};

/// Who changes settings, for the audit.
struct change_author {
    std::string name = "system"; ///< account id, `admin-token` or `system`
    std::string address;         ///< IP address, empty for none

    change_author() = default;

    change_author(std::string in_name, std::string in_address)
        : name(std::move(in_name)), address(std::move(in_address)) {}
};

/// Why a change of a module was refused: `setting_refused` comes with the fields at fault, other codes alone.
struct settings_refusal {
    error_code code;                   ///< what to tell the caller
    std::vector<setting_error> errors; ///< in the order of the settings page

    settings_refusal() = default;

    settings_refusal(errc in_code) : code(in_code) {}

    settings_refusal(error_code in_code) : code(in_code) {}

    settings_refusal(std::vector<setting_error> in_errors)
        : code(errc::setting_refused), errors(std::move(in_errors)) {}
};

/// Lets `result<T, settings_refusal>::value()` throw `boost::system::system_error` naming the first field at fault.
[[noreturn]] inline void throw_exception_from_error(settings_refusal const& why, boost::source_location const&) {
    std::string what;
    if (!why.errors.empty()) what = why.errors.front().field + ": " + why.errors.front().message;
    throw boost::system::system_error(why.code, what);
}

} // namespace authmod
