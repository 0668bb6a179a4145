// SPDX-License-Identifier: BSL-1.0
// login_server as a whole: logins through the real TLS transport, SQLite and the simulator; every fault of the provider.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser, fetchRaw, scratch, sleep, startLoginServer, startSimulator, stopAll, wordOf } from './harness.mjs';

const folder = scratch();
const limit = 1000; // ms, both timeouts of the module
let simulator, server;

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { module: { connection_timeout_ms: limit, read_timeout_ms: limit } });
});
after(() => stopAll(server, simulator));
beforeEach(() => simulator.reset());

const counts = () => ['accounts', 'links', 'sessions'].map(server.count);
const sessionCookie = (answer) => (answer.headers['set-cookie'] ?? []).find((line) => /^(__Host-)?authmod_session=[^;]/.test(line));

/// A login as this account up to its callback.
async function begin(handle, browser = new Browser(), query = '') {
    await simulator.set({ auto_approve: handle });
    return { browser, callback: await server.reachCallback(browser, server.module, query) };
}
async function logIn(handle, browser, query) {
    const login = await begin(handle, browser, query);
    const answer = await login.browser.get(login.callback);
    assert.equal(answer.status, 303, `${wordOf(answer)}: ${answer.text}`);
    return { ...login, answer, account: (await server.me(login.browser)).json() };
}
/// The callback is refused with one of these words, and nothing of it remains.
async function assertRefused({ browser, callback }, words, calls) {
    const earlier = counts();
    const answer = await browser.get(callback);
    const word = wordOf(answer);
    assert.ok([words].flat().includes(word), `${answer.status}, ${word} instead of ${words}: ${answer.text.slice(0, 200)}`);
    assert.ok(answer.status >= 400 && answer.status < 600);
    assert.match(answer.headers['content-type'], /text\/html/);
    assert.equal(sessionCookie(answer), undefined);
    assert.equal((await server.me(browser)).status, 401);
    assert.deepEqual(counts(), earlier);
    const audit = server.rows("SELECT reason FROM audit ORDER BY number DESC LIMIT 1")[0];
    assert.equal(audit.reason, word, 'the audit has the word of the page');
    if (calls !== undefined) assert.equal(await simulator.calls('token'), calls);
    return answer;
}

describe('a login', () => {
    test('B8 ends on a clean address with a session, and me tells who it is', async () => {
        const { answer, account } = await logIn('nadia', new Browser(), '?return_to=%2Fme%3Fa%3Db');
        assert.equal(answer.headers.location, '/me?a=b');
        assert.equal(answer.headers['referrer-policy'], 'no-referrer');
        assert.equal(answer.headers['cache-control'], 'no-store');
        const { csrf, id, avatar, ...rest } = account;
        assert.ok(csrf && id);
        assert.match(avatar, /\/avatars\/nadia\.png$/);
        assert.deepEqual(rest, { username: 'nferro', full_name: 'Nadia Ferro', email: 'nadia@nadia.example', email_verified: true, groups: ['All Users'] });
        const log = await simulator.log();
        assert.deepEqual(log.violations, []);
        assert.deepEqual(log.requests.map((r) => r.endpoint).sort(), ['authorize', 'emails', 'token', 'user', 'workspaces']);
        assert.ok(log.requests.filter((r) => r.endpoint !== 'authorize').every((r) => r.scheme === 'https'));
    });

    test('later logins find the same account, renamed or not', async () => {
        const first = await logIn('renamed');
        await simulator.accounts({ handle: 'renamed', username: 'new-name', display_name: 'Rena Renamed' });
        const second = await logIn('renamed');
        assert.equal(second.account.id, first.account.id);
        assert.equal(second.account.full_name, 'Rena Renamed');
    });

    test('every kind of account comes through as mapped', async () => {
        const as = async (handle) => (await logIn(handle)).account;
        assert.equal((await as('several')).email, 'sam@several.example');
        const paged = await as('paged');
        assert.deepEqual([paged.email, paged.email_verified], ['paige+014@paged.example', true]);
        assert.equal((await as('unconfirmed')).email_verified, false);
        assert.equal((await as('noprimary')).email, null);
        assert.equal((await as('noemail')).email, null);
        assert.equal((await as('nousername')).username, 'nousername');
        assert.equal((await as('noname')).full_name, 'quiet one');
        assert.equal((await as('unicode')).full_name, 'Zoë <b>Ünïcöde</b> & "Søn" 山田 🦀');
        const twins = [await as('twin-one'), await as('twin-two')];
        assert.notEqual(twins[0].id, twins[1].id);
        await as('many');
        assert.equal(await simulator.calls('workspaces') >= 5, true);
    });

    test('an app user is refused', async () => assertRefused(await begin('app'), 'account_type_refused', 1));

    test('answers may come with escapes, in chunks, and with either spelling of scope', async () => {
        for (const orders of [{ escapes: true }, { scope_member: 'scopes' }, { scope_member: 'none' }, { expires_in: '3600' }, { expires_in: null },
            { token_length: 4000 }, { pkce: 'ignored' }, { endpoint: 'any', fault: 'chunked', times: 0 }, { endpoint: 'emails', fault: 'next', to: 'empty' }]) {
            await simulator.reset();
            await simulator.set(orders);
            assert.equal((await logIn('nadia')).account.full_name, 'Nadia Ferro', JSON.stringify(orders));
        }
    });

    test('logout ends the session on the server', async () => {
        const { browser, account } = await logIn('nadia');
        const url = `${server.url}/logout`;
        assert.equal((await browser.get(url)).status, 405);
        const cookie = browser.cookieHeader(url);
        assert.equal((await browser.get(url, { method: 'POST' })).status >= 400, true);
        assert.equal((await browser.get(url, { method: 'POST', headers: { 'X-CSRF-Token': account.csrf } })).status, 303);
        assert.equal((await fetchRaw(`${server.url}/me`, { headers: { Cookie: cookie } })).status, 401);
    });
});

