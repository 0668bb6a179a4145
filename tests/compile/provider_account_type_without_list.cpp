// reject: static assertion failed.*provider: mapping.account_type and
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .account_type = "type"_path};
#else
    static constexpr authmod::mapping_paths mapping{.user_id = "id"_path, .account_type = "type"_path};
    static constexpr std::string_view accepted_account_types[] = {"user"};
#endif
};

static_assert(authmod::provider<own_provider>);
