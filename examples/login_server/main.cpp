// SPDX-License-Identifier: BSL-1.0
// login_server: a login service for people who do not write C++.
#include "service.hpp"

int main(int argc, char** argv) {
    auto const line = login_server::read_command_line(argc, argv);
    return line.chosen ? login_server::serve(*line.chosen) : line.exit_code;
}
