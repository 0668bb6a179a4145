// reject: static assertion failed.*provider: .api_url. needs extras.api
#include "valid_provider.hpp"

struct own_provider : valid_provider {
    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/authorize",
                                                  .token_url = "{server_url}/token",
                                                  .user_info_url = "{api_url}/me"};
#ifndef AUTHMOD_REJECT
    static constexpr authmod::provider_extras extras{.api = {.path = "/api"}};
#endif
};

static_assert(authmod::provider<own_provider>);
