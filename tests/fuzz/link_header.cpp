// Where the next page of a list is: whatever a header field says, only at the list's own origin is it asked for.
#include "authmod/flow/list_pages.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

/// Read apart from the code under test.
bool at_home(std::string_view url) {
    std::string lower(url);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    constexpr std::string_view home = "https://api.example";
    if (!lower.starts_with(home)) return false;
    auto const rest = lower.substr(home.size());
    return rest.empty() || rest[0] == '/' || rest[0] == '?' || rest.starts_with(":443/") || rest == ":443" ||
           rest.starts_with(":443?");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    authmod::http_response response(200, "[]");
    response.headers.emplace_back("Link", text);
    auto const next = authmod::next_link(response);
    if (!next.empty() && text.find("<" + std::string(next) + ">") == text.npos) std::abort();
    authmod::list_pages pages("https://api.example/orgs");
    auto const asked = pages.after(response, {});
    if (!asked.empty() && (asked != next || !at_home(asked))) std::abort();
    if (asked.empty() && next.empty() && !pages.complete()) std::abort();
    return 0;
}
