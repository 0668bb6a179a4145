// Maps a profile without a login: neither OpenSSL nor Beast may be needed for this.
#include <authmod/mapping/profile_reader.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <iostream>

int main() {
    using plan = authmod::static_mapping_plan<authmod::bitbucket_cloud::mapping>;
    authmod::profile_reader reader(plan::view());
    auto const read = reader.read(authmod::document_kind::profile, R"({"uuid": "{1}", "nickname": "ada"})");
    if (!read) return 1;
    auto const user = reader.finish();
    if (!user || user->username != "ada") return 1;
    std::cout << *user->user_id << '\n';
}
