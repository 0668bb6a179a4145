// SPDX-License-Identifier: BSL-1.0
// Browsers of the benchmark: log in, or ask who is signed in, as often as told and so many at once; tells what that cost the
// service in CPU time, from the kernel's own account of its threads.
//
//   browsers --port N --pid PID --start PATH --callback PATH --check PATH
//            [--logins N] [--checks N] [--at-once N] [--accounts N] [--first N] [--sessions FILE] [--logout PATH]
//            [--per-second N] [--times FILE] [--seed N]
//
// Prints one line of JSON. The people of `--accounts` come one after the other, from `--first` on; with `--seed` in an order
// of chance. `--sessions` keeps the cookies of the logins in a file, and takes them from there for checks.
// `--per-second` begins so many logins a second instead of one after the other. How long each took, from the moment it was
// due, goes into the file of `--times`, in microseconds.
#include "event_loop.hpp"

#include <chrono>
#include <cmath>
#include <cstring>
#include <deque>
#include <dirent.h>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <sys/timerfd.h>
#include <vector>

using namespace login_benchmark;

namespace {

using steady = std::chrono::steady_clock;

/// Nanoseconds that the threads of a process have run.
long long cpu_of(std::string const& pid) {
    long long total = 0;
    std::string const tasks = "/proc/" + pid + "/task";
    DIR* const folder = opendir(tasks.c_str());
    if (!folder) return 0;
    while (dirent const* entry = readdir(folder)) {
        if (entry->d_name[0] == '.') continue;
        long long one = 0;
        std::ifstream(tasks + "/" + entry->d_name + "/schedstat") >> one;
        total += one;
    }
    closedir(folder);
    return total;
}

long rss_kib(std::string const& pid) {
    std::ifstream status("/proc/" + pid + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::strtol(line.c_str() + 6, nullptr, 10);
    return 0;
}

std::string start_path, callback_path, check_path, logout_path;

enum class step { start, callback, who, logout };

struct browser {
    int fd = -1;
    std::string in;
    std::map<std::string, std::string> cookies;
    step where = step::start;
    long number = 0;
    steady::time_point due; // when what it does now should have begun

    void send(std::string const& bytes) const {
        if (write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) die("write");
    }

    [[nodiscard]] std::string cookie_line() const {
        std::string line;
        for (auto const& [name, value] : cookies) line.append(line.empty() ? "Cookie: " : "; ").append(name).append("=").append(value);
        return line.empty() ? line : line + "\r\n";
    }

    void get(std::string_view path, std::string const& cookie) const {
        send("GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n" + cookie + "\r\n");
    }

    void keep_cookies(std::string_view head) {
        for (std::size_t at = 0; (at = head.find("\r\n", at)) != head.npos;) {
            at += 2;
            if (strncasecmp(head.data() + at, "Set-Cookie: ", 12) != 0) continue;
            auto line = head.substr(at + 12);
            line = line.substr(0, line.find("\r\n"));
            auto const equal = line.find('=');
            auto const end = std::min(line.find(';'), line.size());
            std::string const name(line.substr(0, equal)), value(line.substr(equal + 1, end - equal - 1));
            bool const gone = value.empty() || line.find("Max-Age=0") != line.npos || line.find("01 Jan 1970") != line.npos;
            if (gone)
                cookies.erase(name);
            else
                cookies[name] = value;
        }
    }
};

/// Runs `total` steps of `work` on the browsers: `begin(b)` sends the first request, `next(b, answer)` the following
/// ones, until it gives true. With `per_second` they begin at their times, else as soon as a browser is free. Gives how
/// many microseconds each took.
template <class Begin, class Next>
std::vector<long long> drive(std::vector<std::unique_ptr<browser>>& all, long total, long per_second, Begin begin, Next next) {
    int const loop = must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    int const alarm = must(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
    watch(loop, alarm, nullptr);
    std::deque<browser*> idle; // the one that has been idle for the longest goes first: the service closes what nobody uses
    for (auto& b : all) {
        watch(loop, b->fd, b.get());
        idle.push_back(b.get());
    }
    long started = 0, ended = 0;
    std::vector<long long> took;
    auto const first = steady::now();
    auto const due = [&](long n) { return per_second == 0 ? first : first + std::chrono::nanoseconds(1'000'000'000LL / per_second * n); };
    auto const begin_what_is_due = [&] {
        auto const now = steady::now();
        while (started < total && !idle.empty() && due(started) <= now) {
            browser& b = *idle.front();
            idle.pop_front();
            b.due = per_second == 0 ? now : due(started);
            begin(b, started++);
        }
        if (started == total || idle.empty() || per_second == 0) return;
        auto const at = due(started).time_since_epoch();
        itimerspec when{};
        when.it_value.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(at).count();
        when.it_value.tv_nsec = (at % std::chrono::seconds(1)).count();
        must(timerfd_settime(alarm, TFD_TIMER_ABSTIME, &when, nullptr), "timerfd_settime");
    };
    begin_what_is_due();
    epoll_event events[256];
    char bytes[65536];
    while (ended < total) {
        int const n = epoll_wait(loop, events, 256, 30'000);
        if (n == 0) {
            std::fprintf(stderr, "browsers: no answer for 30 seconds\n");
            std::exit(1);
        }
        for (int i = 0; i < n; ++i) {
            if (!events[i].data.ptr) { // the alarm
                if (read(alarm, bytes, sizeof(std::uint64_t)) < 0 && errno != EAGAIN) die("read");
                continue;
            }
            auto& b = *static_cast<browser*>(events[i].data.ptr);
            ssize_t const got = read(b.fd, bytes, sizeof bytes);
            if (got <= 0) {
                std::fprintf(stderr, "browsers: the service closed a connection\n");
                std::exit(1);
            }
            b.in.append(bytes, static_cast<std::size_t>(got));
            auto const size = message_size(b.in);
            if (size == 0) continue;
            std::string const answer = b.in.substr(0, size);
            b.in.erase(0, size);
            if (!next(b, answer)) continue;
            ++ended;
            took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(steady::now() - b.due).count());
            idle.push_back(&b);
        }
        begin_what_is_due();
    }
    close(alarm);
    close(loop);
    return took;
}

/// The time that this share of them took at the most; 0 of none.
long long share_of(std::vector<long long> const& sorted, double share) {
    if (sorted.empty()) return 0;
    auto const place = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(place, 1.0)) - 1];
}

/// The value of a member of a URL's query, empty when it is not there.
std::string member(std::string_view url, std::string const& name) {
    auto at = url.find('?' + name + '=');
    if (at == url.npos) at = url.find('&' + name + '=');
    if (at == url.npos) return {};
    auto const rest = url.substr(at + name.size() + 2);
    return std::string(rest.substr(0, rest.find_first_of("&#")));
}

bool is_redirect(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 302") || answer.starts_with("HTTP/1.1 303");
}

} // namespace

int main(int argc, char** argv) {
    auto const port = static_cast<unsigned short>(number(argc, argv, "--port", 0));
    auto const pid = option(argc, argv, "--pid", "self");
    start_path = option(argc, argv, "--start", "/login");
    callback_path = option(argc, argv, "--callback", "/callback");
    check_path = option(argc, argv, "--check", "/me");
    logout_path = option(argc, argv, "--logout");
    long const logins = number(argc, argv, "--logins", 0), checks = number(argc, argv, "--checks", 0);
    long const at_once = number(argc, argv, "--at-once", 16), accounts = number(argc, argv, "--accounts", 1000);
    long const first = number(argc, argv, "--first", 0), per_second = number(argc, argv, "--per-second", 0);
    long const seed = number(argc, argv, "--seed", 0);
    std::mt19937_64 chance(static_cast<unsigned long long>(seed));
    auto const sessions_file = option(argc, argv, "--sessions"), times_file = option(argc, argv, "--times");

    std::vector<std::unique_ptr<browser>> all;
    for (long i = 0; i < at_once; ++i) {
        all.push_back(std::make_unique<browser>());
        all.back()->fd = connect_to(port);
    }
    std::vector<std::string> sessions;
    long failed = 0, restarted = 0;
    std::string first_failure;
    auto const fail = [&](std::string const& answer) {
        if (failed++ == 0) first_failure = answer.substr(0, 400);
    };

    auto const begin_login = [&](browser& b, long n) {
        b.cookies.clear();
        b.where = step::start;
        b.number = (seed == 0 ? first + n : static_cast<long>(chance() >> 1)) % accounts + 1;
        b.get(start_path, {});
    };
    auto const next_login = [&](browser& b, std::string const& answer) {
        auto const head = std::string_view(answer).substr(0, answer.find("\r\n\r\n") + 2);
        b.keep_cookies(head);
        auto const location = field(head, "Location:");
        auto const state = member(location, "state");
        // The provider keeps nothing: what a code is for stands in it, a nonce too where the service sent one.
        auto const come_back = [&] {
            auto const nonce = member(location, "nonce");
            auto const code = std::to_string(b.number) + (nonce.empty() ? "" : "." + nonce);
            b.where = step::callback;
            b.get(callback_path + "?code=" + code + "&state=" + state, b.cookie_line());
            return false;
        };
        switch (b.where) {
        case step::start:
            if (!is_redirect(answer) || state.empty()) return fail(answer), true;
            return come_back();
        case step::callback:
            if (!is_redirect(answer) || b.cookies.empty()) return fail(answer), true;
            if (!state.empty()) { // asked to begin again
                ++restarted;
                return come_back();
            }
            if (!sessions_file.empty()) sessions.push_back(b.cookie_line());
            if (logout_path.empty()) return true;
            b.where = step::who;
            b.get(check_path, b.cookie_line());
            return false;
        case step::who: {
            auto const at = answer.find("\"csrf\":\"");
            if (at == answer.npos) return fail(answer), true;
            auto const csrf = answer.substr(at + 8, answer.find('"', at + 8) - at - 8);
            b.where = step::logout;
            b.send("POST " + logout_path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nX-CSRF-Token: " + csrf +
                   "\r\nContent-Length: 0\r\n" + b.cookie_line() + "\r\n");
            return false;
        }
        case step::logout:
            if (!is_redirect(answer)) fail(answer);
            return true;
        }
        return true;
    };

    auto const cpu_before = cpu_of(pid);
    auto const began = steady::now();
    std::vector<long long> times;
    if (logins > 0) times = drive(all, logins, per_second, begin_login, next_login);
    if (checks > 0) {
        if (sessions.empty()) {
            std::ifstream in(sessions_file);
            for (std::string line; std::getline(in, line);) sessions.push_back(line + "\r\n");
        }
        if (sessions.empty()) {
            std::fprintf(stderr, "browsers: checks need --sessions with logins, now or before\n");
            return 1;
        }
        drive(all, checks, 0, [&](browser& b, long n) { b.get(check_path, sessions[static_cast<std::size_t>(n) % sessions.size()]); },
              [&](browser&, std::string const& answer) {
                  if (!answer.starts_with("HTTP/1.1 200")) fail(answer);
                  return true;
              });
    }
    std::chrono::duration<double> const took = steady::now() - began;
    auto const cpu = cpu_of(pid) - cpu_before;
    if (logins > 0 && !sessions_file.empty()) {
        std::ofstream out(sessions_file);
        for (auto const& line : sessions) out << line.substr(0, line.size() - 2) << '\n';
    }
    if (!times_file.empty()) {
        std::ofstream out(times_file);
        for (auto const one : times) out << one << '\n';
    }
    std::ranges::sort(times);
    double const steps = static_cast<double>(logins + checks);
    std::printf("{\"logins\":%ld,\"checks\":%ld,\"failed\":%ld,\"restarted\":%ld,\"seconds\":%.4f,\"per_second\":%.1f,"
                "\"cpu_us\":%.3f,\"rss_kib\":%ld,\"p50_us\":%lld,\"p99_us\":%lld}\n",
                logins, checks, failed, restarted, took.count(), steps / took.count(),
                static_cast<double>(cpu) / 1000 / steps, rss_kib(pid), share_of(times, 0.5), share_of(times, 0.99));
    if (failed > 0) std::fprintf(stderr, "browsers: %ld failed, first:\n%s\n", failed, first_failure.c_str());
    return failed > 0 ? 1 : 0;
}
