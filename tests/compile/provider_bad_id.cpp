// reject: static assertion failed.*provider: id must be
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr std::string_view id = "Own-Provider";
#else
    static constexpr std::string_view id = "own_provider";
#endif
};

static_assert(authmod::provider<own_provider>);
