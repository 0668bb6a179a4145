// SPDX-License-Identifier: BSL-1.0
// Whole logins with a certified OpenID provider, over TLS, knowing nothing but its issuer.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Browser, fetchRaw, form, scratch, secrets, wordOf } from '../programs/harness.mjs';
import { logIn, startProvider, startServer } from './peers.mjs';

const folder = scratch();
let peer, server, ca;

before(async () => {
    peer = await startProvider(folder);
    ca = readFileSync(peer.caFile);
    server = await startServer(folder, peer);
});
after(async () => {
    for (const program of [server, peer]) assert.deepEqual(await program?.stop(), { code: 0, signal: null });
});
beforeEach(() => peer.forget());

/// A client at the provider for a fresh module.
async function module(client = {}, settings = {}, on = server) {
    const made = await on.openModule(settings);
    secrets.add('the secret of this client');
    await peer.order('client', { client_id: 'authmod', client_secret: 'the secret of this client', redirect_uris: [made.redirect_uri],
        response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
        backchannel_logout_uri: `${server.url}/backchannel-logout/${made.id}`, backchannel_logout_session_required: true, ...client });
    return made.id;
}
/// Says yes on the provider's page for logging out, and waits for what it tells its clients.
async function logOutThere(browser, url) {
    const page = await browser.get(url);
    assert.equal(page.status, 200, page.text);
    const [, action] = /action="([^"]+)"/.exec(page.text), [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page.text);
    const { method, headers, body } = form({ xsrf, logout: 'yes' });
    const gone = await browser.get(action, { method, headers, body });
    return { gone, told: (await peer.log()).filter((one) => one.event) };
}
const nadia = { sub: 'nadia-1', preferred_username: 'nferro', name: 'Nadia Ferro', email: 'nadia@example.com', email_verified: true, groups: ['staff'] };
async function loggedIn(id, on = server) {
    const seen = await logIn(on, id, ca);
    assert.equal(seen.answer.status, 303, `${wordOf(seen.answer)} ${seen.answer.text} ${on.log()} ${peer.output}`);
    return { ...seen, me: (await on.me(seen.browser)).json() };
}

