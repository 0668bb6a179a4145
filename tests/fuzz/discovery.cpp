// Discovery documents: nothing crashes, and what comes out names this issuer and URLs that may be called.
#include "authmod/protocol/discovery.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace authmod;
    constexpr std::string_view issuer = "https://op.example";
    auto const found = parse_discovery({reinterpret_cast<char const*>(data), size}, issuer);
    if (!found) return 0;
    if (found->issuer != issuer) std::abort();
    for (auto const* url : {&found->authorization_endpoint, &found->token_endpoint, &found->jwks_uri})
        if (check_endpoint_url(*url) != url_error{}) std::abort();
    for (auto const* url : {&found->userinfo_endpoint, &found->end_session_endpoint, &found->revocation_endpoint,
                            &found->pushed_authorization_request_endpoint})
        if (!url->empty() && check_endpoint_url(*url) != url_error{}) std::abort();
    return 0;
}
