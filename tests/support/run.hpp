// SPDX-License-Identifier: BSL-1.0
// Runs one coroutine to its end and gives what it returns.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace authmod_test {

/// Exceptions of the coroutine, and of the context itself, come out of here.
template <class T>
T run(boost::asio::awaitable<T> coroutine) {
    boost::asio::io_context context;
    std::optional<T> value;
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr e, T t) {
        if (e)
            error = e;
        else
            value.emplace(std::move(t));
    });
    for (bool done = false; !done;) {
        try {
            context.run();
            done = true;
        } catch (...) { // another thread may still be handing work over to the context, which goes when all is done
            error = std::current_exception();
        }
    }
    if (error) std::rethrow_exception(error);
    return std::move(value.value());
}

} // namespace authmod_test