describe('a certified provider', () => {
    test('logs people in who are known by its issuer alone, with PKCE, nonce and iss', async () => {
        const id = await module();
        await peer.order('person', nadia);
        const { me, callback } = await loggedIn(id);
        assert.deepEqual([me.username, me.full_name, me.email, me.email_verified], ['nferro', 'Nadia Ferro', 'nadia@example.com', true]);
        assert.equal(callback.searchParams.get('iss'), peer.issuer);
        const token = (await peer.log()).find((one) => one.path === '/token');
        assert.match(token.form, /code_verifier=[A-Za-z0-9_-]{43}/);
    });

    test('takes the request beforehand; the browser carries a reference', async () => {
        const id = await module({ require_pushed_authorization_requests: true });
        await peer.order('person', nadia);
        const { location } = await loggedIn(id);
        assert.deepEqual([...location.searchParams.keys()], ['client_id', 'request_uri']);
        const pushed = (await peer.log()).find((one) => one.path === '/request');
        assert.deepEqual([pushed.status, pushed.scheme], [201, 'Basic']);
        for (const name of ['state', 'nonce', 'code_challenge', 'dpop_jkt', 'redirect_uri']) assert.match(pushed.form, new RegExp(`(^|&)${name}=[^&]`));
        await peer.order('client', { client_id: 'authmod', client_secret: 'another', redirect_uris: ['https://elsewhere.example/'] });
        const refused = await logIn(server, id, ca);
        assert.equal(wordOf(refused.answer), 'client_refused', 'a login that cannot be finished is not begun');
    });

    test('binds tokens to a key of ours, with its nonces where it wants them', async () => {
        const id = await module({ dpop_bound_access_tokens: true });
        await peer.order('person', nadia);
        await loggedIn(id);
        const calls = async () => (await peer.log()).filter((one) => ['/token', '/me'].includes(one.path)).map((one) => [one.path, one.scheme, one.dpop, one.status]);
        assert.deepEqual(await calls(), [['/token', 'Basic', true, 200], ['/me', 'DPoP', true, 200]]);
        await peer.order('set', { nonces: true });
        await peer.forget();
        await loggedIn(id);
        await peer.order('set', { nonces: false });
        assert.deepEqual(await calls(), [['/token', 'Basic', true, 400], ['/token', 'Basic', true, 200], ['/me', 'DPoP', true, 401], ['/me', 'DPoP', true, 200]]);
    });

    test('D4 keys that change in the middle of it stop nobody', async () => {
        const id = await module();
        await peer.order('person', nadia);
        const { me } = await loggedIn(id);
        await peer.order('rotate', {}); // the old key is gone at once
        await peer.forget();
        for (let i = 0; i < 3; ++i) assert.equal((await loggedIn(id)).me.id, me.id);
        assert.equal((await peer.log()).filter((one) => one.path === '/jwks').length, 1);
    });

    test('D2 signatures of every algorithm that is promised are taken', async () => {
        for (const alg of ['ES256', 'PS256', 'EdDSA']) await loggedIn(await module({ id_token_signed_response_alg: alg }));
    });

    test('is told when somebody logs out here', async () => {
        const id = await module();
        await peer.order('person', nadia);
        const { browser, me } = await loggedIn(id);
        const { headers } = await browser.get(`${server.url}/logout`, { method: 'POST', headers: { 'X-CSRF-Token': me.csrf } });
        const there = new URL(headers.location);
        assert.equal(there.origin + there.pathname, `${peer.issuer}/session/end`);
        assert.deepEqual([...there.searchParams.keys()], ['client_id', 'logout_hint']);
        const { gone, told } = await logOutThere(browser, there.href);
        assert.equal(gone.status, 303);
        assert.deepEqual(told, [{ event: 'backchannel.success' }], 'a logout of a session that is over already is no error');
    });

    test('G3 ends sessions here behind the back of the browser', async () => {
        const id = await module();
        await peer.order('person', nadia);
        const one = await loggedIn(id);
        await peer.order('person', { sub: 'other-1', preferred_username: 'other' });
        const other = await loggedIn(id);
        assert.equal((await server.me(one.browser)).status, 200);
        const { told } = await logOutThere(one.browser, `${peer.issuer}/session/end`);
        assert.deepEqual(told, [{ event: 'backchannel.success' }]);
        assert.equal((await server.me(one.browser)).status, 401);
        assert.equal((await server.me(other.browser)).status, 200);
        const [audit] = server.rows("SELECT author, target, module_id FROM audit WHERE event = 'backchannel_logout' ORDER BY number DESC LIMIT 1");
        assert.deepEqual(audit, { author: 'provider', target: one.me.id, module_id: id });
    });

    test('is answered 400 and nothing is kept by anybody when a logout token is none', async () => {
        const id = await module();
        for (const body of ['', 'logout_token=', 'logout_token=a.b.c', 'logout_token=a.b.c&logout_token=a.b.c', 'token=a.b.c']) {
            const answer = await fetchRaw(`${server.url}/backchannel-logout/${id}`, { ...form({}), body });
            assert.deepEqual([answer.status, answer.headers['cache-control'], answer.json().error], [400, 'no-store', 'invalid_request'], body);
        }
        assert.equal((await fetchRaw(`${server.url}/backchannel-logout/${id}`)).status, 405);
    });

    test('G4 N2 keeps its tokens and codes to itself and us', async () => {
        const id = await module();
        await peer.order('person', nadia);
        const { browser } = await loggedIn(id);
        const issued = await peer.issued();
        assert.ok(issued.length > 3);
        for (const secret of issued) secrets.add(secret); // searched for in every answer, in the log and in the database
        for (const path of ['/', '/me', '/verify', '/login?choose=1']) await browser.get(server.url + path);
        await server.admin('GET', `/api/modules/${id}`);
        await server.admin('GET', '/api/audit');
        server.assertNoSecrets();
    });

    test('B5 whoever declines comes back with an error and the name of the provider', async () => {
        const id = await module();
        await peer.order('person', { sub: 'nobody', declines: true });
        const { answer, callback } = await logIn(server, id, ca);
        assert.equal(wordOf(answer), 'access_denied');
        assert.equal(callback.searchParams.get('iss'), peer.issuer);
    });
});

