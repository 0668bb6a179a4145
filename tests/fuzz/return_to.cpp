// The page to return to: whatever is let through is a path of this site, unchanged.
#include "authmod/protocol/return_to.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const page = authmod::safe_return_to(text);
    if (!page) return 0;
    if (*page != text || text[0] != '/' || text.starts_with("//") || text.find('\\') != text.npos) std::abort();
    for (char const c : text)
        if (c <= ' ' || c >= 0x7f) std::abort();
    return 0;
}
