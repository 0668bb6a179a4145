// A body of POST or PUT. No input crashes; the canonical form reads as itself, and its bytes with id and meta are what
// the tree says.
#include "authmod/scim/projection.hpp"
#include "authmod/scim/resource.hpp"

#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace scim = authmod::scim;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const body = scim::read_json({reinterpret_cast<char const*>(data), size});
    if (!body) return 0;
    if (auto const attributes = scim::read_resource(*body, scim::user_type)) {
        auto const again = scim::read_resource(*attributes, scim::user_type);
        if (!again || *again != *attributes) std::abort();
        scim::user u;
        u.id = "u1";
        scim::set_resource(u, *attributes);
        if (scim::attributes_of(u) != *attributes || u.user_name.empty()) std::abort();
        if (boost::json::parse(scim::show(u, {}, "https://x")) != scim::to_object(u, {}, "https://x")) std::abort();
    }
    if (auto attributes = scim::read_resource(*body, scim::group_type)) {
        (void)scim::take_members(*attributes);
        scim::group g;
        scim::set_resource(g, *attributes);
        if (g.display_name.empty() || attributes->contains("members")) std::abort();
    }
    return 0;
}
