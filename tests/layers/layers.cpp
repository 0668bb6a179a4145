// Reads the sources as text: the include lines against the layers, the first lines, the sizes, and words that have no
// business in a finished tree. The rules are a function over (path, text), so that they are tested themselves.
#include "test_paths.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct folder {
    std::string_view name;
    int layer;
};

// A header includes its own folder and folders with a lower number.
constexpr folder folders[] = {
    {"core", 0},      {"mapping", 1}, {"model", 1},  {"crypto", 1},  {"protocol", 2},
    {"provider", 2},  {"account", 2}, {"policy", 3}, {"flow", 4},    {"scim", 4},
    {"transport", 5}, {"storage", 5}, {"module", 6}, {"testing", 6}, {"server", 7},
};

struct permission {
    std::string_view prefix; // of the include
    std::string_view in;     // the folders that may, between blanks; empty: none
};

// The first row that fits decides; an include that fits none is a dependency nobody has written down.
constexpr permission permissions[] = {
    {"boost/json/src.hpp", ""}, // one file of a program; ours is the library Boost::json
    {"boost/asio/impl/src.hpp", ""},
    {"boost/asio/ssl/impl/src.hpp", ""},
    {"boost/beast/src.hpp", ""},
    {"boost/system/",
     " core mapping model crypto protocol provider account policy flow scim transport storage module testing server "},
    {"boost/assert/", " core scim "},
    {"boost/json", " mapping protocol provider flow scim storage module testing server "},
    {"boost/url", " protocol provider flow transport module server "},
    {"boost/asio/ssl", " transport server "},
    {"boost/beast", " transport server "},
    {"boost/asio", " policy transport storage module testing server "},
    {"openssl/", " crypto transport "},
    {"SQLiteCpp/", " storage "},
    {"sqlite3.h", " storage "},
    {"libpq-fe.h", " storage "},
    {"kainjow/", " server "},
    {"sys/", " storage transport server testing "},
    {"fcntl.h", " storage transport server testing "},
    {"unistd.h", " storage transport server testing "},
    {"pthread.h", " crypto "}, // random bytes in stock: a child process must not share its parent's
};

folder const* find_folder(std::string_view name) {
    auto const it = std::ranges::find(folders, name, &folder::name);
    return it == std::end(folders) ? nullptr : it;
}

/// The target of an `#include` line, if the line is one.
std::optional<std::string_view> include_of(std::string_view line) {
    auto const skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
    skip_blanks();
    if (!line.starts_with('#')) return {};
    line.remove_prefix(1);
    skip_blanks();
    if (!line.starts_with("include")) return {};
    line.remove_prefix(7);
    skip_blanks();
    if (line.empty() || (line[0] != '"' && line[0] != '<')) return {};
    auto const end = line.find(line[0] == '<' ? '>' : '"', 1);
    if (end == line.npos) return {};
    return line.substr(1, end - 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/// What is wrong with a header; `path` counts from `include/authmod/`, as in `core/errc.hpp`.
std::vector<std::string> complaints(std::string_view path, std::string_view text) {
    std::vector<std::string> found;
    auto const lines = lines_of(text);
    auto const complain = [&](std::size_t line, std::string const& what) {
        found.push_back(std::string(path) + ":" + std::to_string(line) + ": " + what);
    };

    auto const slash = path.find('/');
    bool const top = slash == path.npos; // authmod.hpp and src.hpp gather the layers
    auto const own = top ? folder{"", 0} : folder{path.substr(0, slash), 0};
    auto const* const here = find_folder(own.name);
    if (!top && !here) {
        complain(1, "a folder without a layer");
        return found;
    }

    if (lines.empty() || lines[0] != "// SPDX-License-Identifier: BSL-1.0") complain(1, "no SPDX line");
    if (here) {
        auto const wanted = "// Layer " + std::to_string(here->layer) + ". ";
        if (lines.size() < 2 || !lines[1].starts_with(wanted)) complain(2, "does not begin with \"" + wanted + "\"");
    }
    auto most = path.ends_with(".ipp") ? 600u : 400u; // bodies that belong to one header may run on
    if (path == "server/detail/openapi.hpp") most = 10'000; // no code: one JSON text, laid out for reading
    if (lines.size() > most) complain(lines.size(), "more than " + std::to_string(most) + " lines");
    if (path.ends_with(".hpp") && std::ranges::find(lines, "#pragma once") == lines.end())
        complain(1, "no #pragma once");

    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto const target = include_of(lines[i]);
        if (!target) continue;
        if (target->starts_with("authmod/")) {
            auto const rest = target->substr(8);
            auto const end = rest.find('/');
            if (end == rest.npos) {
                if (!top) complain(i + 1, "includes " + std::string(*target) + ", which gathers the layers");
                continue;
            }
            auto const* const there = find_folder(rest.substr(0, end));
            if (!there)
                complain(i + 1, "includes " + std::string(*target) + ", a folder without a layer");
            else if (top && there->layer > 6)
                complain(i + 1, "includes " + std::string(*target) + "; providers and server are included by name");
            else if (!top && there != here && there->layer >= here->layer)
                complain(i + 1, "layer " + std::to_string(here->layer) + " includes layer " +
                                    std::to_string(there->layer) + ": " + std::string(*target));
        } else if (!top && target->find_first_of("/.") != target->npos) { // not a header of the standard library
            auto const rule =
                std::ranges::find_if(permissions, [&](permission p) { return target->starts_with(p.prefix); });
            if (rule == std::end(permissions))
                complain(i + 1, "a dependency without a rule: " + std::string(*target));
            else if (rule->in.find(" " + std::string(own.name) + " ") == std::string_view::npos)
                complain(i + 1, std::string(own.name) + " must not see " + std::string(*target));
        }
    }
    return found;
}

/// Whether `word` stands in `text` by itself: a file name's pattern ("nameXX" and more) is no note to oneself.
bool has_word(std::string_view text, std::string_view word) {
    auto const letter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        auto const after = at + word.size();
        bool const starts = at == 0 || !letter(text[at - 1]) || !letter(word.front());
        bool const ends = after == text.size() || !letter(text[after]) || !letter(word.back());
        if (starts && ends) return true;
    }
    return false;
}

