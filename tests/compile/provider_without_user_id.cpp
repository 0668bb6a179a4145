// reject: static assertion failed.*provider: mapping.user_id is missing
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::mapping_paths mapping{.email = "email"_path};
#else
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .email = "email"_path};
#endif
};

static_assert(authmod::provider<own_provider>);
