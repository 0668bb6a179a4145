// reject: malformed_url<.*email_url.*has_fragment, 25>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .email_url = "https://id.example/emails#x"};
#else
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .email_url = "https://id.example/emails"};
#endif
};

static_assert(authmod::provider<own_provider>);
