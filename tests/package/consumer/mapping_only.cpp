// Attribute paths without a login: neither OpenSSL nor Beast may be needed for this.
#include <authmod/mapping/attribute_path.hpp>
#include <authmod/mapping/static_path.hpp>
#include <iostream>

int main() {
    using namespace authmod;
    auto const typed = attribute_path::parse("values[is_primary]/email ?: email");
    auto const wrong = attribute_path::parse("values[is_primary");
    if (!typed || wrong || typed->view().steps.size() != 3) return 1;
    std::cout << "one path of " << typed->view().steps.size() << " steps\n";
}
