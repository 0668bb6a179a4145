// SPDX-License-Identifier: BSL-1.0
// Layer 1. Reads a person out of a provider's answers: the only evaluator of attribute paths.
#pragma once

#include "authmod/core/result.hpp"
#include "authmod/mapping/mapping_tables.hpp"
#include "authmod/mapping/user_profile.hpp"

#include <string_view>

namespace authmod {

class profile_reader {
public:
    explicit profile_reader(mapping_view plan);
    result<void> read(document_kind kind, std::string_view bytes);
    void forget(document_kind kind);
    [[nodiscard]] std::string_view next() const;
    [[nodiscard]] bool email_found() const;
    [[nodiscard]] std::string_view reason() const;
    [[nodiscard]] result<user_profile> finish();
};

} // namespace authmod
