// reject: P::pkce
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr bool pkce = true;
#else
    static constexpr authmod::pkce_mode pkce = authmod::pkce_mode::off;
#endif
};

static_assert(authmod::provider<own_provider>);
