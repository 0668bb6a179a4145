// reject: malformed_path<.*empty_segment, 6>
#include "authmod/mapping/static_path.hpp"

using namespace authmod::literals;

// The compiler refuses this, but with another reason: the test of the reject branch has to fail.
#ifdef AUTHMOD_REJECT
static_assert(!authmod::path_view("values/"_path).empty());
#else
static_assert(!authmod::path_view("values/email"_path).empty());
#endif
