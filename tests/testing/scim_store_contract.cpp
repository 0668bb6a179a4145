// SPDX-License-Identifier: BSL-1.0
#include "authmod/testing/scim_store_contract.hpp"

#include "authmod/storage/memory_store.hpp"
#include "authmod/storage/sqlite_store.hpp"

#include "support/scratch.hpp"

#include <boost/test/unit_test.hpp>

using namespace authmod;

namespace {

enum class breakage { tokens_never_end, strangers_are_seen, removed_clients_open, counts_are_lost };

/// A memory store that breaks one promise.
class broken_store : public memory_store {
public:
    explicit broken_store(breakage what) : what_(what) {}

    asio::awaitable<result<void>> add_scim_token(scim_token const& token, std::size_t keep, audit_rows rows) {
        return memory_store::add_scim_token(token, what_ == breakage::tokens_never_end ? 100 : keep, rows);
    }

    asio::awaitable<scim::answer<scim::page<scim::user_view>>> list_scim_users(scim::list_query const& query) {
        auto answer = co_await memory_store::list_scim_users(query);
        if (what_ == breakage::strangers_are_seen && answer && *answer) ++(*answer)->total;
        co_return answer;
    }

    asio::awaitable<result<void>> remove_scim_client(std::string_view id, audit_rows rows) {
        if (what_ != breakage::removed_clients_open) {
            auto removed = co_await memory_store::remove_scim_client(id, rows);
            co_return removed;
        }
        co_return result<void>();
    }

    asio::awaitable<result<std::vector<scim::client_view>>> list_scim_clients() {
        auto list = co_await memory_store::list_scim_clients();
        if (what_ == breakage::counts_are_lost)
            for (auto& view : *list) view.users = 0;
        co_return list;
    }

private:
    breakage what_;
};

template <scim_store S>
void keeps_the_contract(S& s) {
    auto const report = check_scim_store_contract(s);
    BOOST_TEST(report.checks.size() == 7u);
    for (auto const& f : report.failures) BOOST_ERROR(f.check << ": expected " << f.what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(scim_store_contract_)

BOOST_AUTO_TEST_CASE(our_stores_keep_the_contract_on_scim) {
    memory_store memory;
    keeps_the_contract(memory);
    authmod_test::scratch const folder;
    auto file = sqlite_store::open(folder / "a.db").value();
    keeps_the_contract(file);
}

BOOST_AUTO_TEST_CASE(broken_stores_are_caught) {
    for (auto what : {breakage::tokens_never_end, breakage::strangers_are_seen, breakage::removed_clients_open,
                      breakage::counts_are_lost}) {
        broken_store broken(what);
        BOOST_TEST_CONTEXT(static_cast<int>(what)) BOOST_TEST(!check_scim_store_contract(broken).failures.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
