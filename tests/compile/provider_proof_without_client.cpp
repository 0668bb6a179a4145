// reject: static assertion failed.*provider: extras.proof needs
#include "valid_provider.hpp"

struct own_provider : valid_provider {
#ifdef AUTHMOD_REJECT
    static constexpr authmod::provider_extras extras{
        .proof = {.method = authmod::proof_method::introspection, .url = "https://id.example/introspect"}};
#else
    static constexpr authmod::provider_extras extras{.proof = {.method = authmod::proof_method::introspection,
                                                               .url = "https://id.example/introspect",
                                                               .client = "client_id"_path}};
#endif
};

static_assert(authmod::provider<own_provider>);
