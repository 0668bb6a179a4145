// A file that maps a profile's bytes to fields.
#include <authmod/mapping/profile_reader.hpp>
