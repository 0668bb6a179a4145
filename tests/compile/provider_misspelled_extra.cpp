// reject: revocation_uri
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::provider_extras extras{.revocation_uri = "https://id.example/revoke"};
#else
    static constexpr authmod::provider_extras extras{.revocation_url = "https://id.example/revoke"};
#endif
};

static_assert(authmod::provider<own_provider>);
