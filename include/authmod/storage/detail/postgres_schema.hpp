// SPDX-License-Identifier: BSL-1.0
// Layer 5. The tables of postgres_store, and how a database says that it holds them.
#pragma once

#include <iterator>

namespace authmod::detail {

/// Keys of advisory locks. Each begins with "authmod", so that other programs of the database hardly meet them.
inline constexpr long long pg_schema_lock = 0x617574686d6f6401;  ///< held while tables are made
inline constexpr long long pg_modules_lock = 0x617574686d6f6402; ///< shared by logins, held by changes of modules

/** Step n makes version n + 1 of the tables (`authmod.schema_version`) out of version n. A step that was released never
    changes. Each runs in the transaction that writes the version.

    Times are milliseconds since 1970, UTC. Keys and whatever is put in order compare by bytes (COLLATE "C"), as every
    other store does. Every question of a login, a request, a page and a sweep has an index. Sessions, links, tokens and
    services name modules without a foreign key, because a program may run modules that it never stores.
*/
inline constexpr char const* pg_schema_steps[] = {
    R"sql(
CREATE TABLE modules (
    id text COLLATE "C" PRIMARY KEY, type text NOT NULL, name text COLLATE "C" NOT NULL UNIQUE,
    enabled boolean NOT NULL, is_default boolean NOT NULL, place bigint NOT NULL, revision bigint NOT NULL,
    created_at bigint NOT NULL, updated_at bigint NOT NULL, settings text NOT NULL, sealed_secret bytea NOT NULL
);
CREATE UNIQUE INDEX modules_default ON modules (is_default) WHERE is_default;
CREATE TABLE module_images (
    module_id text COLLATE "C" PRIMARY KEY REFERENCES modules ON DELETE CASCADE,
    media_type text NOT NULL, bytes bytea NOT NULL
);
CREATE TABLE test_results (
    module_id text COLLATE "C" PRIMARY KEY REFERENCES modules ON DELETE CASCADE, sealed bytea NOT NULL
);

-- One row: how often modules changed. Whoever changes one raises it, and wakes the nodes that listen.
CREATE TABLE modules_version (number bigint NOT NULL);
INSERT INTO modules_version VALUES (1);
CREATE FUNCTION raise_modules_version() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE modules_version SET number = number + 1;
    NOTIFY authmod_modules;
    RETURN NULL;
END $$;
CREATE TRIGGER modules_change AFTER INSERT OR UPDATE OR DELETE ON modules EXECUTE FUNCTION raise_modules_version();

CREATE TABLE accounts (
    id text COLLATE "C" PRIMARY KEY, username text NOT NULL, full_name text NOT NULL, email text NOT NULL,
    email_verified boolean NOT NULL, avatar text NOT NULL, banned boolean NOT NULL, ban_reason text NOT NULL,
    created_by_module text COLLATE "C" NOT NULL, custom_attributes text[] NOT NULL, created_at bigint NOT NULL,
    updated_at bigint NOT NULL, folded_username text COLLATE "C" NOT NULL UNIQUE, folded_email text COLLATE "C" NOT NULL,
    revision bigint NOT NULL
);
CREATE INDEX accounts_email ON accounts (folded_email, email_verified DESC, id);
CREATE INDEX accounts_creator ON accounts (created_by_module);

CREATE TABLE links (
    module_id text COLLATE "C", user_id text COLLATE "C",
    account_id text COLLATE "C" NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at bigint NOT NULL, last_login_at bigint NOT NULL,
    PRIMARY KEY (module_id, user_id)
);
CREATE INDEX links_account ON links (account_id);
CREATE INDEX links_module ON links (module_id, account_id);

CREATE TABLE avatars (
    account_id text COLLATE "C" PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    media_type text NOT NULL, bytes bytea NOT NULL
);

CREATE TABLE sessions (
    digest bytea PRIMARY KEY, account_id text COLLATE "C" NOT NULL REFERENCES accounts ON DELETE CASCADE,
    module_id text COLLATE "C" NOT NULL, csrf text NOT NULL, created_at bigint NOT NULL, seen_at bigint NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_creation ON sessions (created_at);
CREATE INDEX sessions_use ON sessions (seen_at);

CREATE TABLE states (digest bytea PRIMARY KEY, expires_at bigint NOT NULL);
CREATE INDEX states_expiry ON states (expires_at);

CREATE TABLE groups (id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);
INSERT INTO groups VALUES ('all-users', 'All Users'), ('authmod-admins', 'authmod-admins');

CREATE TABLE memberships (
    account_id text COLLATE "C" REFERENCES accounts ON DELETE CASCADE,
    group_id text COLLATE "C" REFERENCES groups ON DELETE CASCADE,
    granted_by text COLLATE "C",
    PRIMARY KEY (account_id, group_id, granted_by)
);
CREATE INDEX memberships_group ON memberships (group_id, account_id);
CREATE INDEX memberships_grant ON memberships (granted_by);

CREATE TABLE services (
    id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, secret_digest bytea NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE service_modules (
    service_id text COLLATE "C" REFERENCES services ON DELETE CASCADE, module_id text COLLATE "C",
    PRIMARY KEY (service_id, module_id)
);
CREATE INDEX service_modules_module ON service_modules (module_id);

CREATE TABLE tokens (
    digest bytea PRIMARY KEY, account_id text COLLATE "C" NOT NULL REFERENCES accounts ON DELETE CASCADE,
    module_id text COLLATE "C" NOT NULL, service_id text COLLATE "C" NOT NULL REFERENCES services ON DELETE CASCADE,
    scope text NOT NULL, created_at bigint NOT NULL, expires_at bigint NOT NULL
);
CREATE INDEX tokens_account ON tokens (account_id);
CREATE INDEX tokens_module ON tokens (module_id);
CREATE INDEX tokens_service ON tokens (service_id);
CREATE INDEX tokens_expiry ON tokens (expires_at);

CREATE TABLE audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL, author text COLLATE "C" NOT NULL,
    address text NOT NULL, event text COLLATE "C" NOT NULL, target text COLLATE "C" NOT NULL,
    module_id text COLLATE "C" NOT NULL, field text NOT NULL, old_value text NOT NULL, new_value text NOT NULL,
    reason text NOT NULL
);
-- Logins write most rows of the audit and look for none of them by these two words, so they are spared the indices.
CREATE INDEX audit_author ON audit (author, number) WHERE author <> 'login';
CREATE INDEX audit_event ON audit (event, number) WHERE event <> 'login';
CREATE INDEX audit_target ON audit (target, number);
CREATE INDEX audit_module ON audit (module_id, number);
-- Rows come in the order of time, so a summary per range of pages finds a time and costs writers nothing.
CREATE INDEX audit_time ON audit USING brin (at);

CREATE TABLE pings (number bigint NOT NULL);
INSERT INTO pings VALUES (0);
)sql",
    R"sql(
-- What the provider calls a session; only OpenID Connect fills it, and only that pays for the indices.
ALTER TABLE sessions ADD COLUMN subject text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN provider_session text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX sessions_subject ON sessions (module_id, subject) WHERE subject <> '';
CREATE INDEX sessions_provider ON sessions (module_id, provider_session) WHERE provider_session <> '';

CREATE TABLE kept_tokens (
    session_digest bytea PRIMARY KEY REFERENCES sessions ON DELETE CASCADE, sealed bytea NOT NULL,
    revision bigint NOT NULL, claimed_until bigint NOT NULL
);
)sql",
    R"sql(
CREATE TABLE scim_clients (
    id text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE, module_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL, user_count bigint NOT NULL DEFAULT 0, group_count bigint NOT NULL DEFAULT 0
);
CREATE INDEX scim_clients_module ON scim_clients (module_id);
CREATE TABLE scim_tokens (
    digest bytea PRIMARY KEY, id text COLLATE "C" NOT NULL,
    client_id text COLLATE "C" NOT NULL REFERENCES scim_clients ON DELETE CASCADE, created_at bigint NOT NULL
);
CREATE INDEX scim_tokens_client ON scim_tokens (client_id, created_at, id);

CREATE TABLE scim_users (
    id text COLLATE "C" PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    client_id text COLLATE "C" NOT NULL REFERENCES scim_clients ON DELETE CASCADE,
    external_id text COLLATE "C" NOT NULL, user_name text COLLATE "C" NOT NULL UNIQUE,
    display_name text COLLATE "C" NOT NULL, shown_name text NOT NULL, active boolean NOT NULL,
    created_at bigint NOT NULL, updated_at bigint NOT NULL, version bigint NOT NULL, resource text NOT NULL
);
CREATE INDEX scim_users_order ON scim_users (client_id, created_at, id);
CREATE INDEX scim_users_change ON scim_users (client_id, updated_at);
CREATE INDEX scim_users_external ON scim_users (external_id);
CREATE INDEX scim_users_display ON scim_users (display_name);
CREATE TABLE scim_emails (
    email text COLLATE "C", user_id text COLLATE "C" REFERENCES scim_users ON DELETE CASCADE,
    PRIMARY KEY (email, user_id)
);
CREATE INDEX scim_emails_user ON scim_emails (user_id);

CREATE TABLE scim_groups (
    id text COLLATE "C" PRIMARY KEY REFERENCES groups ON DELETE CASCADE,
    client_id text COLLATE "C" NOT NULL REFERENCES scim_clients ON DELETE CASCADE,
    external_id text COLLATE "C" NOT NULL, display_name text COLLATE "C" NOT NULL UNIQUE,
    created_at bigint NOT NULL, updated_at bigint NOT NULL, version bigint NOT NULL, resource text NOT NULL
);
CREATE INDEX scim_groups_order ON scim_groups (client_id, created_at, id);
CREATE INDEX scim_groups_change ON scim_groups (client_id, updated_at);
CREATE INDEX scim_groups_external ON scim_groups (external_id);
CREATE INDEX groups_folded ON groups (lower(name));

-- A page tells how many there are; counting a million for each would cost more than the page. A statement counts once:
-- the end of a client takes all of its users in one.
CREATE FUNCTION count_scim_users() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE scim_clients c SET user_count = user_count + CASE TG_OP WHEN 'INSERT' THEN moved.number ELSE -moved.number END
        FROM (SELECT client_id, count(*) AS number FROM moved_users GROUP BY client_id) moved WHERE c.id = moved.client_id;
    RETURN NULL;
END $$;
CREATE FUNCTION count_scim_groups() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE scim_clients c SET group_count = group_count + CASE TG_OP WHEN 'INSERT' THEN moved.number ELSE -moved.number END
        FROM (SELECT client_id, count(*) AS number FROM moved_groups GROUP BY client_id) moved WHERE c.id = moved.client_id;
    RETURN NULL;
END $$;
CREATE TRIGGER scim_user_made AFTER INSERT ON scim_users REFERENCING NEW TABLE AS moved_users
    EXECUTE FUNCTION count_scim_users();
CREATE TRIGGER scim_user_gone AFTER DELETE ON scim_users REFERENCING OLD TABLE AS moved_users
    EXECUTE FUNCTION count_scim_users();
CREATE TRIGGER scim_group_made AFTER INSERT ON scim_groups REFERENCING NEW TABLE AS moved_groups
    EXECUTE FUNCTION count_scim_groups();
CREATE TRIGGER scim_group_gone AFTER DELETE ON scim_groups REFERENCING OLD TABLE AS moved_groups
    EXECUTE FUNCTION count_scim_groups();
)sql",
};

inline constexpr int pg_schema_version = std::size(pg_schema_steps);

} // namespace authmod::detail
