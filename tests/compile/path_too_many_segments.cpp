// reject: malformed_path<.*too_many_segments, 64>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

#ifdef AUTHMOD_REJECT
constexpr authmod::path_view path = "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"_path;
#else
constexpr authmod::path_view path = "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"_path;
#endif

static_assert(!path.empty());
