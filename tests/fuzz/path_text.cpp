// An administrator's text as attribute path and as image URL pattern: no input crashes, a refused one is refused inside
// its own length, an accepted one is accepted again with the same steps.
#include "authmod/mapping/attribute_path.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const first = authmod::attribute_path::parse(text);
    if (!first) {
        if (first.error().offset > size) std::abort();
        return 0;
    }
    auto const again = authmod::attribute_path::parse(first->view().text);
    if (!again || again->view().text != first->view().text) std::abort();
    if (again->view().steps.size() != first->view().steps.size()) std::abort();
    return 0;
}
