// reject: static assertion failed.*provider: icon_svg must be
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr std::string_view icon_svg = "https://id.example/icon.svg";
#else
    static constexpr std::string_view icon_svg = "<svg></svg>";
#endif
};

static_assert(authmod::provider<own_provider>);
