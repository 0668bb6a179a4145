// reject: P::label
#include "valid_provider.hpp"

#ifdef AUTHMOD_REJECT
static_assert(authmod::provider<unnamed_provider>);
#else
static_assert(authmod::provider<valid_provider>);
#endif
