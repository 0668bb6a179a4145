// reject: malformed_path<.*bad_escape, 1>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

#ifdef AUTHMOD_REJECT
constexpr authmod::path_view path = "\"\\ud800\""_path;
#else
constexpr authmod::path_view path = "\"\\ud83d\\ude00\""_path;
#endif

static_assert(!path.empty());