std::string read(fs::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

fs::path const source = AUTHMOD_SOURCE_DIR;
fs::path const include_dir = source / "include" / "authmod";

std::vector<fs::path> files_below(fs::path const& dir, std::initializer_list<std::string_view> extensions) {
    std::vector<fs::path> files;
    for (fs::recursive_directory_iterator it(dir), end; it != end; ++it) {
        auto const name = it->path().filename().string();
        if (it->is_directory() && (name == "node_modules" || name.starts_with("build"))) it.disable_recursion_pending();
        if (!it->is_regular_file()) continue;
        if (extensions.size() == 0 || std::ranges::count(extensions, it->path().extension().string()) != 0)
            files.push_back(it->path());
    }
    std::ranges::sort(files);
    return files;
}

void report(std::vector<std::string> const& found) {
    BOOST_TEST(found.empty());
    for (auto const& line : found) BOOST_ERROR(line);
}

} // namespace

BOOST_AUTO_TEST_SUITE(layers)

BOOST_AUTO_TEST_CASE(every_header_keeps_to_its_layer) {
    auto const files = files_below(include_dir, {".hpp", ".ipp"});
    BOOST_TEST(files.size() > 10u);
    std::vector<std::string> found;
    for (auto const& file : files)
        std::ranges::move(complaints(fs::relative(file, include_dir).generic_string(), read(file)),
                          std::back_inserter(found));
    report(found);
}

