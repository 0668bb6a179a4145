// Key sets: nothing crashes, and a key that comes out is whole: it checks a signature without a fault and refuses a bad
// one.
#include "authmod/protocol/json_web_key.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace authmod;
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (auto const one = parse_json_web_key(text); one && one->key.verify(signature_algorithm::es256, "message", text))
        std::abort();
    auto const set = key_set::parse(text);
    if (!set) return 0;
    if (set->keys().empty() || set->keys().size() > max_keys_in_set) std::abort();
    for (auto const& key : set->keys()) {
        int served = 0;
        for (int i = 0; i != 10; ++i) {
            auto const algorithm = static_cast<signature_algorithm>(i);
            if (!key.serves(algorithm)) continue;
            ++served;
            if (key.key.verify(algorithm, "message", std::string(64, 's'))) std::abort();
        }
        if (served == 0) std::abort();
    }
    return 0;
}
