// A filter, and after a NUL byte a resource. No input crashes; what is accepted has a tree in order, and the plan for
// an index finds whatever the filter matches by id.
#include "authmod/scim/resource.hpp"
#include "authmod/scim/search.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace scim = authmod::scim;

namespace {

/// Every child lies within its parent.
std::size_t check(scim::filter const& f, std::size_t at, std::size_t end) {
    auto const& node = f.nodes()[at];
    if (node.size == 0 || at + node.size > end) std::abort();
    bool const leaf = node.op >= scim::filter_op::present;
    if (leaf != (node.size == 1)) std::abort();
    for (auto child = at + 1; child < at + node.size;) child = check(f, child, at + node.size);
    return at + node.size;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const input{reinterpret_cast<char const*>(data), size};
    auto const text = input.substr(0, input.find('\0'));
    (void)scim::path::parse(text, scim::user_type);
    auto const f = scim::filter::parse(text, scim::user_type);
    if (!f) {
        if (f.error().offset > text.size()) std::abort();
        return 0;
    }
    if (check(*f, 0, f->nodes().size()) != f->nodes().size()) std::abort();
    auto const plan = scim::plan_search(*f);
    if (text.size() == size) return 0;
    auto const body = scim::read_json(input.substr(text.size() + 1));
    if (!body || !body->is_object()) return 0;
    auto attributes = scim::read_resource(*body, scim::user_type);
    if (!attributes) return 0;
    attributes->emplace("active", true); // as every stored user has it
    scim::user u;
    u.id = "u1";
    scim::set_resource(u, *attributes);
    bool const matches = f->matches(scim::to_object(u, {}, "https://x"));
    if (matches && plan.nothing) std::abort();
    if (plan.any_of.size() == 1 && plan.any_of[0].size() == 1) { // one condition decides about the candidates
        auto const& c = plan.any_of[0][0];
        if (c.how != scim::relation::equal) return 0;
        bool found = true;
        if (c.what == scim::column::id) found = u.id == c.text;
        if (c.what == scim::column::user_name) found = u.user_name == c.text;
        if (c.what == scim::column::external_id) found = u.external_id == c.text;
        if (c.what == scim::column::display_name) found = u.display_name == c.text;
        if (c.what == scim::column::active) found = u.active == c.truth;
        if (matches && !found) std::abort();
        bool const decided = c.what <= scim::column::display_name || c.what == scim::column::active;
        if (plan.exact && decided && found && !matches) std::abort();
    }
    return 0;
}