describe('starting a login', () => {
    const startOf = async (query = '', options = {}) => new URL((await fetchRaw(`${server.url}/login/${server.module}${query}`, options)).headers.location);

    test('A1 A3 the redirect asks for a code, with PKCE S256', async () => {
        const { searchParams } = await startOf();
        assert.deepEqual([...searchParams.keys()].sort(), ['client_id', 'code_challenge', 'code_challenge_method', 'redirect_uri', 'response_type', 'scope', 'state']);
        assert.deepEqual(['response_type', 'code_challenge_method', 'scope', 'redirect_uri'].map((name) => searchParams.get(name)),
            ['code', 'S256', 'account email', `${server.url}/callback/${server.module}`]);
        assert.match(searchParams.get('code_challenge'), /^[A-Za-z0-9_-]{43}$/);
    });

    test('A2 states are all different', async () => {
        const seen = new Set();
        for (let i = 0; i < 100; ++i) seen.add((await startOf()).searchParams.get('state'));
        assert.equal(seen.size, 100);
        assert.ok([...seen].every((state) => state.length >= 22));
    });

    test('A5 the redirect URI does not follow the Host header', async () => {
        const answer = await fetchRaw(`${server.url}/login/${server.module}`, { headers: { 'X-Forwarded-Host': 'evil.example', Host: 'evil.example' } });
        assert.ok(!JSON.stringify(answer.headers).includes('evil.example'));
    });

    test('A7 parameters of the login URL do not reach the provider', async () => {
        const { href } = await startOf('?scope=repository%3Aadmin&state=mine&redirect_uri=https%3A%2F%2Fevil.example&auto_approve=nadia&prompt=none');
        for (const word of ['repository', 'mine', 'evil', 'prompt', 'auto_approve']) assert.ok(!href.includes(word), href);
    });

    test('A8 H1 the redirect is 302 or 303, not stored, its cookie is HttpOnly and Lax', async () => {
        const answer = await fetchRaw(`${server.url}/login/${server.module}`);
        assert.ok([302, 303].includes(answer.status));
        assert.equal(answer.headers['cache-control'], 'no-store');
        for (const line of answer.headers['set-cookie']) {
            for (const attribute of [/; *HttpOnly/i, /; *SameSite=Lax/i, /; *Path=\//i]) assert.match(line, attribute);
            assert.doesNotMatch(line, /; *Domain/i);
            assert.ok(line.length <= 4096);
        }
    });

    test('B9 a foreign place to return to is refused', async () => {
        for (const place of ['//evil.example', '/\\evil.example', 'https://evil.example/', '/%0d%0aSet-Cookie:x', '/\t/evil.example', 'javascript:x', '/..//evil.example']) {
            const answer = await fetchRaw(`${server.url}/login/${server.module}?return_to=${encodeURIComponent(place)}`);
            assert.equal(wordOf(answer), 'return_to_refused', place);
        }
    });

    test('H3 200 logins begun in one browser: cookies stay bounded, the newest can be finished', async () => {
        const browser = new Browser();
        let last;
        for (let i = 0; i < 200; ++i) last = await begin('nadia', browser);
        assert.ok(browser.cookieHeader(server.url).length <= 16384);
        assert.equal((await browser.get(last.callback)).status, 303);
    });
});

describe('callback', () => {
    const changed = (login, change) => {
        const url = new URL(login.callback);
        change(url.searchParams);
        return { ...login, callback: url.href };
    };

    test('B1 missing, empty, unknown and foreign states are refused before any call', async () => {
        const words = ['state_missing', 'state_mismatch', 'callback_malformed'];
        await assertRefused(changed(await begin('nadia'), (p) => p.delete('state')), words, 0);
        await assertRefused(changed(await begin('nadia'), (p) => p.set('state', '')), words, 0);
        await assertRefused(changed(await begin('nadia'), (p) => p.set('state', 'x'.repeat(43))), words, 0);
        await assertRefused({ ...await begin('nadia'), browser: new Browser() }, words, 0);
    });

    test('B1 a used state is refused without a call', async () => {
        const login = await logIn('nadia');
        const again = await login.browser.get(login.callback);
        assert.ok(['state_missing', 'state_mismatch', 'state_used'].includes(wordOf(again)), wordOf(again));
        assert.equal(await simulator.calls('token'), 1);
    });

    test('B1 a state is burnt by its first callback even with the cookie kept', async () => {
        const login = await begin('nadia');
        const kept = new Map(login.browser.cookies);
        assert.equal((await login.browser.get(login.callback)).status, 303);
        const replay = new Browser();
        replay.cookies = kept;
        await assertRefused({ browser: replay, callback: login.callback }, 'state_used', 1);
    });

    test('B3 repeated parameters are refused before any call', async () => {
        for (const extra of ['&code=other', '&state=other', '&error=access_denied&error=x']) {
            const login = await begin('nadia');
            await assertRefused({ ...login, callback: login.callback + extra }, ['callback_malformed', 'state_mismatch', 'state_missing'], 0);
        }
    });

    test('B4 an error of the provider ends the login; its words are not shown as markup', async () => {
        await simulator.set({ consent: 'denied' });
        await assertRefused(await begin('nadia'), 'access_denied', 0);
        await simulator.set({ consent: 'remember' });
        const answer = await assertRefused(changed(await begin('nadia'), (p) => {
            p.set('error', 'invalid_scope');
            p.set('error_description', '<script>alert(1)</script>');
        }), 'authorization_refused', 0);
        assert.ok(!answer.text.includes('<script>'));
    });

    test('B7 50 parallel callbacks with one state: 1 token call, 1 session', async () => {
        const { browser, callback } = await begin('nadia');
        const earlier = counts();
        const Cookie = browser.cookieHeader(callback);
        const answers = await Promise.all(Array.from({ length: 50 }, () => fetchRaw(callback, { headers: { Cookie } })));
        assert.equal(answers.filter((a) => a.status === 303).length, 1);
        assert.ok(answers.filter((a) => a.status !== 303).every((a) => wordOf(a) === 'state_used'));
        assert.equal(await simulator.calls('token'), 1);
        assert.equal(counts()[2], earlier[2] + 1);
    });

    test('F6 50 parallel first logins of one person: 1 account', async () => {
        await simulator.accounts({ handle: 'crowd' });
        await simulator.set({ auto_approve: 'crowd' });
        const patient = await server.makeModule({ name: 'Patient' });
        const earlier = counts();
        const browsers = Array.from({ length: 50 }, () => new Browser());
        const callbacks = [];
        for (const browser of browsers) callbacks.push(await server.reachCallback(browser, patient));
        const answers = await Promise.all(browsers.map((browser, i) => browser.get(callbacks[i])));
        assert.deepEqual(answers.map((a) => wordOf(a) ?? a.status), Array(50).fill(303));
        assert.deepEqual(counts(), [earlier[0] + 1, earlier[1] + 1, earlier[2] + 50]);
    });

    test('G1 a planted session id is not adopted', async () => {
        const browser = new Browser();
        browser.cookies.set('127.0.0.1 authmod_session', { host: '127.0.0.1', name: 'authmod_session', value: 'p'.repeat(43), secure: false });
        const { answer } = await logIn('nadia', browser);
        assert.ok(!sessionCookie(answer).includes('ppp'));
    });

    test('G4 I2 no token reaches the browser, every answer carries the protecting headers', async () => {
        const { browser, answer } = await logIn('nadia');
        const answers = [answer, await browser.get(`${server.url}/`), await server.me(browser), await browser.get(`${server.url}/login`),
            await browser.get(`${server.url}/nowhere`), await browser.get(`${server.url}/callback/${server.module}`)];
        for (const each of answers) {
            assert.doesNotMatch(each.text + JSON.stringify(each.headers), /[A-Za-z0-9_-]{1000}/, 'the simulator\'s tokens have 2600 characters');
            assert.match(each.headers['content-security-policy'], /frame-ancestors 'none'/);
            assert.equal(each.headers['x-content-type-options'], 'nosniff');
            assert.equal(each.headers['cache-control'], 'no-store');
            assert.equal(each.headers['referrer-policy'], 'no-referrer');
        }
    });

    test('F8 settings that change between start and callback stop the login', async () => {
        const login = await begin('nadia');
        await server.patchModule({ client_id: 'another-key' });
        await assertRefused(login, 'settings_changed', 0);
        await server.patchModule({ client_id: 'simulator-key' });
        const other = await begin('nadia');
        await server.patchModule({ user_creation: true });
        assert.equal((await other.browser.get(other.callback)).status, 303);
    });

    test('F5 with creation off, strangers are refused and friends come in', async () => {
        await logIn('nadia');
        await server.patchModule({ user_creation: false });
        await simulator.accounts({ handle: 'stranger' });
        await assertRefused(await begin('stranger'), 'creation_off', 2);
        await logIn('nadia');
        await server.patchModule({ user_creation: true });
    });

    test('A6 a state of one module is worthless at another', async () => {
        const other = await server.makeModule({ name: 'Second' });
        const login = await begin('nadia');
        await assertRefused({ ...login, callback: login.callback.replace(server.module, other) }, ['state_mismatch', 'state_missing'], 0);
    });
});

describe('faults of the provider', () => {
    const unusable = { body: ['{}', '[]', 'null', '"x"', '', '<html>', '{"uuid":'] };
    const table = [
        // endpoint, fault, more, words
        ['token', 'status', { status: 400 }, ['token_exchange_refused']],
        ['token', 'status', { status: 401 }, ['token_exchange_refused', 'client_refused']],
        ['token', 'status', { status: 429, retry_after: '30' }, ['provider_rate_limited']],
        ['token', 'status', { status: 429, retry_after: '99999999999999999999' }, ['provider_rate_limited']],
        ['token', 'status', { status: 500 }, ['provider_failed']],
        ['token', 'status', { status: 503 }, ['provider_failed']],
        ['token', 'status', { status: 204 }, ['token_malformed', 'token_exchange_refused', 'response_malformed']],
        ['token', 'redirect', { status: 307 }, ['redirect_refused']],
        ['token', 'body', { body: '{"error":"invalid_grant"}' }, ['code_refused', 'token_exchange_refused']],
        ['token', 'body', { body: '{"error":"unauthorized_client"}', status: 400 }, ['client_refused']],
        ['token', 'body', { body: '{"error":{"a":1}}', status: 400 }, ['token_exchange_refused']],
        ['token', 'body', { body: '{"access_token":"x","token_type":"mac"}' }, ['token_type_refused']],
        ...unusable.body.map((body) => ['token', 'body', { body }, ['token_malformed']]),
        ['token', 'set', { pointer: '/access_token', value: 5 }, ['token_malformed']],
        ['token', 'set', { pointer: '/access_token', value: '' }, ['token_malformed']],
        ['token', 'remove', { pointer: '/access_token' }, ['token_malformed']],
        ['token', 'remove', { pointer: '/token_type' }, ['token_malformed', 'token_type_refused']],
        ['user', 'status', { status: 401 }, ['user_info_refused']],
        ['user', 'status', { status: 403 }, ['user_info_refused']],
        ['user', 'status', { status: 404 }, ['user_info_refused']],
        ['user', 'status', { status: 410 }, ['user_info_refused']],
        ['user', 'status', { status: 429 }, ['provider_rate_limited']],
        ['user', 'status', { status: 500 }, ['provider_failed']],
        ['user', 'status', { status: 204 }, ['user_info_refused', 'profile_malformed', 'response_malformed']],
        ['user', 'redirect', {}, ['redirect_refused']],
        ...unusable.body.map((body) => ['user', 'body', { body }, ['profile_malformed', 'user_id_missing']]),
        ['user', 'body', { body: '<html>', content_type: 'text/html' }, ['profile_malformed', 'response_malformed']],
        ['user', 'remove', { pointer: '/uuid' }, ['user_id_missing']],
        ['user', 'set', { pointer: '/uuid', value: null }, ['user_id_missing']],
        ['user', 'set', { pointer: '/uuid', value: '' }, ['user_id_missing']],
        ['user', 'set', { pointer: '/uuid', value: true }, ['user_id_refused']],
        ['user', 'set', { pointer: '/uuid', value: 1.5 }, ['user_id_refused']],
        ['user', 'set', { pointer: '/uuid', value: { a: 1 } }, ['user_id_refused', 'user_id_missing']],
        ['user', 'set', { pointer: '/uuid', value: 'u'.repeat(256) }, ['user_id_refused']],
        ['user', 'set', { pointer: '/type', value: 'team' }, ['account_type_refused']],
        ['emails', 'status', { status: 401 }, ['email_list_failed']],
        ['emails', 'status', { status: 429 }, ['email_list_failed', 'provider_rate_limited']],
        ['emails', 'status', { status: 500 }, ['email_list_failed', 'provider_failed']],
    ];
    for (const endpoint of ['token', 'user']) {
        const malformed = endpoint === 'token' ? 'token_malformed' : 'profile_malformed';
        table.push(
            [endpoint, 'black_hole', {}, ['timed_out']],
            [endpoint, 'slow_header', { ms: 100 }, ['timed_out']],
            [endpoint, 'slow_body', { ms: 100 }, ['timed_out']],
            [endpoint, 'cut', {}, ['response_cut']],
            [endpoint, 'wrong_length', {}, ['response_cut']],
            [endpoint, 'wrong_length', { by: -5 }, [malformed]],
            [endpoint, 'bad_chunks', {}, ['response_malformed']],
            [endpoint, 'informational', { count: 2000 }, ['response_malformed', 'response_too_large']],
            [endpoint, 'huge_header', {}, ['response_too_large']],
            [endpoint, 'huge_body', {}, ['response_too_large']],
            [endpoint, 'deep', {}, [malformed]],
            [endpoint, 'duplicate', {}, [malformed]],
            [endpoint, 'invalid_utf8', {}, [malformed]],
            [endpoint, 'gzip', {}, [malformed, 'response_malformed']]);
    }

    for (const [endpoint, fault, more, words] of table)
        test(`O3 ${endpoint}: ${fault} ${JSON.stringify(more).slice(0, 60)} is ${words.join(' or ')}`, async () => {
            const login = await begin('inactive'); // an account that never gets in here
            await simulator.set({ endpoint, fault, ...more });
            const began = Date.now();
            await assertRefused(login, words, 1);
            assert.ok(Date.now() - began < 2 * limit + 1500, 'K1 the limits hold');
            assert.deepEqual((await simulator.log()).violations, [], 'C1 C2 the code was sent once, the secret in no URL');
        });

    test('C2 a code whose answer never came starts the authorization once more, and only once', async () => {
        const login = await begin('inactive');
        await simulator.set({ endpoint: 'token', fault: 'drop', times: 2 });
        const again = await login.browser.get(login.callback);
        assert.equal(again.status, 303);
        assert.ok(again.headers.location.startsWith(`${simulator.plain}/site/oauth2/authorize?`));
        assert.notEqual(new URL(again.headers.location).searchParams.get('state'), new URL(login.callback).searchParams.get('state'));
        const { url } = await login.browser.follow(again.headers.location, (u) => u.startsWith(`${server.url}/callback/`));
        await assertRefused({ browser: login.browser, callback: url }, 'no_response', 2);
        assert.deepEqual((await simulator.log()).violations, []);
    });

    test('E7 without the e-mail scope there is no e-mail, and the login goes on', async () => {
        await simulator.accounts([{ handle: 'mail-403' }, { handle: 'mail-404' }]);
        for (const status of [403, 404]) {
            await simulator.set({ endpoint: 'emails', fault: 'status', status });
            assert.equal((await logIn(`mail-${status}`)).account.email, null);
        }
    });

    test('E7 a list that leads to itself ends after 20 pages', async () => {
        const login = await begin('nadia');
        await simulator.set({ endpoint: 'workspaces', fault: 'next', to: 'itself', times: 0 });
        assert.equal((await login.browser.get(login.callback)).status, 303);
        assert.ok(await simulator.calls('workspaces') <= 20);
    });

    test('J2 next on another host is not followed', async () => {
        const seen = [];
        const trap = http.createServer((request, response) => { seen.push(request.url); response.end('{}'); });
        await new Promise((resolve) => trap.listen(0, '127.0.0.1', resolve));
        for (const endpoint of ['emails', 'workspaces']) {
            const login = await begin('nadia');
            await simulator.set({ endpoint, fault: 'next', to: `http://127.0.0.1:${trap.address().port}/steal` });
            await login.browser.get(login.callback);
        }
        assert.deepEqual(seen, []);
        trap.close();
    });

    test('groups that cannot be had do not stop a login', async () => {
        for (const [fault, more] of [['status', { status: 500 }], ['status', { status: 403 }], ['drop', {}], ['body', { body: 'no' }], ['black_hole', {}]]) {
            const login = await begin('nadia');
            await simulator.set({ endpoint: 'workspaces', fault, ...more });
            assert.equal((await login.browser.get(login.callback)).status, 303, fault);
        }
    });

    test('J1 a certificate of an unknown authority: refused, nothing of HTTP is sent', async () => {
        const stranger = await startSimulator(scratch());
        const id = await server.makeModule({ name: 'Stranger', token_url: `${stranger.tls}/site/oauth2/access_token` });
        await simulator.set({ auto_approve: 'nadia' });
        const browser = new Browser();
        await assertRefused({ browser, callback: await server.reachCallback(browser, id) }, 'tls_failed', 0);
        assert.deepEqual((await stranger.log()).requests, []);
        await stranger.stop();
    });

    test('a provider that refuses connections or only accepts them', async () => {
        const mute = net.createServer(() => {});
        await new Promise((resolve) => mute.listen(0, '127.0.0.1', resolve));
        const open = `https://127.0.0.1:${mute.address().port}/t`;
        const hole = await server.makeModule({ name: 'Hole', token_url: open, connection_timeout_ms: limit, read_timeout_ms: limit });
        const closed = await server.makeModule({ name: 'Closed', token_url: 'https://127.0.0.1:1/t' });
        await simulator.set({ auto_approve: 'nadia' });
        for (const [id, words] of [[hole, ['timed_out', 'tls_failed']], [closed, ['provider_unreachable']]]) {
            const browser = new Browser();
            await assertRefused({ browser, callback: await server.reachCallback(browser, id) }, words, 0);
        }
        mute.close();
    });

    test('J3 a fetched picture is served by ourselves; one that is none does not stop the login', async () => {
        await simulator.accounts([{ handle: 'pictured' }, { handle: 'faceless' }]);
        const id = await server.makeModule({ name: 'Pictures', avatar_url: `${simulator.tls}/avatars/me.png` });
        const avatarOf = async (handle) => {
            await simulator.set({ auto_approve: handle });
            const browser = new Browser();
            assert.equal((await browser.get(await server.reachCallback(browser, id))).status, 303);
            const { avatar } = (await server.me(browser)).json();
            return { avatar, answer: avatar.startsWith('/') ? await browser.get(server.url + avatar) : null };
        };
        const { avatar, answer } = await avatarOf('pictured');
        assert.match(avatar, /^\/avatars\//);
        assert.deepEqual([answer.status, answer.headers['content-type'], answer.bytes.subarray(1, 4).toString()], [200, 'image/png', 'PNG']);
        for (const more of [{ fault: 'body', body: '<svg xmlns="http://www.w3.org/2000/svg"/>', content_type: 'image/png' }, { fault: 'status', status: 500 }, { fault: 'cut' }]) {
            await simulator.set({ endpoint: 'avatar', ...more });
            assert.match((await avatarOf('faceless')).avatar, /^https:.*\/avatars\/faceless\.png$/);
        }
    });

    test('K3 a hung provider does not hold up others', async () => {
        const hung = await begin('inactive');
        await simulator.set({ endpoint: 'token', fault: 'black_hole' });
        const waiting = hung.browser.get(hung.callback);
        await sleep(50);
        const began = Date.now();
        await logIn('nadia');
        assert.ok(Date.now() - began < limit);
        assert.equal(wordOf(await waiting), 'timed_out');
    });

    test('after all this: descriptors and memory are where they were', async () => {
        const measure = () => ({
            open: readdirSync(`/proc/${server.child.pid}/fd`).length,
            kib: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]) });
        const fail = async (fault) => {
            const login = await begin('inactive');
            await simulator.set({ endpoint: 'token', fault });
            await login.browser.get(login.callback);
        };
        const round = async (times) => { for (let i = 0; i < times; ++i) for (const fault of ['cut', 'bad_chunks', 'duplicate', 'huge_header', 'gzip']) await fail(fault); };
        await round(10);
        const before_ = measure();
        await round(40);
        const later = measure();
        assert.ok(later.open <= before_.open + 3, `${before_.open} to ${later.open} descriptors`);
        // Sanitizers keep freed memory back on purpose.
        if (!process.env.AUTHMOD_SANITIZE) assert.ok(later.kib <= before_.kib + 4096, `${before_.kib} to ${later.kib} KiB`);
    });
});

describe('secrets', () => {
    test('N1 N2 code, session, client secret and admin token are in no log and no database file', async () => {
        const { browser, callback } = await logIn('nadia');
        const refused = await begin('inactive');
        await simulator.set({ endpoint: 'token', fault: 'status', status: 400 });
        await assertRefused(refused, 'token_exchange_refused');
        const url = new URL(callback);
        const session = [...browser.cookies.values()].find((c) => c.name === 'authmod_session').value;
        const canaries = [url.searchParams.get('code'), url.searchParams.get('state'), session, 'simulator-secret', 'test-admin-token'];
        const places = Object.fromEntries(readdirSync(folder).filter((name) => name.startsWith('accounts.sqlite'))
            .map((name) => [name, readFileSync(path.join(folder, name), 'latin1')]));
        places.log = server.output;
        places.modules = JSON.stringify(await server.admin('GET', '/api/modules'));
        assert.ok(Object.keys(places).length >= 3);
        for (const [place, text] of Object.entries(places))
            for (const canary of canaries) assert.ok(!text.includes(canary), `${canary.slice(0, 6)}... is in ${place}`);
    });

    test('state survives a restart: accounts and sessions are still there', async () => {
        const { browser, account } = await logIn('nadia');
        const listen = new URL(server.url).host;
        assert.deepEqual(await server.stop(), { code: 0, signal: null });
        const { module } = server;
        server = await startLoginServer(folder, simulator, { listen, fresh: false });
        server.module = module;
        assert.equal((await server.me(browser)).json().id, account.id);
    });
});
