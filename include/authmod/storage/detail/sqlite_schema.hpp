// SPDX-License-Identifier: BSL-1.0
// Layer 5. The tables of sqlite_store, and how a file says that it holds them.
#pragma once

#include <iterator>

namespace authmod::detail {

inline constexpr int sqlite_application_id = 0x6175746d; // "autm" in the file's header

/** Step n makes version n + 1 of the tables (`user_version`) out of version n. A step that was released never changes.

    Times are milliseconds since 1970, UTC. Digests, pictures and sealed texts are blobs, all else is text or whole
    numbers. Every question of a login, a request, a page and a sweep has an index. Sessions, links, tokens and services
    name modules without a foreign key, because a program may run modules that it never stores.
*/
inline constexpr char const* sqlite_schema_steps[] = {
    R"sql(
CREATE TABLE modules (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL,
    is_default INTEGER NOT NULL, place INTEGER NOT NULL, revision INTEGER NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, settings TEXT NOT NULL, sealed_secret TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX modules_default ON modules (is_default) WHERE is_default = 1;

CREATE TABLE accounts (
    id TEXT PRIMARY KEY, username TEXT NOT NULL, full_name TEXT NOT NULL, email TEXT NOT NULL,
    email_verified INTEGER NOT NULL, avatar TEXT NOT NULL, banned INTEGER NOT NULL, ban_reason TEXT NOT NULL,
    created_by_module TEXT NOT NULL, custom_attributes TEXT NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, folded_username TEXT NOT NULL UNIQUE, folded_email TEXT NOT NULL
) STRICT;
CREATE INDEX accounts_email ON accounts (folded_email, email_verified DESC, id);
CREATE INDEX accounts_creator ON accounts (created_by_module);

CREATE TABLE links (
    module_id TEXT NOT NULL, user_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL, last_login_at INTEGER NOT NULL,
    PRIMARY KEY (module_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_account ON links (account_id);

CREATE TABLE avatars (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL, bytes BLOB NOT NULL
) STRICT;

CREATE TABLE sessions (
    digest BLOB PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    module_id TEXT NOT NULL, csrf TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_module ON sessions (module_id);
CREATE INDEX sessions_creation ON sessions (created_at);
CREATE INDEX sessions_use ON sessions (seen_at);

CREATE TABLE states (digest BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX states_expiry ON states (expires_at);

CREATE TABLE groups (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
INSERT INTO groups VALUES ('all-users', 'All Users'), ('authmod-admins', 'authmod-admins');

CREATE TABLE memberships (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (account_id, group_id, granted_by)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_group ON memberships (group_id);
CREATE INDEX memberships_grant ON memberships (granted_by);

CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, address TEXT NOT NULL,
    event TEXT NOT NULL, target TEXT NOT NULL, module_id TEXT NOT NULL, field TEXT NOT NULL, old_value TEXT NOT NULL,
    new_value TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE INDEX audit_author ON audit (author);
CREATE INDEX audit_event ON audit (event);
CREATE INDEX audit_target ON audit (target);
CREATE INDEX audit_module ON audit (module_id);
CREATE INDEX audit_time ON audit (at);

CREATE TABLE pings (number INTEGER NOT NULL) STRICT;
INSERT INTO pings VALUES (0);
)sql",
    R"sql(
ALTER TABLE accounts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
CREATE INDEX links_module ON links (module_id, account_id);

-- Logins write most rows of the audit and look for none of them by these two words, so they are spared the indices.
DROP INDEX audit_author;
DROP INDEX audit_event;
CREATE INDEX audit_author ON audit (author) WHERE author <> 'login';
CREATE INDEX audit_event ON audit (event) WHERE event <> 'login';
-- Each login would pay for what only the removal of a module asks.
DROP INDEX sessions_module;

CREATE TABLE module_images (
    module_id TEXT PRIMARY KEY REFERENCES modules (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL, bytes BLOB NOT NULL
) STRICT;
CREATE TABLE test_results (
    module_id TEXT PRIMARY KEY REFERENCES modules (id) ON DELETE CASCADE, sealed BLOB NOT NULL
) STRICT;

CREATE TABLE services (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, secret_digest BLOB NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE service_modules (
    service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE, module_id TEXT NOT NULL,
    PRIMARY KEY (service_id, module_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_modules_module ON service_modules (module_id);

CREATE TABLE tokens (
    digest BLOB PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    module_id TEXT NOT NULL, service_id TEXT NOT NULL REFERENCES services (id) ON DELETE CASCADE,
    scope TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_account ON tokens (account_id);
CREATE INDEX tokens_module ON tokens (module_id);
CREATE INDEX tokens_service ON tokens (service_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);
)sql",
    R"sql(
-- What the provider calls a session; only OpenID Connect fills it, and only that pays for the indices.
ALTER TABLE sessions ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN provider_session TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_subject ON sessions (module_id, subject) WHERE subject <> '';
CREATE INDEX sessions_provider ON sessions (module_id, provider_session) WHERE provider_session <> '';

CREATE TABLE kept_tokens (
    session_digest BLOB PRIMARY KEY REFERENCES sessions (digest) ON DELETE CASCADE, sealed BLOB NOT NULL,
    revision INTEGER NOT NULL, claimed_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE scim_clients (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, module_id TEXT NOT NULL, created_at INTEGER NOT NULL,
    user_count INTEGER NOT NULL DEFAULT 0, group_count INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_clients_module ON scim_clients (module_id);
CREATE TABLE scim_tokens (
    digest BLOB PRIMARY KEY, id TEXT NOT NULL,
    client_id TEXT NOT NULL REFERENCES scim_clients (id) ON DELETE CASCADE, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_tokens_client ON scim_tokens (client_id, created_at, id);

CREATE TABLE scim_users (
    id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES scim_clients (id) ON DELETE CASCADE, external_id TEXT NOT NULL,
    user_name TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, shown_name TEXT NOT NULL, active INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL, resource TEXT NOT NULL
) STRICT;
CREATE INDEX scim_users_order ON scim_users (client_id, created_at, id);
CREATE INDEX scim_users_change ON scim_users (client_id, updated_at);
CREATE INDEX scim_users_external ON scim_users (external_id);
CREATE INDEX scim_users_display ON scim_users (display_name);
CREATE TABLE scim_emails (
    email TEXT NOT NULL, user_id TEXT NOT NULL REFERENCES scim_users (id) ON DELETE CASCADE, PRIMARY KEY (email, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scim_emails_user ON scim_emails (user_id);

CREATE TABLE scim_groups (
    id TEXT PRIMARY KEY REFERENCES groups (id) ON DELETE CASCADE,
    client_id TEXT NOT NULL REFERENCES scim_clients (id) ON DELETE CASCADE, external_id TEXT NOT NULL,
    display_name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL, resource TEXT NOT NULL
) STRICT;
CREATE INDEX scim_groups_order ON scim_groups (client_id, created_at, id);
CREATE INDEX scim_groups_change ON scim_groups (client_id, updated_at);
CREATE INDEX scim_groups_external ON scim_groups (external_id);
CREATE INDEX groups_folded ON groups (name COLLATE NOCASE);

-- A page tells how many there are; counting a million for each would cost more than the page.
CREATE TRIGGER scim_user_made AFTER INSERT ON scim_users BEGIN
    UPDATE scim_clients SET user_count = user_count + 1 WHERE id = new.client_id;
END;
CREATE TRIGGER scim_user_gone AFTER DELETE ON scim_users BEGIN
    UPDATE scim_clients SET user_count = user_count - 1 WHERE id = old.client_id;
END;
CREATE TRIGGER scim_group_made AFTER INSERT ON scim_groups BEGIN
    UPDATE scim_clients SET group_count = group_count + 1 WHERE id = new.client_id;
END;
CREATE TRIGGER scim_group_gone AFTER DELETE ON scim_groups BEGIN
    UPDATE scim_clients SET group_count = group_count - 1 WHERE id = old.client_id;
END;
)sql",
};

inline constexpr int sqlite_schema_version = std::size(sqlite_schema_steps);

} // namespace authmod::detail
