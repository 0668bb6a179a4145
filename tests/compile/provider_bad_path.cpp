// reject: malformed_path<.*bad_character, 17>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .email = "values[is_primary/email"_path};
#else
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .email = "values[is_primary]/email"_path};
#endif
};

static_assert(authmod::provider<own_provider>);
