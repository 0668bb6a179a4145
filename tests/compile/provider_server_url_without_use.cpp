// reject: static assertion failed.*provider: extras.server_url fills no URL
#include "valid_provider.hpp"

struct own_provider : valid_provider {
    static constexpr authmod::provider_extras extras{.server_url = "https://id.example"};
#ifndef AUTHMOD_REJECT
    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/authorize",
                                                  .token_url = "{server_url}/token",
                                                  .user_info_url = "{server_url}/me"};
#endif
};

static_assert(authmod::provider<own_provider>);
