// SPDX-License-Identifier: BSL-1.0
// Layer 2. Every provider that comes with the library, in one header.
#pragma once

#include "authmod/provider/amazon.hpp"
#include "authmod/provider/bitbucket_cloud.hpp"
#include "authmod/provider/facebook.hpp"
#include "authmod/provider/github.hpp"
#include "authmod/provider/gitlab.hpp"
#include "authmod/provider/google.hpp"
#include "authmod/provider/keycloak.hpp"
#include "authmod/provider/microsoft_account.hpp"
#include "authmod/provider/microsoft_entra.hpp"
#include "authmod/provider/oauth2.hpp"
#include "authmod/provider/oidc.hpp"
#include "authmod/provider/okta.hpp"
#include "authmod/provider/paypal.hpp"
#include "authmod/provider/registry.hpp"
#include "authmod/provider/yandex.hpp"

namespace authmod {

/// Every provider of the library, in the order in which administrators see them.
using all_providers = registry<bitbucket_cloud, github, gitlab, google, microsoft_entra, microsoft_account, keycloak,
                               okta, amazon, facebook, paypal, yandex, oauth2, oidc>;

} // namespace authmod
