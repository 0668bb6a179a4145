// The token endpoint's answer: no body crashes, and a token that is let through fits into a header field.
#include "authmod/protocol/token_response.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr int statuses[] = {200, 400, 401, 429, 500};
    authmod::http_response const response(statuses[data[0] % 5],
                                          std::string(reinterpret_cast<char const*>(data) + 1, size - 1));
    auto const token = authmod::read_token_response(response, authmod::token_grant::authorization_code);
    if (!token) return 0;
    auto const text = token->access_token.expose();
    if (response.status != 200 || text.empty() || text.size() > authmod::max_token_bytes) std::abort();
    if (!std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; })) std::abort();
    if (token->expires_in && (token->expires_in->count() < 0 || *token->expires_in > authmod::max_token_lifetime))
        std::abort();
    return 0;
}
