// reject: static assertion failed.*provider: email_url needs a path
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .email_url = "https://id.example/emails"};
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path};
#else
    static constexpr authmod::endpoints endpoints{.authorization_url = "https://id.example/authorize",
                                                  .token_url = "https://id.example/token",
                                                  .user_info_url = "https://id.example/me",
                                                  .email_url = "https://id.example/emails"};
#endif
};

static_assert(authmod::provider<own_provider>);
