// Answers questions about filters and patches, one JSON text per line, so that filters.test.mjs and patches.test.mjs
// can ask the same of other implementations: {"filter", "resource"} gives {"match"}, {"patch", "resource"} gives
// {"resource"}; {"error"} is the word of a refusal. Resources are users in canonical form.
#include "authmod/scim/filter.hpp"
#include "authmod/scim/patch.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <string>

namespace {

namespace json = boost::json;
namespace scim = authmod::scim;

json::object refusal(scim::error const& why) { return {{"error", scim::to_word(why.type)}, {"detail", why.detail}}; }

json::object answer(json::object question) {
    auto& resource = question.at("resource").as_object();
    if (auto const* text = question.if_contains("filter")) {
        auto const filter = scim::filter::parse(text->as_string(), scim::user_type);
        if (!filter) return refusal(filter.error());
        return {{"match", filter->matches(resource)}};
    }
    auto const patch = scim::patch::parse(question.at("patch"), scim::user_type);
    if (!patch) return refusal(patch.error());
    if (auto const done = patch->apply(resource); !done) return refusal(done.error());
    return {{"resource", resource}};
}

} // namespace

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);)
        std::cout << json::serialize(answer(json::parse(line).as_object())) << '\n';
}
