// reject: malformed_url<.*authorization_url.*bad_placeholder, 20>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/realms/{relm}/authorize",
                                                  .token_url = "{server_url}/realms/{realm}/token",
                                                  .user_info_url = "{server_url}/realms/{realm}/me"};
#else
    static constexpr authmod::endpoints endpoints{.authorization_url = "{server_url}/realms/{realm}/authorize",
                                                  .token_url = "{server_url}/realms/{realm}/token",
                                                  .user_info_url = "{server_url}/realms/{realm}/me"};
#endif
};

static_assert(authmod::provider<own_provider>);
