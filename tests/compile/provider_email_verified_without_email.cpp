// reject: static assertion failed.*provider: mapping.email_verified needs
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .email_verified = "verified"_path};
#else
    static constexpr authmod::mapping_paths mapping{
        .user_id = "id"_path, .email = "email"_path, .email_verified = "verified"_path};
#endif
};

static_assert(authmod::provider<own_provider>);