describe('a provider whose endpoints are all set by hand', () => {
    const byHand = () => Object.fromEntries(Object.entries({ authorization_url: '/auth', token_url: '/token', user_info_url: '/me', jwks_url: '/jwks' })
        .map(([name, path]) => [name, peer.issuer + path]));
    const asked = async (path) => (await peer.log()).filter((one) => one.path === path);
    let own; // has read no metadata yet
    beforeEach(async () => { own = await startServer(scratch(), peer); });
    afterEach(async () => assert.deepEqual(await own.stop(), { code: 0, signal: null }));
    /// What the doctor says about the metadata.
    const diagnosis = () => {
        const file = (name) => path.join(path.dirname(own.database), name);
        const { stdout } = spawnSync(path.join(process.env.AUTHMOD_BIN, 'login_server'), ['doctor', '--allow-loopback-http', '--ca-file', peer.caFile,
            '--store', `sqlite:${own.database}`, '--master-key-file', file('master-key'), '--listen', '127.0.0.1:8080'], { encoding: 'utf8' });
        return stdout.split('\n').find((line) => line.includes(' issuer: ')) ?? stdout;
    };

    test('gets pushed requests and proofs of a key, because its metadata offers both', async () => {
        const id = await module({ require_pushed_authorization_requests: true, dpop_bound_access_tokens: true }, byHand(), own);
        await peer.order('person', nadia);
        const { location, callback, me } = await loggedIn(id, own);
        assert.equal(me.username, 'nferro');
        assert.deepEqual([...location.searchParams.keys()], ['client_id', 'request_uri']);
        assert.equal(callback.searchParams.get('iss'), peer.issuer);
        assert.match((await asked('/request'))[0].form, /(^|&)dpop_jkt=[^&]/);
        assert.deepEqual((await asked('/me')).map((one) => [one.scheme, one.dpop, one.status]), [['DPoP', true, 200]]);
        await loggedIn(id, own);
        assert.equal((await asked('/.well-known/openid-configuration')).length, 1);
        assert.match(diagnosis(), /^ok .* its metadata is usable$/);
    });

    test('is logged in with when nothing comes back for its metadata, which is asked for once', async () => {
        const id = await module({}, byHand(), own);
        await peer.order('person', nadia);
        await peer.order('set', { mute: true });
        for (let i = 0; i < 3; ++i) {
            const { location, me } = await loggedIn(id, own);
            assert.equal(me.username, 'nferro');
            assert.equal(location.searchParams.get('code_challenge_method'), 'S256');
        }
        assert.equal((await asked('/.well-known/openid-configuration')).length, 1);
        assert.deepEqual((await asked('/me')).map((one) => one.scheme), ['Bearer', 'Bearer', 'Bearer']);
        assert.match(diagnosis(), /^skip .* its metadata is not used, .*: timed_out: /);

        const begun = await fetchRaw(`${own.url}/api/modules/${id}/test-login`, { method: 'POST', headers: { Authorization: 'Bearer test-admin-token-0123456789abcdef0123456789' } });
        const tester = new Browser({ ca });
        tester.keep(own.url, begun);
        const { url } = await tester.follow(begun.json().location, (u) => u.startsWith(`${own.url}/callback/`));
        assert.match((await tester.get(url)).text, /The provider&apos;s metadata could not be read, so only the settings count: /);
        const { ok, steps } = await own.admin('GET', `/api/modules/${id}/test-result`);
        assert.ok(ok);
        assert.match(steps[0].message, /^the provider's metadata could not be read/);
        await peer.order('set', { mute: false });
    });
});
