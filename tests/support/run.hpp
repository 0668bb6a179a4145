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

/// Exceptions of the coroutine come out of here.
template <class T>
T run(boost::asio::awaitable<T> coroutine) {
    boost::asio::io_context context;
    std::optional<T> value;
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(coroutine), [&](std::exception_ptr e, T t) {
        error = e;
        if (!e) value.emplace(std::move(t));
    });
    context.run();
    if (error) std::rethrow_exception(error);
    return std::move(value.value());
}

} // namespace authmod_test
