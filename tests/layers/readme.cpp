// The README repeats three things that live in the code; here they are compared, so that it cannot drift.
#include "layers/own_provider.hpp"

#include "authmod/core/errc.hpp"
#include "test_paths.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace {

std::string read(std::string const& name) {
    std::ifstream in(std::string(AUTHMOD_SOURCE_DIR) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The text between `<!-- name -->` and `<!-- /name -->`.
std::string section(std::string const& text, std::string const& name) {
    auto const open = "<!-- " + name + " -->\n";
    auto const begin = text.find(open);
    auto const end = text.find("<!-- /" + name + " -->");
    if (begin == text.npos || end == text.npos || end < begin + open.size()) return {};
    return text.substr(begin + open.size(), end - begin - open.size());
}

std::string errors_table() {
    std::string table = "| code | what happened | what to do |\n|---|---|---|\n";
    for (auto const& row : authmod::detail::errc_rows)
        table += "| `" + std::string(row.word) + "` | " + row.message + " | " + std::string(row.cure) + " |\n";
    return table;
}

} // namespace

BOOST_AUTO_TEST_SUITE(readme)

BOOST_AUTO_TEST_CASE(the_table_of_errors_is_the_one_of_the_code) {
    auto const expected = errors_table();
    if (section(read("README.md"), "errors") != expected) {
        std::ofstream("errors.md", std::ios::binary) << expected;
        BOOST_ERROR(
            "the README's table of errors differs from core/errc.hpp; the right one is in errors.md, beside this test");
    }
}

BOOST_AUTO_TEST_CASE(the_first_program_is_the_first_tutorial) {
    auto const program = read("examples/1_hello_login.cpp");
    BOOST_TEST_REQUIRE(!program.empty());
    if (section(read("README.md"), "program") != "```cpp\n" + program + "```\n")
        BOOST_ERROR("the README's program differs from examples/1_hello_login.cpp");
}

BOOST_AUTO_TEST_CASE(the_provider_of_ones_own_compiles) {
    auto const file = read("tests/layers/own_provider.hpp");
    std::string const open = "// [README\n";
    auto const begin = file.find(open) + open.size();
    auto const snippet = file.substr(begin, file.find("// README]") - begin);
    if (section(read("README.md"), "provider") != "```cpp\n" + snippet + "```\n")
        BOOST_ERROR("the README's provider differs from tests/layers/own_provider.hpp");
}

BOOST_AUTO_TEST_SUITE_END()
