// reject: static assertion failed.*provider: scopes must be
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr std::string_view scopes = "email \"profile\"";
#else
    static constexpr std::string_view scopes = "email profile";
#endif
};

static_assert(authmod::provider<own_provider>);
