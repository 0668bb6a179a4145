// reject: static assertion failed.*provider: extras.openid needs algorithms
#include "valid_provider.hpp"

struct own_provider : valid_provider {
    static constexpr std::string_view scopes = "openid email";
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .issuer = "https://id.example",
                                                  .jwks_url = "https://id.example/keys"};
#ifdef AUTHMOD_REJECT
    static constexpr std::string_view algorithms[] = {"RS256", "HS256"};
#else
    static constexpr std::string_view algorithms[] = {"RS256", "ES256"};
#endif
    static constexpr authmod::provider_extras extras{.openid = authmod::openid_traits{.algorithms = algorithms}};
};

static_assert(authmod::provider<own_provider>);
