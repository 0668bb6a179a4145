// reject: malformed_path<.*edge_blank, 1>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

#ifdef AUTHMOD_REJECT
constexpr authmod::path_view path = "a /b"_path;
#else
constexpr authmod::path_view path = "a/b"_path;
#endif

static_assert(!path.empty());
