// The README repeats four things that live in the code; here they are compared, so that it cannot drift.
#include "layers/own_provider.hpp"

#include "authmod/core/errc.hpp"
#include "authmod/provider/settings_json.hpp"
#include "test_paths.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>
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

BOOST_AUTO_TEST_CASE(the_table_of_settings_has_every_setting_and_no_other) {
    auto const table = section(read("README.md"), "settings");
    std::set<std::string> expected{"client_secret"}, named;
    authmod::settings const all;
    authmod::for_each_setting(all, [&](char const* name, auto const&) { expected.insert(name); });
    for (std::size_t line = 0; line < table.size(); line = table.find('\n', line) + 1) {
        auto const end = table.find('|', line + 1); // of the first column
        for (auto open = table.find('`', line); open < end; open = table.find('`', open)) {
            auto const close = table.find('`', open + 1);
            named.insert(table.substr(open + 1, close - open - 1));
            open = close + 1;
        }
    }
    BOOST_TEST(named == expected, boost::test_tools::per_element());
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
