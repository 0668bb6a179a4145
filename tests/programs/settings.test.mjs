// SPDX-License-Identifier: BSL-1.0
// Every setting of a module: changed over REST while people log in all the time, it acts on the very next login, and
// what fails its rule is refused whole. One row per setting of the table in the documentation.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
    Browser, basic, fetchRaw, form, scratch, secrets, sleep, startLoginServer, startSimulator, stopAll, wordOf
} from './harness.mjs';

const folder = scratch();
let simulator, other, server, id, original;

/// People who log in through a module that nobody edits, all the time.
const traffic = { done: 0, failed: [], over: false, ended: null };
async function keepLoggingIn(module) {
    while (!traffic.over) {
        const browser = new Browser();
        const answer = await browser.get(await server.reachCallback(browser, module));
        if (answer.status === 303) ++traffic.done;
        else traffic.failed.push(wordOf(answer) ?? answer.status);
        await sleep(10);
    }
}

before(async () => {
    simulator = await startSimulator(folder);
    other = await startSimulator(folder);
    server = await startLoginServer(folder, simulator);
    id = server.module;
    original = await show();
    await other.set({ auto_approve: 'nadia' });
    const steady = await server.makeModule({ name: 'Steady', order: 900, authorization_url: `${other.plain}/site/oauth2/authorize`,
        token_url: `${other.tls}/site/oauth2/access_token`, user_info_url: `${other.tls}/2.0/user`, email_url: `${other.tls}/2.0/user/emails`, groups_url: '' });
    traffic.ended = Promise.all([keepLoggingIn(steady), keepLoggingIn(steady)]);
});
after(async () => {
    traffic.over = true;
    await traffic.ended;
    await stopAll(server, simulator, other);
});

const show = () => server.admin('GET', `/api/modules/${id}`);
const patch = (changes) => server.patchModule(changes, id);
const send = (method, where, body) => fetchRaw(server.url + where, { method, body: JSON.stringify(body),
    headers: { Authorization: 'Bearer test-admin-token-0123456789abcdef0123456789', 'Content-Type': 'application/json' } });

/// The change is refused with this code, naming the field and the byte, and nothing of it is kept.
async function refused(changes, code, field = Object.keys(changes)[0], offset = 0) {
    const earlier = await show();
    const answer = await send('PATCH', `/api/modules/${id}`, { name: 'must not be kept', ...changes, revision: earlier.revision });
    assert.equal(answer.status, 422, `${JSON.stringify(changes)}: ${answer.text}`);
    const { message, ...error } = answer.json().error;
    assert.deepEqual(error, { code, field, offset }, JSON.stringify(changes));
    assert.ok(message.length > 10);
    assert.deepEqual(await show(), earlier);
}

let people = 0;
/// A person whom nobody has seen before.
async function somebody(more = {}) {
    const handle = `person-${++people}`;
    await simulator.accounts({ handle, username: handle, display_name: `Person ${people}`, ...more });
    return handle;
}

/// A login from start to end, or as far as it gets.
async function login(handle, browser = new Browser(), module = id) {
    handle ??= await somebody();
    await simulator.reset();
    await simulator.set({ auto_approve: handle });
    const begun = await browser.get(`${server.url}/login/${module}`);
    if (begun.status !== 303) return { browser, word: wordOf(begun) };
    const location = new URL(begun.headers.location);
    const end = await browser.follow(location.href, (url) => url.startsWith(`${server.url}/callback/`));
    if (end.response) return { browser, location, page: end };
    const answer = await browser.get(end.url);
    const seen = { browser, location, callback: end.url, answer, word: wordOf(answer), handle };
    if (answer.status === 303) {
        seen.me = (await server.me(browser)).json();
        seen.account = await server.admin('GET', `/api/accounts/${seen.me.id}`);
    }
    return seen;
}
async function loggedIn(...args) {
    const seen = await login(...args);
    assert.equal(seen.answer?.status, 303, seen.word ?? seen.answer?.text);
    return seen;
}
async function endsWith(word, ...args) {
    const seen = await login(...args);
    assert.ok([word].flat().includes(seen.word), `${seen.word} instead of ${word}`);
    return seen;
}
const buttons = async () => [...(await fetchRaw(`${server.url}/login?choose=1`)).text.matchAll(/Log in with ([^<]+)</g)].map((m) => m[1]);
const calls = (endpoint) => simulator.calls(endpoint);
const makeGroup = async (name) => (await server.admin('POST', '/api/groups', { name })).id;

