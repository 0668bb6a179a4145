// SPDX-License-Identifier: BSL-1.0
// Plants secrets wherever one can come in and looks for them wherever they must not be: in answers, log lines, audit rows
// and database files. The harness looks for cookies, codes, states and the fixed secrets in every other test too.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
    Browser, assertNoSecrets, fetchRaw, scratch, secrets, startLoginServer, startSimulator, stopAll, wordOf
} from './harness.mjs';

const folder = scratch();
let simulator, server, planted = 0;

/// A secret of its own for each place.
function plant(where) {
    const secret = `canary-${where}-${String(++planted).padStart(4, '0')}-0123456789abcdefghij`;
    secrets.add(secret);
    return secret;
}

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator);
});
after(() => stopAll(server, simulator));

const send = (method, where, body, headers = {}) => fetchRaw(server.url + where, { method, body, headers: { 'Content-Type': 'application/json', ...headers } });

async function login(orders = [], browser = new Browser()) {
    await simulator.reset();
    await simulator.set([{ auto_approve: 'nadia' }, ...orders]);
    const callback = await server.reachCallback(browser);
    const code = new URL(callback).searchParams.get('code');
    const answer = await browser.get(callback);
    return { browser, callback, code, word: wordOf(answer), answer };
}

async function nothingIsFound() {
    for (const where of ['/api/audit/export', '/api/modules', '/api/accounts', '/api/groups', '/api/providers', `/api/modules/${server.module}`])
        await server.admin('GET', where); // the harness looks into each answer
    server.assertNoSecrets();
    const dump = server.rows("SELECT group_concat(quote(old_value) || quote(new_value) || quote(reason) || quote(field) || quote(target)) AS t FROM audit")[0].t;
    assertNoSecrets(dump, 'the audit');
}

test('the search finds what is there', async () => {
    const shown = plant('shown');
    await assert.rejects(server.admin('POST', '/api/groups', { name: shown }), /holds canary/);
    assert.throws(() => server.assertNoSecrets(), /holds canary/);
    const id = server.rows(`SELECT id FROM groups WHERE name = '${shown}'`)[0].id;
    await assert.rejects(server.admin('GET', '/api/audit/export'), /holds canary/);
    secrets.delete(shown);
    await server.admin('DELETE', `/api/groups/${id}`);
});

test('N2 a client secret is in no answer, log, audit row or file, right or wrong', async () => {
    await server.patchModule({ client_secret: plant('client-secret') });
    assert.equal((await login()).word, 'client_refused');
    for (const bad of [plant('refused-secret') + 'ü', [plant('listed-secret')], 'x'.repeat(4096) + plant('long-secret')])
        await assert.rejects(server.patchModule({ client_secret: bad }), /422/);
    await assert.rejects(server.patchModule({ client_secret: plant('whole-update'), email: 'a//b' }), /422/);
    await send('PATCH', `/api/modules/${server.module}`, `{"client_secret":"${plant('cut-json')}`, { Authorization: 'Bearer test-admin-token-0123456789abcdef0123456789' });
    await server.patchModule({ client_secret: 'simulator-secret' });
    await nothingIsFound();
});

test('N2 tokens of the provider are seen by nobody, whatever they are and whatever they come with', async () => {
    const whole = await login([{ endpoint: 'token', fault: 'set', pointer: '/refresh_token', value: plant('refresh-token') }]);
    assert.equal(whole.answer.status, 303);
    await login([{ endpoint: 'token', fault: 'set', pointer: '/access_token', value: plant('access-token') }]);
    await login([{ endpoint: 'token', fault: 'body', status: 200, body: `{"access_token":"${plant('cut-token')}"`, content_type: 'application/json' }]);
    await login([{ endpoint: 'token', fault: 'body', status: 200, body: JSON.stringify({ access_token: plant('odd-type-token'), token_type: 'mac' }), content_type: 'application/json' }]);
    await nothingIsFound();
});

test('N2 what a provider says back is no way for a code or a secret into the log', async () => {
    const browser = new Browser();
    await simulator.reset();
    await simulator.set({ auto_approve: 'nadia' });
    const callback = await server.reachCallback(browser);
    const code = new URL(callback).searchParams.get('code');
    const said = `the code ${code} of simulator-secret is not known`;
    await simulator.set({ endpoint: 'token', fault: 'body', status: 400, content_type: 'application/json', body: JSON.stringify({ error: 'invalid_grant', error_description: said }) });
    assert.equal(wordOf(await browser.get(callback)), 'code_refused');
    await nothingIsFound();
});

test('N2 codes, states and cookies of strangers are in no log', async () => {
    const [code, state, session, attempt] = ['code', 'state', 'session', 'attempt'].map(plant);
    const cookie = { Cookie: `authmod_session=${session}; authmod_login_19_${'a'.repeat(12)}=${attempt}; authmod_admin=${plant('admin-cookie')}` };
    for (const where of [`/callback/${server.module}?code=${code}&state=${state}`, `/callback/${server.module}?error=access_denied&error_description=${plant('description')}&state=${state}`,
        `/callback/none?code=${code}&state=${state}`, '/me', '/verify', '/', '/login', '/api/modules', `/login/${server.module}?return_to=${plant('return')}`, `/nothing?x=${plant('query')}`])
        await send('GET', where, undefined, cookie);
    for (const where of ['/logout', '/api/groups', '/admin/sign-in', '/admin/sign-out']) await send('POST', where, `token=${plant('form')}`, { ...cookie, 'Content-Type': 'application/x-www-form-urlencoded' });
    const { browser, callback } = await login();
    await browser.get(callback); // again
    await nothingIsFound();
});

test('N2 Authorization values are in no log, of whatever scheme', async () => {
    for (const value of [`Bearer ${plant('bearer')}`, `Basic ${plant('basic')}`, plant('bare'), `Digest ${plant('digest')}`])
        for (const where of ['/api/modules', '/me', '/verify', '/login', '/oauth2/token', '/oauth2/revoke'])
            for (const method of ['GET', 'POST']) await send(method, where, method === 'POST' ? '{}' : undefined, { Authorization: value });
    await send('POST', '/admin/sign-in', `token=${plant('wrong-admin-token')}`, { Origin: server.url, 'Content-Type': 'application/x-www-form-urlencoded' });
    await nothingIsFound();
});
