// SPDX-License-Identifier: BSL-1.0
// login_server: a login service for people who do not write C++. `login_server doctor` looks whether all is well.
#include "doctor.hpp"
#include "service.hpp"

#include <string_view>

int main(int argc, char** argv) {
    bool const doctor = argc > 1 && std::string_view(argv[1]) == "doctor";
    auto const line = login_server::read_command_line(doctor ? argc - 1 : argc, doctor ? argv + 1 : argv);
    if (!line.chosen) return line.exit_code;
    return doctor ? login_server::examine(*line.chosen) : login_server::serve(*line.chosen);
}
