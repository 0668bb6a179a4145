// SPDX-License-Identifier: BSL-1.0
// Questions asked at the same time, over a transport that answers when it is told to.
#include <authmod/module/detail/exchange.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace authmod;

namespace {

/// Answers a question with its URL as soon as somebody says so; "throw" ends in an exception then.
class told_transport : public transport_port {
public:
    explicit told_transport(asio::io_context& context) : context_(context) {}

    asio::awaitable<result<http_response>> send(http_request const& request, timeouts) override {
        std::string const url = request.url;
        auto const told = std::make_shared<asio::steady_timer>(context_, std::chrono::hours(1));
        waiting_[url] = told;
        error_code why;
        co_await told->async_wait(asio::redirect_error(asio::use_awaitable, why));
        if (waiting_.count(url) != 0) co_return errc::timed_out; // cancelled, and not by us
        ++answered;
        if (url == "throw") throw std::bad_alloc();
        http_response answer;
        answer.body = url;
        co_return answer;
    }

    void tell(std::string const& url) {
        auto const told = waiting_.extract(url);
        told.mapped()->cancel();
    }

    [[nodiscard]] std::size_t under_way() const { return waiting_.size(); }

    int answered = 0;

private:
    asio::io_context& context_;
    std::map<std::string, std::shared_ptr<asio::steady_timer>> waiting_;
};

std::vector<numbered_request> requests_for(std::vector<std::string> const& urls) {
    std::vector<numbered_request> all(urls.size());
    for (std::size_t i = 0; i != urls.size(); ++i) {
        all[i].number = static_cast<unsigned>(i);
        all[i].request.url = urls[i];
    }
    return all;
}

using all_answers = std::vector<result<http_response>>;

struct bench {
    asio::io_context context;
    told_transport transport{context};
    asio::cancellation_signal cancel;
    std::vector<numbered_request> asked;
    all_answers answers;
    bool done = false;
    std::exception_ptr thrown;

    explicit bench(std::vector<std::string> const& urls) : asked(requests_for(urls)) {
        asio::co_spawn(context, detail::exchange_all(transport, asked, timeouts()),
                       asio::bind_cancellation_slot(cancel.slot(), [this](std::exception_ptr e, all_answers all) {
                           done = true;
                           thrown = e;
                           answers = std::move(all);
                       }));
        context.poll();
    }

    void tell(std::string const& url) {
        transport.tell(url);
        context.poll();
    }

