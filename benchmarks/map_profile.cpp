// SPDX-License-Identifier: BSL-1.0
// Bytes to a profile by the paths of Bitbucket's traits: ours beside other ways, and beside a parser that does nothing
// else. Prints medians of interleaved rounds and their ratios; --count WAY BODY ROUNDS only runs, for counting
// instructions.
#include "authmod/mapping/attribute_path.hpp"
#include "authmod/mapping/profile_reader.hpp"
#include "authmod/provider/bitbucket_cloud.hpp"
#include "mapping_bodies.hpp"
#include "mapping_ways.hpp"

#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace authmod_benchmark;

namespace {

struct work {
    document_kind kind;
    std::vector<std::string> bodies;
};

work bodies_of(std::string_view name) {
    work all{name == "groups" ? document_kind::groups : document_kind::profile, {}};
    if (name == "user") all.bodies = {user_body()};
    if (name == "mix") all.bodies = many_users(512);
    if (name == "groups") all.bodies = {workspaces_body(2000)};
    for (auto& body : all.bodies) body.reserve(body.size() + 64); // what simdjson wants to read behind it
    return all;
}

class ours {
public:
    explicit ours(mapping_view plan) : reader_(plan) {}

    result<user_profile> operator()(document_kind kind, std::string const& body) {
        if (!reader_.read(kind, body)) std::abort();
        return reader_.finish();
    }

private:
    profile_reader reader_;
};

template <class Way>
std::function<void(work const&)> over_all(Way way) {
    return [way = std::make_shared<Way>(std::move(way))](work const& all) {
        for (auto const& body : all.bodies) benchmark::DoNotOptimize((*way)(all.kind, body));
    };
}

std::map<std::string, std::function<void(work const&)>> ways() {
    static mapping_plan const typed(bitbucket_cloud::mapping);
    std::map<std::string, std::function<void(work const&)>> all;
    all["ours"] = over_all(ours(static_mapping_plan<bitbucket_cloud::mapping>::view()));
    all["ours_run_time_plan"] = over_all(ours(typed.view()));
    all["hand_written"] = over_all(&hand_written);
    static reused_parser reused;
    all["reused_parser"] = over_all([](document_kind kind, std::string const& body) { return reused(kind, body); });
    all["empty_parser"] = over_all([](document_kind, std::string const& body) { return only_parsed(body); });
#ifdef AUTHMOD_BENCHMARK_NLOHMANN
    all["nlohmann"] = over_all(with_nlohmann());
#endif
#ifdef AUTHMOD_BENCHMARK_SIMDJSON
    static with_simdjson simd;
    all["simdjson"] = over_all([](document_kind kind, std::string const& body) { return simd(kind, body); });
#endif
    return all;
}

/// Ours gives what the hand-written way gives, or nothing said here means anything.
void check(work const& all) {
    ours way(static_mapping_plan<bitbucket_cloud::mapping>::view());
    for (auto const& body : all.bodies) {
        auto const a = way(all.kind, body).value(), b = hand_written(all.kind, body);
        if (a.user_id != b.user_id || a.username != b.username || a.full_name != b.full_name || a.avatar != b.avatar ||
            a.groups != b.groups || a.account_type != b.account_type)
            std::abort();
    }
}

/// The usual table, and the medians for the ratios.
class median_reporter : public benchmark::ConsoleReporter {
public:
    void ReportRuns(std::vector<Run> const& runs) override {
        for (auto const& run : runs)
            if (run.aggregate_name == "median") medians_[run.run_name.function_name] = run.GetAdjustedCPUTime();
        ConsoleReporter::ReportRuns(runs);
    }

    void print_ratios() const {
        std::printf("\n%-8s%-20s%12s%22s\n", "body", "way", "x of ours", "hand-written is ... x");
        for (std::string const body : {"user", "mix", "groups"})
            for (auto const& [name, time] : medians_)
                if (name.starts_with(body + "/"))
                    std::printf("%-8s%-20s%12.2f%22.2f\n", body.c_str(), name.substr(body.size() + 1).c_str(),
                                time / medians_.at(body + "/ours"), medians_.at(body + "/hand_written") / time);
    }

private:
    std::map<std::string, double> medians_;
};

} // namespace

int main(int argc, char** argv) {
    auto const all = ways();
    if (argc == 5 && std::strcmp(argv[1], "--count") == 0) {
        auto const bodies = bodies_of(argv[3]);
        for (int i = std::atoi(argv[4]); i != 0; --i) all.at(argv[2])(bodies);
        return 0;
    }
    std::printf("%s, %s, commit %s\n", AUTHMOD_BENCHMARK_COMPILER, AUTHMOD_BENCHMARK_FLAGS, AUTHMOD_BENCHMARK_COMMIT);
    for (std::string const body : {"user", "mix", "groups"}) {
        check(bodies_of(body));
        for (auto const& [name, way] : all)
            benchmark::RegisterBenchmark((body + "/" + name).c_str(),
                                         [way = way, bodies = bodies_of(body)](benchmark::State& state) {
                                             for (auto _ : state) way(bodies);
                                         })
                ->Repetitions(9)
                ->ReportAggregatesOnly();
    }
    benchmark::RegisterBenchmark("parse_path",
                                 [](benchmark::State& state) {
                                     for (auto _ : state)
                                         benchmark::DoNotOptimize(
                                             attribute_path::parse("values[is_primary]/email ?: email"));
                                 })
        ->Repetitions(9)
        ->ReportAggregatesOnly();

    std::vector<char*> arguments(argv, argv + argc);
    std::string interleaved = "--benchmark_enable_random_interleaving=true", short_rounds = "--benchmark_min_time=0.05";
    arguments.insert(arguments.begin() + 1, {interleaved.data(), short_rounds.data()});
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    median_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    reporter.print_ratios();
}
