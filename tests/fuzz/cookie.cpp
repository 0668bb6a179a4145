// The Cookie field of strangers: no pair is longer than the field, and what is kept of logins under way stays within its
// bounds whatever the browser already holds.
#include "authmod/server/cookie.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace authmod;
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    std::size_t bytes = 0;
    for_each_cookie(text, [&](std::string_view name, std::string_view value) {
        if (name.empty() && value.empty()) std::abort();
        bytes += name.size() + value.size();
    });
    if (bytes > size) std::abort();

    incoming_request request;
    request.fields.push_back({"Cookie", text});
    for (bool const https : {true, false}) {
        cookie_jar const jar(https);
        if (jar.session(request).size() > 128 || jar.admin(request).size() > 512) std::abort();
        auto const attempts = jar.attempts(request);
        if (!std::ranges::is_sorted(attempts, std::ranges::greater(), &cookie_jar::attempt::begun_at)) std::abort();
        for (auto const& attempt : attempts)
            if (attempt.value.empty() || attempt.mark().find('_') != text.npos) std::abort();
        auto const lines = jar.keep_attempt(request, "sealed", "mark", time_point(milliseconds(1)));
        if (lines.empty() || lines.size() > 1 + cookie_jar::max_dropped) std::abort();
        for (auto const& line : lines)
            if (line.find_first_of("\r\n") != text.npos && text.find_first_of("\r\n") == text.npos) std::abort();
    }
    return 0;
}
