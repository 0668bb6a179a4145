// reject: static assertion failed.*provider_list: two providers have the same id
#include "authmod/provider/provider_info.hpp"
#include "valid_provider.hpp"

struct another_provider : valid_provider {
#ifndef AUTHMOD_REJECT
    static constexpr std::string_view id = "another";
#endif
};

auto const providers = authmod::provider_list::of<valid_provider, another_provider>();
