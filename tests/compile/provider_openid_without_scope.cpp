// reject: static assertion failed.*provider: extras.openid needs the scope openid
#include "valid_provider.hpp"

struct own_provider : valid_provider {
    static constexpr authmod::provider_extras extras{.openid = authmod::openid_traits{}};
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .issuer = "https://id.example",
                                                  .jwks_url = "https://id.example/keys"};
#ifndef AUTHMOD_REJECT
    static constexpr std::string_view scopes = "openid email";
#endif
};

static_assert(authmod::provider<own_provider>);
