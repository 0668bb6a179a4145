// A second file with all headers: a function that lacks `inline` would be defined twice now.
#include <authmod/authmod.hpp>
#include <authmod/provider/bitbucket_cloud.hpp>
#include <string>

std::string second_file();

std::string second_file() { return std::string(authmod::bitbucket_cloud::endpoints.authorization_url) + "?"; }
