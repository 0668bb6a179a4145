// reject: malformed_path<.*empty_segment, 7>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

// Nothing is wrong here with or without AUTHMOD_REJECT: the test of the reject branch has to fail.
static_assert(!authmod::path_view("values/email"_path).empty());