async function pathsAreRefused(field) {
    const { email_verified, email } = await show();
    for (const [text, code, offset] of [['/a', 'empty_segment', 0], ['a//b', 'empty_segment', 2], ['a?:', 'empty_alternative', 3], ['   ', 'empty_path', 0],
        ['a[', 'unclosed_selector', 1], ['"a', 'unclosed_quote', 0], ['é//', 'empty_segment', 3], ['x'.repeat(1025), 'too_long', 1024]])
        await refused({ [field]: text, ...(field === 'email' ? { email_verified } : {}) }, code, field, offset);
    await refused({ [field]: 7 }, 'wrong_type');
    assert.equal((await show()).email, email);
}
async function urlsAreRefused(field) {
    for (const [text, code, offset] of [['http://example.com/x', 'not_https', 0], ['ftp://example.com/', 'not_https', 0], ['https://', 'bad_host', 8],
        ['https://a b/', 'bad_host', 8], ['https://user@example.com/', 'has_userinfo', 8], ['https://example.com/#x', 'has_fragment', 20]])
        await refused({ [field]: text }, code, field, offset);
    await refused({ [field]: 1 }, 'wrong_type');
}
const readOnly = (field, value) => refused({ [field]: value }, 'read_only');

/// What follows from other things may come back as it was read, however old: it says nothing.
async function toldOnly(field, value) {
    const { revision, updated_at, ...earlier } = await show();
    await patch({ [field]: value });
    const { revision: next, updated_at: then, ...now } = await show();
    assert.deepEqual([next, then, now], [revision, updated_at, earlier]);
}

