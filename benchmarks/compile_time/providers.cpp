// A registry of providers: all that come with the library or, with AUTHMOD_FEWER, one of them. Thirteen providers differ.
#ifdef AUTHMOD_FEWER
#include <authmod/provider/bitbucket_cloud.hpp>
#include <authmod/provider/registry.hpp>
using offered = authmod::registry<authmod::bitbucket_cloud>;
#else
#include <authmod/provider/all.hpp>
using offered = authmod::all_providers;
#endif

authmod::provider_list providers();

authmod::provider_list providers() { return offered(); }
