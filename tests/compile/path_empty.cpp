// reject: malformed_path<.*empty_path, 0>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

#ifdef AUTHMOD_REJECT
constexpr authmod::path_view path = " "_path;
#else
constexpr authmod::path_view path = "a"_path;
#endif

static_assert(!path.empty());
