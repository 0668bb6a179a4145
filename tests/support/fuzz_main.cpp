// Drives a fuzz target without libFuzzer: fuzz_NAME MILLISECONDS SEED_FOLDER. First every seed as it is, then seeds
// cut, joined and changed until the time is over. The changes are the same in every run; on a crash the input is kept
// in a file.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

std::string input;     // what the target is looking at
std::string find_name; // where it goes if the target crashes

extern "C" void keep_input(int signal_number) {
    // Only calls that are allowed in a signal handler.
    int const file = open(find_name.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0) {
        [[maybe_unused]] auto const written = write(file, input.data(), input.size());
        close(file);
    }
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
}

void try_input() { LLVMFuzzerTestOneInput(reinterpret_cast<std::uint8_t const*>(input.data()), input.size()); }

} // namespace

int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s MILLISECONDS SEED_FOLDER\n", argv[0]);
        return 2;
    }
    find_name = fs::path(argv[0]).filename().string() + ".find";
    for (int const number : {SIGABRT, SIGSEGV, SIGILL, SIGTRAP, SIGFPE}) std::signal(number, keep_input);

    std::vector<std::string> seeds{""};
    if (fs::exists(argv[2]))
        for (auto const& entry : fs::directory_iterator(argv[2])) {
            std::ifstream in(entry.path(), std::ios::binary);
            seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
        }
    for (auto const& seed : seeds) {
        input = seed;
        try_input();
    }

    std::mt19937_64 random(1);
    auto const below = [&](std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(random() % limit); };
    auto const any_seed = [&]() -> std::string const& { return seeds[below(seeds.size())]; };
    auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::atoi(argv[1]));
    std::size_t count = seeds.size();
    for (; std::chrono::steady_clock::now() < end; ++count) {
        input = any_seed();
        for (auto changes = 1 + below(4); changes > 0; --changes) {
            auto const at = below(input.size() + 1);
            switch (below(6)) {
            case 0:
                input.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 1:
                input.erase(at, 1 + below(8));
                break;
            case 2:
                if (at < input.size()) input[at] = static_cast<char>(below(256));
                break;
            case 3:
                input.insert(at, any_seed().substr(0, below(32)));
                break;
            case 4:
                input.insert(at, input.substr(below(input.size() + 1), below(16)));
                break;
            default:
                if (at < input.size()) input[at] = "\"\\/[]{}*=?:%&;, 0-\n"[below(19)];
            }
        }
        try_input();
    }
    std::printf("%zu inputs of %zu seeds\n", count, seeds.size());
}
