// reject: malformed_url<.*token_url.*has_fragment, 28>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/{tenant}/#token",
                                                  .user_info_url = "https://id.example/me"};
#else
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/{tenant}/token",
                                                  .user_info_url = "https://id.example/me"};
#endif
};

static_assert(authmod::provider<own_provider>);
