// What a stranger's browser brings to the redirect URI: no input crashes, and what is let through keeps the reader's
// promises.
#include "authmod/protocol/authorization_response.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const response = authmod::read_authorization_response({reinterpret_cast<char const*>(data), size});
    if (!response) return 0;
    auto const printable = [](std::string_view text) {
        return std::ranges::all_of(text, authmod::ascii::is_printable);
    };
    if (!printable(response->state) || !printable(response->code.expose())) std::abort();
    if (!printable(response->error_description) || response->error_description.size() > 256) std::abort();
    if (response->code.expose().empty() == response->error.empty()) std::abort(); // one of them, never both
    return 0;
}
