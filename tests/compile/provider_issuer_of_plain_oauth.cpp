// reject: static assertion failed.*provider: issuer and jwks_url are for
#include "valid_provider.hpp"

struct own_provider : valid_provider {
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
#ifdef AUTHMOD_REJECT
                                                  .issuer = "https://id.example"
#endif
    };
};

static_assert(authmod::provider<own_provider>);
