// SPDX-License-Identifier: BSL-1.0
// The settings that only OpenID Connect has, changed over REST while people log in all the time: each acts on the very
// next login. And a provider that changes its keys in the middle of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Browser, fetchRaw, scratch, secrets, sleep, wordOf } from '../programs/harness.mjs';
import { logIn, startMock, startServer } from './peers.mjs';

const folder = scratch();
let mock, other, server, ca;

/// People who log in through a module that nobody edits, all the time.
const traffic = { done: 0, failed: [], over: false, ended: null };
async function keepLoggingIn(module) {
    while (!traffic.over) {
        const { answer } = await logIn(server, module, ca);
        if (answer.status === 303) ++traffic.done;
        else traffic.failed.push(wordOf(answer) ?? answer.status);
        await sleep(10);
    }
}

before(async () => {
    mock = await startMock(folder);
    other = await startMock(folder);
    ca = readFileSync(mock.caFile);
    server = await startServer(folder, mock);
    secrets.add('the secret of this client');
    const { id } = await server.openModule({ name: 'Steady', issuer: other.issuer });
    traffic.ended = Promise.all([keepLoggingIn(id), keepLoggingIn(id)]);
});
after(async () => {
    traffic.over = true;
    await traffic.ended;
    assert.deepEqual(traffic.failed, []);
    assert.ok(traffic.done > 10, `${traffic.done} logins`);
    for (const program of [server, mock, other]) assert.deepEqual(await program?.stop(), { code: 0, signal: null });
});

/// How a login ends: `ok` or the word of its refusal.
async function verdict(id, browser) {
    const { answer } = await logIn(server, id, ca, browser);
    return answer.status === 303 ? 'ok' : wordOf(answer) ?? answer.text;
}
const asked = async (peer, what) => (await peer.log()).filter((one) => one === what).length;

/// The change is refused with this code, and nothing of it is kept.
async function refused(id, changes, code) {
    const { revision, ...earlier } = await server.admin('GET', `/api/modules/${id}`);
    const answer = await fetchRaw(`${server.url}/api/modules/${id}`, { method: 'PATCH', body: JSON.stringify({ ...changes, revision }),
        headers: { Authorization: 'Bearer test-admin-token-0123456789abcdef0123456789', 'Content-Type': 'application/json' } });
    const { error } = answer.json();
    assert.deepEqual([answer.status, error.code, error.field], [422, code, Object.keys(changes)[0]], answer.text);
    const { revision: now, ...later } = await server.admin('GET', `/api/modules/${id}`);
    assert.deepEqual([now, later], [revision, earlier]);
}

describe('settings in force', () => {
    test('issuer: the very next login goes to the other provider', async () => {
        const { id } = await server.openModule();
        assert.equal((await logIn(server, id, ca)).location.origin, mock.issuer);

        const begun = new Browser({ ca }); // a login under way does not outlive the change
        const start = await begun.get(`${server.url}/login/${id}`);
        const { url } = await begun.follow(start.headers.location, (u) => u.startsWith(`${server.url}/callback/`));
        await server.patchModule({ issuer: other.issuer }, id);
        assert.equal(wordOf(await begun.get(url)), 'settings_changed');

        await mock.forget();
        const { location, answer } = await logIn(server, id, ca);
        assert.deepEqual([location.origin, answer.status], [other.issuer, 303]);
        assert.deepEqual(await mock.log(), [], 'nothing is asked of the old one');

        await server.patchModule({ issuer: `${other.issuer}/` }, id); // one byte more is another issuer
        assert.equal(await verdict(id), 'issuer_mismatch');
        for (const [value, code] of [['http://idp.example', 'not_https'], ['https://idp.example/?a', 'has_query'], [7, 'wrong_type']])
            await refused(id, { issuer: value }, code);
        await server.admin('DELETE', `/api/modules/${id}`);
    });

    test('jwks_url: the very next ID token is held against the other keys', async () => {
        const { id } = await server.openModule();
        assert.equal(await verdict(id), 'ok');
        await mock.forget();
        await server.patchModule({ jwks_url: `${other.issuer}/jwks` }, id);
        assert.equal(await verdict(id), 'jwt_signature_bad', 'the same name, another key');
        assert.equal(await asked(mock, 'jwks'), 0);
        await server.patchModule({ jwks_url: `${mock.issuer}/jwks` }, id);
        assert.equal(await verdict(id), 'ok');
        for (const [value, code] of [['http://idp.example/keys', 'not_https'], ['https://a b/', 'bad_host'], [7, 'wrong_type']])
            await refused(id, { jwks_url: value }, code);
        await server.admin('DELETE', `/api/modules/${id}`);
    });

    test('hosted_domain: the very next login from elsewhere is refused', async () => {
        const url = (where) => mock.issuer + where;
        const { id } = await server.openModule({ type: 'google', authorization_url: url('/authorize'), token_url: url('/token'),
            user_info_url: url('/userinfo'), jwks_url: url('/jwks') });
        const from = async (domain) => {
            await mock.order('claims', { sub: `of ${domain}`, ...(domain ? { hd: domain } : {}) });
            return verdict(id);
        };
        assert.deepEqual([await from('example.com'), await from(null)], ['ok', 'ok']);
        await server.patchModule({ hosted_domain: 'Example.com, example.org' }, id);
        assert.deepEqual([await from('example.com'), await from('example.org'), await from('example.net'), await from(null), await from('sub.example.com')],
            ['ok', 'ok', 'organization_refused', 'organization_refused', 'organization_refused']);
        await server.patchModule({ hosted_domain: 'example.net' }, id);
        assert.deepEqual([await from('example.com'), await from('example.net')], ['organization_refused', 'ok']);
        await refused(id, { hosted_domain: 'https://example.com' }, 'bad_host');
        await refused(id, { hosted_domain: 7 }, 'wrong_type');
        await mock.order('claims', {});
        await server.admin('DELETE', `/api/modules/${id}`);
    });
});

test('D4 keys that change in the middle of it stop nobody and are asked for once', async () => {
    const { id } = await server.openModule();
    assert.equal(await verdict(id), 'ok');
    for (const peer of [mock, other]) {
        await peer.forget();
        await peer.order('rotate', {}); // the old key is gone at once
    }
    assert.equal(await verdict(id), 'ok');
    for (let i = 0; i < 5; ++i) assert.equal(await verdict(id), 'ok');
    const before = traffic.done;
    while (traffic.done < before + 10) await sleep(10);
    assert.deepEqual([await asked(mock, 'jwks'), await asked(other, 'jwks')], [1, 1]);
});
