// reject: static assertion failed.*provider: scopes lacks email_scope
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr std::string_view scopes = "profile";
#else
    static constexpr std::string_view scopes = "email";
#endif
};

static_assert(authmod::provider<own_provider>);
