// What an administrator or a file sends as settings: nothing crashes, what is taken can be written and read back, and a
// plan made of it calls only URLs that may be called.
#include "authmod/provider/bitbucket_cloud.hpp"
#include "authmod/provider/keycloak.hpp"
#include "authmod/provider/module_plan.hpp"
#include "authmod/provider/oidc.hpp"
#include "authmod/provider/settings_json.hpp"

#include <boost/json/parse.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void plan_with(authmod::provider_info const& provider, boost::json::object const& patch) {
    using namespace authmod;
    auto const merged = merge_settings(provider.defaults, patch);
    if (!merged) {
        for (auto const& error : merged.error())
            if (error.reason.empty() || error.message.empty()) std::abort(); // a member may be called ""
        return;
    }
    if (merge_settings(settings(), to_json(*merged)).value() != *merged) std::abort();
    auto const plan = make_plan(provider, *merged);
    if (!plan) {
        for (auto const& error : plan.error())
            if (error.field.empty() || error.reason.empty()) std::abort();
        return;
    }
    for (auto const& [name, member] : detail::url_fields)
        if (auto const& url = plan->text.*member; !url.empty() && check_endpoint_url(url) != url_error{}) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    boost::json::error_code bad;
    auto const patch = boost::json::parse({reinterpret_cast<char const*>(data), size}, bad);
    if (bad || !patch.is_object()) return 0;
    for (auto const* provider : {&authmod::info_of<authmod::bitbucket_cloud>(), &authmod::info_of<authmod::keycloak>(),
                                 &authmod::info_of<authmod::oidc>()})
        plan_with(*provider, patch.get_object());
    return 0;
}
