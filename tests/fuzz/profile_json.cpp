// The provider's answers about a person, read with Bitbucket's paths. The first byte says which document the rest is;
// the profile after a NUL byte, if there is one. No input crashes, and what comes out keeps the promises of
// user_profile.
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/provider/bitbucket_cloud.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view const text{reinterpret_cast<char const*>(data) + 1, size - 1};
    auto const nul = text.find('\0');
    constexpr authmod::document_kind kinds[] = {authmod::document_kind::profile, authmod::document_kind::emails,
                                                authmod::document_kind::groups};
    authmod::profile_reader reader(authmod::static_mapping_plan<authmod::bitbucket_cloud::mapping>::view());
    if (!reader.read(kinds[data[0] % 3], text.substr(0, nul))) return 0;
    if (nul != text.npos && !reader.read(authmod::document_kind::profile, text.substr(nul + 1))) return 0;
    auto const user = reader.finish();
    if (!user) return 0;
    if (user->user_id && (user->user_id->empty() || user->user_id->size() > 255)) std::abort();
    if (user->email && user->email->empty()) std::abort();
    for (auto const* field : {&user->user_id, &user->username, &user->full_name, &user->email, &user->avatar})
        if (*field && (*field)->find('\0') != std::string::npos) std::abort();
    return 0;
}
