// reject: static assertion failed.*provider: extras.limit needs
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::provider_extras extras{.limit = {.setting = "allowed_teams", .path = "teams"_path}};
#else
    static constexpr authmod::provider_extras extras{.limit = {.setting = "allowed_organizations", .path = "teams"_path}};
#endif
};

static_assert(authmod::provider<own_provider>);
