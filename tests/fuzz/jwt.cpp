// Signed tokens: nothing crashes, nothing is accepted that was not signed, and what a token says is what its rules
// want. An input that begins with `{` is the claims of a token that is signed here; any other one is the token itself.
#include "authmod/protocol/dpop.hpp"
#include "authmod/protocol/id_token.hpp"
#include "authmod/protocol/logout_token.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace authmod;

signing_key const& key() {
    static auto const fixed = signing_key::from_private_bytes(std::string(32, 'k')).value();
    return fixed;
}

key_set const& keys() {
    static auto const set = key_set::parse(R"({"keys":[)" + detail::public_jwk(key()) + "]}").value();
    return set;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    jwt_rules rules;
    rules.issuer = "https://op.example";
    rules.client_id = "c";
    rules.algorithms = algorithm_set::all();
    constexpr auto now = from_milliseconds(1'795'521'600'000);
    bool const ours = text.starts_with('{');
    auto const token = ours ? sign_compact_jws(key(), R"({"alg":"ES256"})", text) : std::string(text);

    auto const id = read_id_token(token, keys(), rules, {"n", {}, {}}, now);
    auto const logout = read_logout_token(token, keys(), rules, now);
    if ((id || logout) && !ours) std::abort(); // nobody else has the key
    if (id && logout) std::abort();            // no token is both
    if (id && (id->subject.empty() || id->subject.size() > 255 || id->claims != text)) std::abort();
    if (id && id->expires_at <= now - max_clock_skew) std::abort();
    if (logout && ((logout->subject.empty() && logout->session_id.empty()) || logout->token_id.empty())) std::abort();
    if (ours && !id && fresh_keys_may_help(id.error().code)) std::abort();
    return 0;
}
