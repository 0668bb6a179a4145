// SPDX-License-Identifier: BSL-1.0
#include <authmod/module/running_module.hpp>

#include <boost/test/unit_test.hpp>

using namespace authmod;

BOOST_AUTO_TEST_SUITE(running_module_suite)

BOOST_AUTO_TEST_CASE(a_module_without_a_plan_or_with_missing_fields_serves_nobody) {
    running_module module;
    module.record.enabled = true;
    BOOST_TEST(!module.is_complete());
    BOOST_TEST(!module.serves());
    settings text;
    provider_info const info;
    module.plan = std::make_shared<module_plan const>(make_plan(info, text).value());
    BOOST_TEST(module.serves());
    module.missing.push_back("client_id");
    BOOST_TEST(!module.serves());
    module.missing.clear();
    module.record.enabled = false;
    BOOST_TEST(module.is_complete());
    BOOST_TEST(!module.serves());
}

BOOST_AUTO_TEST_CASE(lists_find_by_id_and_know_the_default_that_serves) {
    auto module = std::make_shared<running_module>();
    module->record.id = "m1";
    module->record.is_default = true;
    module_list list;
    list.all.push_back(module);
    BOOST_TEST(list.find("m1") == module.get());
    BOOST_TEST(!list.find("m2"));
    BOOST_TEST(!list.default_module()); // it does not serve
}

BOOST_AUTO_TEST_SUITE_END()
