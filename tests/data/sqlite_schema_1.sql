PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE modules (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL,
    is_default INTEGER NOT NULL, place INTEGER NOT NULL, revision INTEGER NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, settings TEXT NOT NULL, sealed_secret TEXT NOT NULL
) STRICT;
INSERT INTO modules VALUES('bitbucket','bitbucket_cloud','bitbucket',1,1,0,1,1790000000000,1790000000000,'{"scopes":"account email"}','sealed');
INSERT INTO modules VALUES('github','github','github',0,0,1,1,1790000000000,1790000000000,'{"scopes":"account email"}','sealed');
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, username TEXT NOT NULL, full_name TEXT NOT NULL, email TEXT NOT NULL,
    email_verified INTEGER NOT NULL, avatar TEXT NOT NULL, banned INTEGER NOT NULL, ban_reason TEXT NOT NULL,
    created_by_module TEXT NOT NULL, custom_attributes TEXT NOT NULL, created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL, folded_username TEXT NOT NULL UNIQUE, folded_email TEXT NOT NULL
) STRICT;
INSERT INTO accounts VALUES('id-ann','ann','ann it''s','ann@example.com',1,'/avatars/id-ann',0,'','bitbucket','4:team,3:red,',1790000000000,1790000000000,'ann','ann@example.com');
INSERT INTO accounts VALUES('id-bob','bob','bob it''s','bob@example.com',1,'/avatars/id-bob',0,'','bitbucket','4:team,3:red,',1790000000000,1790000000000,'bob','bob@example.com');
INSERT INTO accounts VALUES('id-eve','eve','eve it''s','eve@example.com',1,'/avatars/id-eve',1,'spam','bitbucket','4:team,3:red,',1790000000000,1790000000000,'eve','eve@example.com');
CREATE TABLE links (
    module_id TEXT NOT NULL, user_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL, last_login_at INTEGER NOT NULL,
    PRIMARY KEY (module_id, user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO links VALUES('bitbucket','{ann}','id-ann',1790000000000,1790000000000);
INSERT INTO links VALUES('bitbucket','{bob}','id-bob',1790000000000,1790000000000);
INSERT INTO links VALUES('bitbucket','{eve}','id-eve',1790000000000,1790000000000);
CREATE TABLE avatars (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    media_type TEXT NOT NULL, bytes BLOB NOT NULL
) STRICT;
INSERT INTO avatars VALUES('id-ann','image/png',X'89504e470078');
INSERT INTO avatars VALUES('id-bob','image/png',X'89504e470078');
INSERT INTO avatars VALUES('id-eve','image/png',X'89504e470078');
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    module_id TEXT NOT NULL, csrf TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessions VALUES(X'6161616161616161616161616161616161616161616161616161616161616161','id-ann','bitbucket','csrf',1790000000000,1790000000000);
INSERT INTO sessions VALUES(X'6262626262626262626262626262626262626262626262626262626262626262','id-bob','bitbucket','csrf',1790000000000,1790000000000);
CREATE TABLE states (digest BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO states VALUES(X'7373737373737373737373737373737373737373737373737373737373737373',1790000000000);
CREATE TABLE groups (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;
INSERT INTO "groups" VALUES('all-users','All Users');
INSERT INTO "groups" VALUES('authmod-admins','authmod-admins');
INSERT INTO "groups" VALUES('staff','Staff');
CREATE TABLE memberships (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (account_id, group_id, granted_by)
) STRICT, WITHOUT ROWID;
INSERT INTO memberships VALUES('id-ann','authmod-admins','');
INSERT INTO memberships VALUES('id-ann','staff','bitbucket');
INSERT INTO memberships VALUES('id-bob','staff','bitbucket');
INSERT INTO memberships VALUES('id-eve','staff','bitbucket');
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, author TEXT NOT NULL, address TEXT NOT NULL,
    event TEXT NOT NULL, target TEXT NOT NULL, module_id TEXT NOT NULL, field TEXT NOT NULL, old_value TEXT NOT NULL,
    new_value TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
INSERT INTO audit VALUES(1,1790000000000,'admin-token','','module_created','bitbucket','bitbucket','','','bitbucket','');
INSERT INTO audit VALUES(2,1790000000000,'admin-token','','module_created','github','github','','','github','');
INSERT INTO audit VALUES(3,1790000000000,'admin-token','','contract','x','','','','','');
INSERT INTO audit VALUES(4,1790000000000,'login','','login','id-ann','bitbucket','','','','');
INSERT INTO audit VALUES(5,1790000000000,'login','','account_created','id-ann','bitbucket','username','','ann','');
INSERT INTO audit VALUES(6,1790000000000,'login','','account_linked','id-ann','bitbucket','user_id','','{ann}','');
INSERT INTO audit VALUES(7,1790000000000,'login','','group_joined','id-ann','bitbucket','groups','','staff','');
INSERT INTO audit VALUES(8,1790000000000,'login','','login','id-bob','bitbucket','','','','');
INSERT INTO audit VALUES(9,1790000000000,'login','','account_created','id-bob','bitbucket','username','','bob','');
INSERT INTO audit VALUES(10,1790000000000,'login','','account_linked','id-bob','bitbucket','user_id','','{bob}','');
INSERT INTO audit VALUES(11,1790000000000,'login','','group_joined','id-bob','bitbucket','groups','','staff','');
INSERT INTO audit VALUES(12,1790000000000,'login','','login','id-eve','bitbucket','','','','');
INSERT INTO audit VALUES(13,1790000000000,'login','','account_created','id-eve','bitbucket','username','','eve','');
INSERT INTO audit VALUES(14,1790000000000,'login','','account_linked','id-eve','bitbucket','user_id','','{eve}','');
INSERT INTO audit VALUES(15,1790000000000,'login','','group_joined','id-eve','bitbucket','groups','','staff','');
INSERT INTO audit VALUES(16,1790000000000,'admin-token','','contract','x','','','','','');
INSERT INTO audit VALUES(17,1790000000000,'admin-token','','contract','x','','','','','');
CREATE TABLE pings (number INTEGER NOT NULL) STRICT;
INSERT INTO pings VALUES(0);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('audit',17);
CREATE UNIQUE INDEX modules_default ON modules (is_default) WHERE is_default = 1;
CREATE INDEX accounts_email ON accounts (folded_email, email_verified DESC, id);
CREATE INDEX accounts_creator ON accounts (created_by_module);
CREATE INDEX links_account ON links (account_id);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_module ON sessions (module_id);
CREATE INDEX sessions_creation ON sessions (created_at);
CREATE INDEX sessions_use ON sessions (seen_at);
CREATE INDEX states_expiry ON states (expires_at);
CREATE INDEX memberships_group ON memberships (group_id);
CREATE INDEX memberships_grant ON memberships (granted_by);
CREATE INDEX audit_author ON audit (author);
CREATE INDEX audit_event ON audit (event);
CREATE INDEX audit_target ON audit (target);
CREATE INDEX audit_module ON audit (module_id);
CREATE INDEX audit_time ON audit (at);
COMMIT;