BOOST_AUTO_TEST_CASE(the_rules_catch_what_they_are_for) {
    auto const header = [](int layer, std::string_view body) {
        return "// SPDX-License-Identifier: BSL-1.0\n// Layer " + std::to_string(layer) +
               ". Says something.\n#pragma once\n" + std::string(body);
    };

    struct row {
        std::string_view path;
        int layer;
        std::string_view body;
        bool good;
    };

    constexpr row rows[] = {
        {"flow/a.hpp", 4, "#include \"authmod/core/errc.hpp\"\n#include <string>\n", true},
        {"flow/a.hpp", 4, "#include \"authmod/flow/b.hpp\"\n", true},
        {"flow/detail/a.ipp", 4, "#include \"authmod/policy/store.hpp\"\n", true},
        {"flow/a.hpp", 4, "#include \"authmod/module/ports.hpp\"\n", false},            // upwards
        {"flow/a.hpp", 4, "#include \"authmod/scim/filter.hpp\"\n", false},             // sideways
        {"module/a.hpp", 6, "  #  include <authmod/testing/fixed_clock.hpp>\n", false}, // sideways, written oddly
        {"core/a.hpp", 0, "#include \"authmod/authmod.hpp\"\n", false},
        {"core/a.hpp", 0, "#include \"authmod/nowhere/a.hpp\"\n", false},
        {"nowhere/a.hpp", 0, "", false},
        {"flow/a.hpp", 3, "", false}, // says the wrong layer
        {"transport/a.hpp", 5, "#include <boost/beast/http.hpp>\n#include <openssl/ssl.h>\n", true},
        {"module/a.hpp", 6, "#include <boost/beast/http.hpp>\n", false},
        {"protocol/a.hpp", 2, "#include <openssl/evp.h>\n", false},
        {"flow/a.hpp", 4, "#include <boost/asio/awaitable.hpp>\n", false},
        {"storage/a.hpp", 5, "#include <boost/asio/ssl/stream.hpp>\n", false},
        {"mapping/a.hpp", 1, "#include <boost/json/basic_parser_impl.hpp>\n", true},
        {"mapping/a.hpp", 1, "#include <boost/url/url_view.hpp>\n", false},
        {"mapping/a.hpp", 1, "#include <boost/json/src.hpp>\n", false},
        {"server/a.hpp", 7, "#include <nlohmann/json.hpp>\n", false}, // no rule
        {"authmod.hpp", 6, "#include \"authmod/module/auth_module.hpp\"\n", true},
        {"authmod.hpp", 6, "#include \"authmod/server/callback_handler.hpp\"\n", false},
    };
    for (auto const& r : rows) BOOST_TEST_CONTEXT(r.path << " with " << r.body)
    BOOST_TEST(complaints(r.path, header(r.layer, r.body)).empty() == r.good);

    auto const lines = [](int n) {
        std::string text;
        while (n-- > 0) text += "//\n";
        return text;
    };
    BOOST_TEST(complaints("core/a.hpp", header(0, lines(397))).empty());
    BOOST_TEST(!complaints("core/a.hpp", header(0, lines(398))).empty());
    BOOST_TEST(!complaints("core/a.hpp", "#pragma once\n// Layer 0. No licence.\n").empty());
    BOOST_TEST(!complaints("core/a.hpp", "// SPDX-License-Identifier: BSL-1.0\n// Layer 0. No pragma.\n").empty());
}

/// A test mirrors its header and includes it first, which proves too that the header compiles alone.
BOOST_AUTO_TEST_CASE(every_header_has_its_test_at_the_same_path) {
    std::vector<std::string> found;
    for (auto const& file : files_below(include_dir, {".hpp"})) {
        auto const name = fs::relative(file, include_dir);
        if (name.filename() == "src.hpp" || name == "authmod.hpp" || name.parent_path().filename() == "detail")
            continue;
        auto test = source / "tests" / name;
        test.replace_extension(".cpp");
        if (!fs::exists(test)) {
            found.push_back("no test at tests/" + fs::relative(test, source / "tests").generic_string());
            continue;
        }
        auto const text = read(test);
        std::optional<std::string_view> first;
        for (auto const line : lines_of(text))
            if ((first = include_of(line))) break;
        if (first != "authmod/" + name.generic_string())
            found.push_back("tests/" + name.generic_string() + ": the first include is not its header");
    }
    report(found);
}

BOOST_AUTO_TEST_CASE(the_tree_is_finished_and_of_no_machine) {
    // Put together here, so that this file passes its own test.
    std::string const words[] = {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X",
                                 std::string("/wo") + "rk/", std::string("/tmp/") + "b-"};
    BOOST_TEST(has_word("a " + words[0] + ": b", words[0]));
    BOOST_TEST(!has_word("dir" + words[2] + words[2], words[2]));
    std::vector<std::string> found;
    for (auto const* part : {"include", "tests", "examples", "benchmarks", ".ci"}) {
        if (!fs::exists(source / part)) continue;
        for (auto const& file : files_below(source / part, {})) {
            auto const text = read(file);
            for (auto const& word : words)
                if (has_word(text, word))
                    found.push_back(fs::relative(file, source).generic_string() + " contains " + word);
        }
    }
    for (auto const* name : {"CMakeLists.txt", "CMakePresets.json", "README.md"})
        for (auto const& word : words)
            if (has_word(read(source / name), word)) found.push_back(std::string(name) + " contains " + word);
    report(found);
}

BOOST_AUTO_TEST_SUITE_END()