/// [settings, what they do and what they refuse]. After each row the module is as it was.
const rows = [
    ['id', async () => {
        await readOnly('id', 'another');
        await patch({ name: 'Renamed for its id' });
        const { location } = await loggedIn();
        assert.equal(location.searchParams.get('redirect_uri'), `${server.url}/callback/${id}`);
    }],
    ['name', async () => {
        await patch({ name: 'Zoë & <Co>' });
        assert.ok((await buttons()).includes('Zoë &amp; &lt;Co&gt;'));
        await loggedIn();
        for (const [value, code] of [['', 'empty_name'], ['  ', 'empty_name'], [1, 'empty_name'], ['x'.repeat(256), 'too_long'], ['a\nb', 'bad_character']])
            await refused({ name: value }, code);
        const { revision } = await show();
        const taken = await send('PATCH', `/api/modules/${id}`, { name: 'Steady', revision });
        assert.deepEqual([taken.status, taken.json().error.code], [409, 'name_taken']);
    }],
    ['button_image button_image_set', async () => {
        const image = () => fetchRaw(`${server.url}/modules/${id}/image`);
        const preset = await image();
        assert.equal(preset.headers['content-type'], 'image/svg+xml');
        const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('0000000d49484452', 'hex'), Buffer.alloc(200, 7)]);
        await patch({ button_image: png.toString('base64') });
        const own = await image();
        assert.deepEqual([own.status, own.headers['content-type'], own.headers['x-content-type-options']], [200, 'image/png', 'nosniff']);
        assert.match(own.headers['content-security-policy'], /default-src 'none'; sandbox/);
        assert.deepEqual(own.bytes, png);
        assert.equal((await show()).button_image_set, true);
        assert.match((await fetchRaw(`${server.url}/login?choose=1`)).text, new RegExp(`<img src="/modules/${id}/image`));
        await loggedIn();
        const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
        for (const [value, code] of [[svg.toString('base64'), 'not_an_image'], ['!', 'bad_base64'], [Buffer.concat([png, Buffer.alloc(256 * 1024)]).toString('base64'), 'too_large'], [1, 'wrong_type']])
            await refused({ button_image: value }, code, 'button_image');
        assert.deepEqual((await image()).bytes, png);
        await patch({ button_image: '' });
        assert.deepEqual((await image()).bytes, preset.bytes);
        await toldOnly('button_image_set', true);
    }],
    ['type', () => readOnly('type', 'github')],
    ['enabled', async () => {
        const name = (await show()).name;
        await server.admin('POST', `/api/modules/${id}/disable`);
        assert.ok(!(await buttons()).includes(name));
        await endsWith('module_disabled');
        await server.admin('POST', `/api/modules/${id}/enable`);
        assert.ok((await buttons()).includes(name));
        await loggedIn();
        await readOnly('enabled', false);
        await readOnly('enabled', 'yes');
    }],
    ['default', async () => {
        const ends = async () => (await fetchRaw(`${server.url}/login`)).headers.location;
        assert.equal(await ends(), undefined);
        await patch({ default: true });
        assert.equal(await ends(), `/login/${id}`);
        assert.ok((await buttons()).length >= 2);
        await patch({ default: false });
        assert.equal(await ends(), undefined);
        await refused({ default: 1 }, 'wrong_type');
    }],
    ['order', async () => {
        await patch({ order: 1000 });
        const name = (await show()).name;
        assert.equal((await buttons()).at(-1), name);
        await patch({ order: 0 });
        assert.equal((await buttons()).at(0), name);
        for (const value of [-1, 1000001, 1.5, '1']) await refused({ order: value }, 'out_of_range');
    }],
    ['imported_accounts', async () => {
        const { imported_accounts } = await show();
        const { handle } = await loggedIn();
        assert.equal((await show()).imported_accounts, imported_accounts + 1);
        await loggedIn(handle);
        assert.equal((await show()).imported_accounts, imported_accounts + 1);
        await toldOnly('imported_accounts', 7);
    }],
    ['redirect_uri', async () => {
        assert.equal((await show()).redirect_uri, `${server.url}/callback/${id}`);
        await readOnly('redirect_uri', 'https://evil.example/callback');
    }],
    ['client_id', async () => {
        await patch({ client_id: 'another key/é'.replace('é', '~') });
        const { location, page } = await login();
        assert.equal(location.searchParams.get('client_id'), 'another key/~');
        assert.ok(page.response.status >= 400, 'the provider does not know it');
        await refused({ client_id: 'é' }, 'bad_character');
        await refused({ client_id: '' }, 'required');
        await refused({ client_id: ['x'] }, 'wrong_type');
    }],
    ['client_secret client_secret_set', async () => {
        assert.equal((await show()).client_secret_set, true);
        await patch({ client_secret: 'wrong' });
        await endsWith('client_refused');
        await patch({ client_secret: 'simulator-secret' });
        await loggedIn();
        await refused({ client_secret: 'ü' }, 'bad_character');
        await refused({ client_secret: 1 }, 'wrong_type');
        await refused({ client_secret: 'x'.repeat(4097) }, 'bad_character');
        for (const none of ['', null]) await refused({ client_secret: none }, 'required');
        await readOnly('client_secret_set', false);
    }],
    ['public_client', async () => {
        await patch({ public_client: true, client_secret: '' });
        assert.equal((await show()).client_secret_set, false);
        await endsWith('client_refused');
        const sent = (await simulator.log()).requests.find((r) => r.endpoint === 'token');
        assert.equal(sent.authorization, null);
        assert.ok(sent.form.includes('client_id') && !sent.form.includes('client_secret'));
        await refused({ public_client: 'yes' }, 'wrong_type');
        await refused({ public_client: false }, 'required', 'client_secret');
        await patch({ public_client: false, client_secret: 'simulator-secret' });
    }],
    ['scopes', async () => {
        await patch({ scopes: 'account email team' });
        assert.equal((await login()).location.searchParams.get('scope'), 'account email team');
        await refused({ scopes: 'account "email"' }, 'bad_character', 'scopes', 8);
        await refused({ scopes: ['account'] }, 'wrong_type');
    }],
    ['authorization_url', async () => {
        await patch({ authorization_url: `${other.plain}/site/oauth2/authorize` });
        const { location, word } = await login();
        assert.equal(location.origin, other.plain);
        assert.ok(word, 'the code is of another provider');
        await urlsAreRefused('authorization_url');
        await refused({ authorization_url: '' }, 'required');
    }],
    ['token_url', async () => {
        await patch({ token_url: `${other.tls}/site/oauth2/access_token` });
        await endsWith('code_refused');
        assert.equal(await calls('token'), 0);
        await urlsAreRefused('token_url');
        await refused({ token_url: '' }, 'required');
    }],
    ['user_info_url', async () => {
        await patch({ user_info_url: `${other.tls}/2.0/user` });
        await endsWith('user_info_refused');
        assert.deepEqual([await calls('token'), await calls('user')], [1, 0]);
        await urlsAreRefused('user_info_url');
        await refused({ user_info_url: '' }, 'required');
    }],
    ['logout_url', async () => {
        const logout = async () => {
            const { browser, me } = await loggedIn();
            return (await browser.get(`${server.url}/logout`, { method: 'POST', headers: { 'X-CSRF-Token': me.csrf } })).headers.location;
        };
        assert.equal(await logout(), '/login?choose=1');
        await patch({ logout_url: 'https://idp.example/bye' });
        assert.equal(await logout(), 'https://idp.example/bye');
        await urlsAreRefused('logout_url');
    }],
    ['email_url', async () => {
        const { me, handle } = await loggedIn();
        assert.ok(me.email);
        await patch({ email_url: '' });
        assert.equal((await loggedIn()).me.email, null);
        assert.equal(await calls('emails'), 0);
        assert.equal((await loggedIn(handle)).me.id, me.id);
        await urlsAreRefused('email_url');
    }],
    ['avatar_url', async () => {
        assert.match((await loggedIn()).me.avatar, /^http.*\/avatars\/.*\.png$/);
        await patch({ avatar_url: `${simulator.tls}/avatars/me.png` });
        const { me } = await loggedIn();
        assert.equal(me.avatar, `/avatars/${me.id}`);
        assert.equal((await fetchRaw(server.url + me.avatar)).headers['content-type'], 'image/png');
        await urlsAreRefused('avatar_url');
    }],
    ['groups_url', async () => {
        await patch({ groups_url: '' });
        await loggedIn();
        assert.equal(await calls('workspaces'), 0);
        await patch({ groups_url: `${simulator.tls}/2.0/user/workspaces` });
        await loggedIn();
        assert.equal(await calls('workspaces'), 1);
        await urlsAreRefused('groups_url');
    }],
    ['user_id', async () => {
        const { me, handle } = await loggedIn(await somebody({ emails: [] })); // no email, so nothing else ties them together
        await patch({ user_id: 'account_id' });
        assert.notEqual((await loggedIn(handle)).me.id, me.id, 'another id is another person');
        await patch({ user_id: 'nothing/here' });
        await endsWith('user_id_missing');
        await refused({ user_id: '' }, 'required');
        await pathsAreRefused('user_id');
    }],
    ['username', async () => {
        await patch({ username: 'display_name' });
        const { me, handle } = await loggedIn();
        assert.equal(me.username, `Person ${people}`);
        assert.notEqual(me.username, handle);
        await pathsAreRefused('username');
    }],
    ['full_name', async () => {
        const { handle, me } = await loggedIn();
        await patch({ full_name: 'nothing ?: "nickname"' });
        const again = (await loggedIn(handle)).me;
        assert.equal(again.id, me.id);
        assert.notEqual(again.full_name, me.full_name);
        await pathsAreRefused('full_name');
    }],
    ['server_url realm tenant okta_domain', async () => {
        const starts = async (module) => (await fetchRaw(`${server.url}/login/${module}`)).headers.location.split('?')[0];
        for (const [type, first, second] of [
            ['keycloak', { server_url: 'https://id.example', realm: 'staff' }, { realm: 'guests' }],
            ['gitlab', { server_url: 'https://git.example' }, { server_url: 'https://code.example:8443/git' }],
            ['microsoft_entra', { tenant: 'common' }, { tenant: 'contoso.example' }],
            ['okta', { okta_domain: 'one.example' }, { okta_domain: 'two.example' }]]) {
            const made = await server.admin('POST', '/api/modules', { type, name: `Of ${type}`, client_id: 'k', client_secret: 's', ...first });
            await server.admin('POST', `/api/modules/${made.id}/enable`);
            const url = (fields) => made.authorization_url.replace(/\{(\w+)\}/g, (_, name) => ({ ...first, ...fields })[name]);
            assert.equal(await starts(made.id), url({}));
            await server.patchModule(second, made.id);
            assert.equal(await starts(made.id), url(second), 'the very next login');
            for (const field of Object.keys(second)) {
                const { revision } = await server.admin('GET', `/api/modules/${made.id}`);
                for (const value of ['x/../y', 'https://user@evil.example', 1]) {
                    const answer = await send('PATCH', `/api/modules/${made.id}`, { [field]: value, revision });
                    assert.deepEqual([answer.status, answer.json().error.field], [422, field], `${field} ${value}`);
                }
            }
            assert.equal(await starts(made.id), url(second));
            await server.admin('DELETE', `/api/modules/${made.id}`);
        }
    }],
    ['allowed_organizations', async () => {
        const github = await server.makeModule({ type: 'github', name: 'GitHub (simulated)', scopes: 'account email', user_id: 'uuid', username: 'username',
            email_url: '', allowed_organizations: ['acme'] });
        const organizations = (body) => ({ endpoint: 'workspaces', fault: 'body', body: JSON.stringify(body), content_type: 'application/json' });
        const member = async (body) => {
            const handle = await somebody(), browser = new Browser();
            await simulator.reset();
            await simulator.set([{ auto_approve: handle }, { endpoint: 'user', fault: 'set', pointer: '/type', value: 'User' }, organizations(body)]);
            const location = new URL((await browser.get(`${server.url}/login/${github}`)).headers.location);
            assert.match(location.searchParams.get('scope'), /read:org/, 'the limit brings its scope along');
            location.searchParams.set('scope', 'account email'); // what the simulator knows
            const { url } = await browser.follow(location.href, (u) => u.startsWith(`${server.url}/callback/`));
            const answer = await browser.get(url);
            return wordOf(answer) ?? answer.status;
        };
        assert.equal(await member([{ login: 'acme' }]), 303);
        assert.equal(await member([{ login: 'other' }]), 'organization_refused');
        await server.patchModule({ allowed_organizations: ['other'] }, github);
        assert.equal(await member([{ login: 'other' }]), 303);
        await server.admin('DELETE', `/api/modules/${github}`);
        await refused({ allowed_organizations: ['acme'] }, 'not_for_this_provider', 'allowed_organizations', 0);
    }],
    ['issuer jwks_url hosted_domain', async () => { // of providers that have them: tests/oidc_peers
        for (const field of ['issuer', 'jwks_url', 'server_url', 'realm', 'tenant', 'okta_domain', 'hosted_domain']) {
            await refused({ [field]: 'https://example.com' }, 'not_for_this_provider', field, 0);
            await refused({ [field]: 1 }, 'wrong_type', field);
            await patch({ [field]: '' });
        }
        await refused({ token_url: 'https://example.com/{tenant}/token' }, 'bad_placeholder', 'token_url', 20);
    }],
    ['allowed_workspaces', async () => {
        await patch({ allowed_workspaces: ['ferro-team'] });
        await endsWith('organization_refused', 'several');
        assert.equal((await loggedIn('nadia')).me.username, 'nferro');
        await patch({ allowed_workspaces: [] });
        await loggedIn('several');
        for (const [value, code, offset] of [[['a', 'a'], 'duplicate'], [['a b'], 'bad_character', 1], [[''], 'empty_name'], ['a', 'wrong_type'], [[1], 'wrong_type']])
            await refused({ allowed_workspaces: value }, code, 'allowed_workspaces', offset);
    }],
    ['extension_grant_type', async () => {
        const service = await server.admin('POST', '/api/services', { name: 'of the grant type', modules: [id] });
        const grant = async () => {
            const token = await simulator.accessToken('nadia');
            const sent = form({ grant_type: 'urn:example:bitbucket', token });
            sent.headers.Authorization = basic(service.id, service.secret);
            const answer = await fetchRaw(`${server.url}/oauth2/token`, sent);
            return answer.json().error ?? answer.json().token_type;
        };
        assert.equal(await grant(), 'unsupported_grant_type', 'off');
        await patch({ extension_grant_type: 'urn:example:bitbucket' });
        assert.equal(await grant(), 'Bearer');
        await patch({ extension_grant_type: 'urn:example:another' });
        assert.equal(await grant(), 'unsupported_grant_type');
        await loggedIn();
        for (const value of ['authorization_code', 'password', 'urn:ietf:params:oauth:grant-type:token-exchange'])
            await refused({ extension_grant_type: value }, 'reserved_grant_type', 'extension_grant_type', 0);
        await refused({ extension_grant_type: 'a b' }, 'bad_character', 'extension_grant_type', 1);
        await refused({ extension_grant_type: 'x'.repeat(256) }, 'too_long', 'extension_grant_type', 255);
    }],
    ['scim_match_attribute', async () => {
        const client = await server.admin('POST', '/api/scim-clients', { name: 'Provisioner', module: id });
        secrets.add(client.token);
        const provision = async (more) => {
            const answer = await fetchRaw(`${server.url}/scim/v2/Users`, { method: 'POST',
                headers: { Authorization: `Bearer ${client.token}`, 'Content-Type': 'application/scim+json' },
                body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], ...more }) });
            assert.equal(answer.status, 201, answer.text);
            return answer.json().id;
        };
        const [first, second] = [await somebody(), await somebody()];
        const uuids = Object.fromEntries((await simulator.listAccounts()).map(({ handle, uuid }) => [handle, uuid]));
        const by = await provision({ userName: uuids[first] });
        const other = await provision({ userName: 'somebody-else', externalId: uuids[second] });
        await patch({ scim_match_attribute: 'externalId' });
        assert.equal((await loggedIn(second)).me.id, other);
        await patch({ scim_match_attribute: 'userName' });
        assert.equal((await loggedIn(first)).me.id, by);
        for (const [value, code] of [['id', 'unknown_word'], ['username', 'unknown_word'], [null, 'wrong_type']])
            await refused({ scim_match_attribute: value }, code, 'scim_match_attribute');
    }],
    ['email', async () => {
        const person = await somebody({ emails: [{ email: 'a@somebody.example', is_primary: true, is_confirmed: true }, { email: 'b@somebody.example', is_primary: false, is_confirmed: true }] });
        assert.equal((await loggedIn(person)).me.email, 'a@somebody.example');
        await patch({ email: 'values/1/email', email_verified: 'values/1/is_confirmed' });
        assert.equal((await loggedIn(person)).me.email, 'b@somebody.example');
        await pathsAreRefused('email');
    }],
    ['email_verified', async () => {
        assert.equal((await loggedIn()).me.email_verified, true);
        await patch({ email_verified: 'values[is_primary]/nothing' });
        assert.equal((await loggedIn()).me.email_verified, false);
        await pathsAreRefused('email_verified');
    }],
    ['avatar', async () => {
        await patch({ avatar: 'nothing' });
        assert.equal((await loggedIn()).me.avatar, null);
        await pathsAreRefused('avatar');
    }],
    ['image_url_pattern', async () => {
        await patch({ avatar: 'username', image_url_pattern: 'https://images.example/<picture-id>.png' });
        const { me, handle } = await loggedIn();
        assert.equal(me.avatar, `https://images.example/${handle}.png`);
        for (const [text, code, offset] of [['https://images.example/', 'no_picture_id', 23], ['https://a.example/<picture-id>/<picture-id>', 'second_picture_id', 31],
            ['http://images.example/<picture-id>', 'not_https', 0], ['https:///<picture-id>', 'bad_host', 8]])
            await refused({ image_url_pattern: text }, code, 'image_url_pattern', offset);
    }],
    ['groups group_mappings', async () => {
        const [team, ferro] = [await makeGroup('Team'), await makeGroup('Ferro')];
        await patch({ group_mappings: [{ external_group: 'simulated-team', group: team }, { external_group: 'ferro-team', group: ferro }] });
        assert.deepEqual((await loggedIn('nadia')).me.groups, ['All Users', 'Ferro', 'Team']);
        await patch({ group_mappings: [{ external_group: 'simulated-team', group: ferro }] });
        assert.deepEqual((await loggedIn('several')).me.groups, ['All Users', 'Ferro']);
        await patch({ groups: 'values/*/workspace/uuid' });
        assert.deepEqual((await loggedIn('several')).me.groups, ['All Users'], 'ids are not slugs');
        await pathsAreRefused('groups');
        for (const value of ['x', [1], [{ external_group: 'x' }], [{ external_group: 'x', group: team, more: 1 }], { external_group: 'x', group: team }])
            await refused({ group_mappings: value }, 'wrong_type');
        await refused({ group_mappings: [{ external_group: 'x', group: 'none' }] }, 'no_such_group');
    }],
    ['custom_attributes', async () => {
        await patch({ custom_attributes: { 'Account kind': 'type', since: 'created_on' } });
        const { 'Account kind': kind, since } = (await loggedIn()).account.custom_attributes;
        assert.deepEqual([kind, typeof since], ['user', 'string']);
        await patch({ custom_attributes: { since: null } });
        assert.deepEqual((await show()).custom_attributes, { 'Account kind': 'type' });
        await refused({ custom_attributes: { zone: 'a//b' } }, 'empty_segment', 'custom_attributes/zone', 2);
        await refused({ custom_attributes: { zone: 1 } }, 'wrong_type');
        await refused({ custom_attributes: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`n${i}`, 'x'])) }, 'too_many');
    }],
    ['user_creation', async () => {
        const { handle } = await loggedIn();
        await patch({ user_creation: false });
        await endsWith('creation_off');
        await loggedIn(handle);
        await refused({ user_creation: 0 }, 'wrong_type');
    }],
    ['auto_join_groups', async () => {
        const newcomers = await makeGroup('Newcomers');
        await patch({ auto_join_groups: [newcomers] });
        assert.deepEqual((await loggedIn()).me.groups, ['All Users', 'Newcomers']);
        await patch({ auto_join_groups: [] });
        assert.deepEqual((await loggedIn()).me.groups, ['All Users']);
        await refused({ auto_join_groups: newcomers }, 'wrong_type');
        await refused({ auto_join_groups: [newcomers, 'none'] }, 'no_such_group');
    }],
    ['client_authentication', async () => {
        const how = async () => { await loggedIn(); return (await simulator.log()).requests.find((r) => r.endpoint === 'token'); };
        assert.equal((await how()).authorization, 'Basic');
        await patch({ client_authentication: 'post' });
        const sent = await how();
        assert.equal(sent.authorization, null);
        assert.ok(sent.form.includes('client_secret'));
        await refused({ client_authentication: 'digest' }, 'unknown_word');
        await refused({ client_authentication: true }, 'wrong_type');
    }],
    ['email_auto_verification', async () => {
        await patch({ email_verified: '' });
        assert.equal((await loggedIn()).me.email_verified, false);
        await patch({ email_auto_verification: true });
        assert.equal((await loggedIn()).me.email_verified, true);
        await refused({ email_auto_verification: 'true' }, 'wrong_type');
    }],
    ['connection_timeout_ms', async () => {
        const held = new Set();
        const deaf = net.createServer((socket) => held.add(socket.on('error', () => {}))); // never answers the TLS hello
        await new Promise((resolve) => deaf.listen(0, '127.0.0.1', resolve));
        await patch({ token_url: `https://127.0.0.1:${deaf.address().port}/token`, connection_timeout_ms: 200 });
        const begun = Date.now();
        await endsWith('timed_out');
        assert.ok(Date.now() - begun < 4000, 'not the 5 s that it was before');
        for (const socket of held) socket.destroy();
        deaf.close();
        for (const [value, code] of [[-1, 'out_of_range'], [600001, 'out_of_range'], [1e12, 'out_of_range'], ['5', 'wrong_type'], [1.5, 'wrong_type']])
            await refused({ connection_timeout_ms: value }, code);
    }],
    ['read_timeout_ms', async () => {
        const slow = async () => {
            const handle = await somebody(), browser = new Browser();
            await simulator.reset();
            await simulator.set([{ auto_approve: handle }, { endpoint: 'user', fault: 'delay', ms: 1200 }]);
            const answer = await browser.get(await server.reachCallback(browser, id));
            return wordOf(answer) ?? answer.status;
        };
        assert.equal(await slow(), 303);
        await patch({ read_timeout_ms: 300 });
        assert.equal(await slow(), 'timed_out');
        await patch({ read_timeout_ms: 0 });
        assert.equal(await slow(), 303);
        for (const [value, code] of [[-1, 'out_of_range'], [600001, 'out_of_range'], ['5', 'wrong_type']]) await refused({ read_timeout_ms: value }, code);
    }],
    ['pkce', async () => {
        const method = async () => (await loggedIn()).location.searchParams.get('code_challenge_method');
        assert.equal(await method(), 'S256');
        await patch({ pkce: 'off' });
        assert.equal(await method(), null);
        await patch({ pkce: 'required' });
        assert.equal(await method(), 'S256');
        await refused({ pkce: 'plain' }, 'unknown_word');
    }],
    ['account_linking', async () => {
        const second = await server.makeModule({ name: 'Second of the same' });
        const first = await loggedIn();
        await server.patchModule({ account_linking: 'never' }, second);
        assert.notEqual((await loggedIn(first.handle, new Browser(), second)).me.id, first.me.id);
        const third = await loggedIn();
        await server.patchModule({ account_linking: 'verified_email' }, second);
        assert.equal((await loggedIn(third.handle, new Browser(), second)).me.id, third.me.id);
        await refused({ account_linking: 'username' }, 'unknown_word');
    }],
    ['revision created_at updated_at', async () => {
        const read = await show();
        await patch({ order: read.order + 1 });
        const now = await show();
        assert.equal(now.revision, read.revision + 1);
        assert.equal(now.created_at, read.created_at);
        assert.ok(now.updated_at > read.updated_at);
        const missing = await send('PATCH', `/api/modules/${id}`, { name: 'x' });
        assert.deepEqual([missing.status, missing.json().error.code], [400, 'revision_missing']);
        for (const revision of [read.revision, now.revision + 1, String(now.revision), null]) {
            const stale = await send('PATCH', `/api/modules/${id}`, { name: 'x', revision });
            assert.deepEqual([stale.status, stale.json().error.code], [409, 'revision_stale']);
        }
        await readOnly('created_at', '2020-01-01T00:00:00Z');
        await toldOnly('updated_at', '2020-01-01T00:00:00Z');
        await patch({ created_at: now.created_at });
    }],
    ['missing warnings', async () => {
        assert.deepEqual((await show()).missing, []);
        const made = await server.admin('POST', '/api/modules', { type: 'bitbucket_cloud', name: 'Bare' });
        assert.deepEqual(made.missing.sort(), ['client_id', 'client_secret']);
        await patch({ groups: '', group_mappings: [{ external_group: 'x', group: await makeGroup('Warned') }] });
        assert.ok((await show()).warnings.some(({ field }) => field === 'group_mappings'));
        await toldOnly('missing', ['x']);
        await toldOnly('warnings', []);
    }],
];

describe('the very next login follows a change of', () => {
    for (const [fields, check] of rows)
        test(fields.replaceAll(' ', ', '), async () => {
            const { done } = traffic;
            await check();
            const { revision, created_at, updated_at, imported_accounts, missing, warnings, ...present } = await show();
            const changed = Object.fromEntries(Object.entries(present).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(original[name])));
            for (const name of Object.keys(changed)) changed[name] = original[name];
            if (changed.custom_attributes) changed.custom_attributes = null; // a patch lays objects over each other
            if (Object.keys(changed).length) await patch(changed);
            while (traffic.done === done && !traffic.failed.length) await sleep(5); // people came in meanwhile
            assert.deepEqual(traffic.failed, []);
        });

    test('nothing that has no row here', async () => {
        const { properties } = (await server.admin('GET', '/api/openapi.json')).components.schemas.Module;
        const covered = new Set(rows.flatMap(([fields]) => fields.split(' ')));
        assert.deepEqual(Object.keys(properties).filter((name) => !covered.has(name)), []);
    });
});
