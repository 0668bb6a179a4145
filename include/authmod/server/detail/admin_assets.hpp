// SPDX-License-Identifier: BSL-1.0
// Layer 7. The scripts and style sheets of the administrators' pages by name. They are what browsers run: no build step
// makes them.
#pragma once

#include "authmod/server/detail/admin_app_js.hpp"
#include "authmod/server/detail/admin_audit_js.hpp"
#include "authmod/server/detail/admin_css.hpp"
#include "authmod/server/detail/admin_grouping_js.hpp"
#include "authmod/server/detail/admin_htm_js.hpp"
#include "authmod/server/detail/admin_icons_js.hpp"
#include "authmod/server/detail/admin_lib_js.hpp"
#include "authmod/server/detail/admin_mapping_js.hpp"
#include "authmod/server/detail/admin_module_js.hpp"
#include "authmod/server/detail/admin_modules_js.hpp"
#include "authmod/server/detail/admin_people_js.hpp"
#include "authmod/server/detail/admin_preact_js.hpp"
#include "authmod/server/detail/admin_scim_js.hpp"
#include "authmod/server/detail/admin_services_js.hpp"
#include "authmod/server/detail/admin_settings_js.hpp"
#include "authmod/server/detail/admin_ui_js.hpp"
#include "authmod/server/detail/pico_css.hpp"

#include <string_view>

namespace authmod::detail {

struct admin_asset {
    std::string_view name;
    std::string_view text;

    [[nodiscard]] constexpr bool is_script() const noexcept { return name.ends_with(".js"); }
};

inline constexpr admin_asset admin_assets[] = {
    {"pico.css", pico_css},           {"admin.css", admin_css},           {"app.js", admin_app_js},
    {"preact.js", preact_js},         {"hooks.js", preact_hooks_js},      {"htm.js", htm_js},
    {"icons.js", admin_icons_js},     {"lib.js", admin_lib_js},           {"ui.js", admin_ui_js},
    {"modules.js", admin_modules_js}, {"module.js", admin_module_js},     {"settings.js", admin_settings_js},
    {"mapping.js", admin_mapping_js}, {"grouping.js", admin_grouping_js}, {"scim.js", admin_scim_js},
    {"people.js", admin_people_js},   {"services.js", admin_services_js}, {"audit.js", admin_audit_js},
};

/// The first segment of the addresses that `app.js` knows.
inline constexpr std::string_view admin_page_names[] = {"", "modules", "accounts", "groups", "services", "audit"};

} // namespace authmod::detail
