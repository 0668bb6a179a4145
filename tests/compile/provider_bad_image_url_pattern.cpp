// reject: malformed_image_url_pattern<.*no_picture_id, 22>
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::mapping_paths mapping{
        .user_id = "id"_path, .avatar = "pic"_path, .image_url_pattern = "https://id.example/pic"};
#else
    static constexpr authmod::mapping_paths mapping{
        .user_id = "id"_path, .avatar = "pic"_path, .image_url_pattern = "https://id.example/<picture-id>"};
#endif
};

static_assert(authmod::provider<own_provider>);
