// What strangers send to the server before anything is parsed: a head that passes has one host and one way to tell its
// body.
#include "authmod/server/cookie.hpp"
#include "authmod/server/request_guard.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const whole = authmod::look_for_head(text, 0);
    if (whole.size == 0) return 0;
    auto const head = authmod::judge_head(text.substr(0, whole.size));
    if (head.status != 0) return 0;
    if (head.method.empty() || head.target.empty()) std::abort();
    int hosts = 0;
    for (auto const& field : head.fields) {
        if (authmod::ascii::equal_ignoring_case(field.name, "host")) ++hosts;
        if (authmod::ascii::equal_ignoring_case(field.name, "cookie"))
            authmod::for_each_cookie(field.value, [&](std::string_view name, std::string_view value) {
                if (name.size() + value.size() > field.value.size()) std::abort();
            });
    }
    if (hosts > 1) std::abort();
    return 0;
}
