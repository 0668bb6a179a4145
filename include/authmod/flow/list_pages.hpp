// SPDX-License-Identifier: BSL-1.0
// Layer 4. Which pages of a provider's list are read. Decides; performs nothing.
#pragma once

#include "authmod/core/enforced.hpp"
#include "authmod/protocol/link_header.hpp"
#include "authmod/protocol/same_origin.hpp"

#include <string>
#include <string_view>

namespace authmod {

/// Pages of one list that are read at the most; a list cut there only adds memberships.
inline constexpr int max_list_pages = 20;

/// One list on its way.
class list_pages {
public:
    list_pages() = default;

    /// Begins at `url`; empty: there is no such list.
    explicit list_pages(std::string_view url) : url_(url), page_(url) {}

    /** The page to ask for after `answer`, empty: none. `in_body` is where the body says that the next one is; without
        it the header field `Link` is read (RFC 8288). It must be of the origin of the list, or the token would go
        elsewhere, and not the page that was just read.
    */
    [[nodiscard]] std::string_view after(http_response const& answer, std::string_view in_body) {
        std::string const next(in_body.empty() ? next_link(answer) : in_body);
        complete_ = next.empty();
        if (next.empty() || next == page_ || !enforced("E7b", pages_ < max_list_pages) || !same_origin(next, url_))
            return {};
        ++pages_;
        page_ = next;
        return page_;
    }

    /// False when pages are missing, as far as was read.
    [[nodiscard]] bool complete() const noexcept { return complete_; }

private:
    std::string url_;  // of the list
    std::string page_; // that was asked for last
    int pages_ = 1;
    bool complete_ = true;
};

} // namespace authmod
