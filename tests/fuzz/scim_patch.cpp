// A PATCH body for a user and for a group. No input crashes; what comes out is a resource that we would read again,
// with one primary value at the most, and no member both put in and taken out.
#include "authmod/scim/patch.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace scim = authmod::scim;
namespace json = boost::json;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static json::object const person = json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName":"bob","name":{"givenName":"B"},"active":true,"emails":[{"value":"w@x","type":"work","primary":true},
        {"value":"h@x","type":"home"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"d"}})")
                                           .as_object();
    static json::object const team =
        json::parse(R"({"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"G"})").as_object();
    static std::vector<scim::member> const present{{"u1", "Bob"}, {"u2", "Ann"}};

    auto const body = scim::read_json({reinterpret_cast<char const*>(data), size});
    if (!body) return 0;
    if (auto const p = scim::patch::parse(*body, scim::user_type)) {
        auto attributes = person;
        if (p->apply(attributes)) {
            auto const again = scim::read_resource(attributes, scim::user_type);
            if (!again || *again != attributes) std::abort();
            if (!attributes.at("active").is_bool()) std::abort();
        }
    }
    if (auto const p = scim::patch::parse(*body, scim::group_type)) {
        auto attributes = team;
        scim::member_changes members;
        if (p->apply(attributes, members, present)) {
            if (!scim::read_resource(attributes, scim::group_type)) std::abort();
            if (members.replaces && !members.remove.empty()) std::abort();
            if (!std::ranges::is_sorted(members.add) || !std::ranges::is_sorted(members.remove)) std::abort();
            for (auto const& id : members.add)
                if (std::ranges::binary_search(members.remove, id)) std::abort();
        }
    }
    return 0;
}