    std::string answer(std::size_t i) const {
        auto const& each = answers.at(i);
        return each ? each->body : each.error().message();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(all_are_asked_at_once_and_each_gets_its_own_answer_whoever_is_first) {
    for (std::vector<std::string> const& order :
         {std::vector<std::string>{"a", "b", "c"}, {"c", "b", "a"}, {"b", "a", "c"}}) {
        bench b({"a", "b", "c"});
        BOOST_TEST(b.transport.under_way() == 3u);
        for (auto const& url : order) {
            BOOST_TEST(!b.done);
            b.tell(url);
        }
        BOOST_TEST(b.done);
        BOOST_TEST(!b.thrown);
        for (std::size_t i = 0; i != 3; ++i) BOOST_TEST(b.answer(i) == std::string(1, static_cast<char>('a' + i)));
    }
}

BOOST_AUTO_TEST_CASE(one_question_and_none_need_nobody_else) {
    bench one({"a"});
    one.tell("a");
    BOOST_TEST(one.done);
    BOOST_TEST(one.answer(0) == "a");
    BOOST_TEST(bench({}).done);
}

BOOST_AUTO_TEST_CASE(what_one_throws_is_told_when_the_others_are_back) {
    for (std::vector<std::string> const& urls : {std::vector<std::string>{"throw", "b"}, {"b", "throw"}}) {
        bench b(urls);
        b.tell("throw"); // which cancels the other
        b.context.poll();
        BOOST_TEST(b.done);
        BOOST_CHECK_THROW(std::rethrow_exception(b.thrown), std::bad_alloc);
        BOOST_TEST(b.transport.answered == 1);
    }
}

BOOST_AUTO_TEST_CASE(whoever_cancels_cancels_all) {
    bench all({"a", "b", "c"});
    all.cancel.emit(asio::cancellation_type::terminal);
    all.context.poll();
    BOOST_TEST(all.done);
    BOOST_TEST(all.transport.answered == 0);

    bench one_is_back({"a", "b", "c"});
    one_is_back.tell("a");
    BOOST_TEST(!one_is_back.done);
    one_is_back.cancel.emit(asio::cancellation_type::terminal);
    one_is_back.context.poll();
    BOOST_TEST(one_is_back.done);
    BOOST_TEST(one_is_back.transport.answered == 1);
}

BOOST_AUTO_TEST_CASE(a_context_that_ends_under_it_takes_everything_along) {
    auto kept = std::make_shared<int>(); // by who waits for the answers
    std::weak_ptr<int> const left = kept;
    std::vector<numbered_request> const asked = requests_for({"a", "b"});
    {
        asio::io_context context;
        told_transport transport{context};
        asio::co_spawn(context, detail::exchange_all(transport, asked, timeouts()),
                       [kept = std::move(kept)](std::exception_ptr, all_answers const&) {});
        context.poll();
        transport.tell("a"); // now it waits for the other
        context.poll();
        BOOST_TEST(!left.expired());
    }
    BOOST_TEST(left.expired());
}

BOOST_AUTO_TEST_CASE(answers_may_come_on_several_threads_at_once) {
    struct quick_transport : transport_port {
        asio::awaitable<result<http_response>> send(http_request const& request, timeouts) override {
            auto const lane = co_await asio::this_coro::executor;
            co_await asio::post(lane, asio::use_awaitable);
            http_response answer;
            answer.body = request.url;
            co_return answer;
        }
    } transport;

    asio::thread_pool threads(3);
    constexpr int rounds = 2'000;
    std::atomic<int> right{0};
    std::vector<std::string> const urls{"a", "b", "c", "d"};
    auto const asked = requests_for(urls);
    for (int round = 0; round != rounds; ++round) {
        asio::co_spawn(threads, detail::exchange_all(transport, asked, timeouts()),
                       [&](std::exception_ptr e, all_answers answers) {
                           bool good = !e && answers.size() == urls.size();
                           for (std::size_t i = 0; good && i != urls.size(); ++i)
                               good = answers[i] && answers[i]->body == urls[i];
                           if (good) ++right;
                       });
    }
    threads.join();
    BOOST_TEST(right == rounds);
}

BOOST_AUTO_TEST_CASE(who_comes_last_sees_whole_answers_of_others_who_are_gone) {
    // Nothing but the exchange itself orders the threads here: ThreadSanitizer would tell.
    struct overtaken_transport : transport_port {
        std::atomic<int> back{0};

        asio::awaitable<result<http_response>> send(http_request const& request, timeouts) override {
            http_response answer;
            answer.body = request.url;
            auto const lane = co_await asio::this_coro::executor;
            co_await asio::post(lane, asio::use_awaitable); // until here they may run one after the other
            if (answer.body == "last") {
                while (back.load(std::memory_order_relaxed) != 3) std::this_thread::yield();
                auto const end = std::chrono::steady_clock::now() + std::chrono::microseconds(200); // until they are gone
                while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
            } else {
                back.fetch_add(1, std::memory_order_relaxed);
            }
            co_return answer;
        }
    };

    asio::thread_pool threads(4);
    for (int round = 0; round != 100; ++round) {
        overtaken_transport transport;
        auto const asked = requests_for({"last", "b", "c", "d"});
        auto done = asio::co_spawn(threads, detail::exchange_all(transport, asked, timeouts()), asio::use_future);
        auto const answers = done.get();
        for (std::size_t i = 0; i != asked.size(); ++i) BOOST_TEST(answers[i].value().body == asked[i].request.url);
    }
}

BOOST_AUTO_TEST_SUITE_END()
