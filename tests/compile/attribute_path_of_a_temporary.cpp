// reject: deleted.*function
#include "authmod/mapping/attribute_path.hpp"

bool is_set() {
#ifdef AUTHMOD_REJECT
    return !authmod::attribute_path().view().empty(); // would refer to steps that are gone
#else
    authmod::attribute_path const path;
    return !path.view().empty();
#endif
}
