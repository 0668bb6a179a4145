// reject: malformed_path<.*empty_segment, 7>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

#ifdef AUTHMOD_REJECT
constexpr authmod::path_view path = "values//email"_path;
#else
constexpr authmod::path_view path = "values/email"_path;
#endif

static_assert(!path.empty());
