// reject: malformed_url<.*groups_url.*has_userinfo, 8>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .logout_url = {},
                                                  .groups_url = "https://me@id.example/groups"};
#else
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .logout_url = "https://id.example/logout"};
#endif
};

static_assert(authmod::provider<own_provider>);
