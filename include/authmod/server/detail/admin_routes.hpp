// SPDX-License-Identifier: BSL-1.0
// Layer 7. The functions behind `/api/`, one for each route of admin_handlers.ipp. Each reads one permitted request and
// answers it; what it changes has its rows of the audit.
#pragma once

#include "authmod/server/detail/admin_call.hpp"

namespace authmod {

inline namespace AUTHMOD_ABI {

namespace admin_detail {

reply show_session(call const& c);

reply list_modules(call const& c);
reply create_module(call const& c);
reply show_module(call const& c);
reply update_module(call const& c);
reply remove_module(call const& c);
reply enable_module(call const& c);
reply disable_module(call const& c);
reply make_default(call const& c);
reply clear_default(call const& c);
reply begin_test_login(call const& c);
reply show_test_result(call const& c);
reply preview_mapping_paths(call const& c);

reply list_providers(call const& c);
reply show_openapi(call const& c);

reply list_audit(call const& c);
reply export_audit(call const& c);

reply list_accounts(call const& c);
reply create_account(call const& c);
reply show_account(call const& c);
reply update_account(call const& c);
reply end_sessions(call const& c);
reply remove_account(call const& c);

reply list_groups(call const& c);
reply create_group(call const& c);
reply remove_group(call const& c);
reply add_member(call const& c);
reply remove_member(call const& c);

reply list_services(call const& c);
reply create_service(call const& c);
reply remove_service(call const& c);

reply list_scim_clients(call const& c);
reply create_scim_client(call const& c);
reply list_scim_requests(call const& c);
reply rotate_scim_token(call const& c);
reply remove_scim_token(call const& c);
reply remove_scim_client(call const& c);

} // namespace admin_detail

} // namespace AUTHMOD_ABI

} // namespace authmod
