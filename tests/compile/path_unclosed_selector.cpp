// reject: malformed_path<.*unclosed_selector, 6>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

#ifdef AUTHMOD_REJECT
constexpr authmod::path_view path = "values[is_primary"_path;
#else
constexpr authmod::path_view path = "values[is_primary]"_path;
#endif

static_assert(!path.empty());
