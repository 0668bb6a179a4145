// reject: malformed_url<.*issuer.*empty_url, 0>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
    static constexpr std::string_view scopes = "openid email";
    static constexpr authmod::provider_extras extras{.openid = authmod::openid_traits{}};
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
#ifndef AUTHMOD_REJECT
                                                  .issuer = "https://id.example",
#endif
                                                  .jwks_url = "https://id.example/keys"};
};

static_assert(authmod::provider<own_provider>);
