// URLs of administrators and of `next` links: what is let through has the same host for Boost.URL, and stays accepted.
#include "authmod/model/endpoint_url.hpp"
#include "authmod/protocol/same_origin.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    authmod::endpoint_url url;
    auto const error = authmod::parse_endpoint_url(text, true, url);
    if (error != authmod::url_error{}) {
        if (error.offset > size) std::abort();
        return 0;
    }
    auto const other = boost::urls::parse_uri({text.data(), text.size()});
    if (!other || std::string_view(other->encoded_host().data(), other->encoded_host().size()) != url.host) std::abort();
    if (other->has_userinfo() || other->has_fragment()) std::abort();
    if (!url.https && !authmod::is_loopback_host(url.host)) std::abort();
    if (!authmod::same_origin(text, text)) std::abort();
    return 0;
}
