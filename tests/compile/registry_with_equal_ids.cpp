// reject: static assertion failed.*registry: two providers have the same id
#include "authmod/provider/registry.hpp"
#include "valid_provider.hpp"

struct another_provider : valid_provider {
#ifndef AUTHMOD_REJECT
    static constexpr std::string_view id = "another";
#endif
};

authmod::registry<valid_provider, another_provider> const providers;
