// SPDX-License-Identifier: BSL-1.0
// Services exchange tokens of the provider for ours: extension grant, token exchange (RFC 8693), revocation (RFC 7009).
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser, basic, fetchRaw, scratch, secrets, startLoginServer, startSimulator, stopAll } from './harness.mjs';

const folder = scratch();
const grantType = 'urn:example:bitbucket';
const exchangeType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
let simulator, other, server, exporter;

before(async () => {
    simulator = await startSimulator(folder);
    other = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { module: { extension_grant_type: grantType } });
    exporter = await makeService('exporter', [server.module]);
});
after(() => stopAll(server, simulator, other));
beforeEach(() => simulator.reset());

async function makeService(name, modules) {
    const service = await server.admin('POST', '/api/services', { name, modules });
    secrets.add(service.secret);
    return service;
}

const post = (where, fields, { service = exporter, headers = {} } = {}) => fetchRaw(server.url + where, { method: 'POST',
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...(service ? { Authorization: basic(service.id, service.secret) } : {}), ...headers } });

const grant = (token, more = {}, as) => post('/oauth2/token', { grant_type: grantType, token, ...more }, as);
const exchange = (token, more = {}, as) => post('/oauth2/token',
    { grant_type: exchangeType, subject_token: token, subject_token_type: accessTokenType, audience: server.module, ...more }, as);

/// The refusal has this word, and nothing was made of it.
async function refused(answer, error, status = 400) {
    const counts = ['accounts', 'links', 'tokens'].map(server.count);
    const { error: word, error_description: description, ...rest } = (await answer).json();
    assert.equal(word, error, description);
    assert.equal((await answer).status, status);
    assert.deepEqual(rest, {});
    assert.match(description, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/, 'RFC 6749 5.2');
    assert.match((await answer).headers['cache-control'], /no-store/);
    assert.deepEqual(['accounts', 'links', 'tokens'].map(server.count), counts);
}

async function given(answer) {
    const { status, text, headers, json } = await answer;
    assert.equal(status, 200, text);
    assert.match(headers['cache-control'], /no-store/);
    const body = json();
    assert.match(body.access_token, /^[\w-]{43}$/);
    secrets.add(body.access_token);
    return body;
}

const me = (token) => fetchRaw(`${server.url}/me`, { headers: { Authorization: `Bearer ${token}` } });
const knows = async (token) => (await me(token)).status;

async function person() {
    const handle = `granted-${Math.random().toString(36).slice(2, 10)}`;
    await simulator.accounts({ handle, username: handle });
    return handle;
}
/// One of our tokens for somebody new, and the account behind it.
async function fresh(service) {
    const { access_token: token } = await given(grant(await simulator.accessToken(await person()), {}, service && { service }));
    return { token, account: (await me(token)).json() };
}

describe('the extension grant', () => {
    test('gives a token for the account that a login finds too', async () => {
        const handle = await person();
        const { access_token: token, token_type, expires_in, scope, ...rest } = await given(grant(await simulator.accessToken(handle)));
        assert.deepEqual([token_type, expires_in, scope, rest], ['Bearer', 3600, 'account email', {}]);
        const account = (await me(token)).json();
        assert.deepEqual([account.username, account.csrf], [handle, null]);
        const verified = await fetchRaw(`${server.url}/verify`, { headers: { Authorization: `bearer ${token}` } });
        assert.deepEqual([verified.status, verified.headers['x-auth-user']], [200, handle]);

        const browser = new Browser();
        await simulator.set({ auto_approve: handle });
        assert.equal((await browser.get(await server.reachCallback(browser))).status, 303);
        assert.equal((await server.me(browser)).json().id, account.id);
    });

    test('opens nothing but what it is for', async () => {
        const { token } = await fresh();
        const headers = { Authorization: `Bearer ${token}` };
        for (const where of ['/api/modules', '/api/session', '/api/accounts']) assert.equal((await fetchRaw(server.url + where, { headers })).status, 401);
        assert.match((await fetchRaw(`${server.url}/`, { headers })).text, /You are not signed in/);
        assert.equal((await fetchRaw(`${server.url}/me`, { headers: { Cookie: `authmod_session=${token}` } })).status, 401);
    });

    test('L1 is off until a module has it, and for services that may not use the module', async () => {
        const token = await simulator.accessToken('nadia');
        await refused(post('/oauth2/token', { grant_type: 'urn:example:none', token }), 'unsupported_grant_type');
        await refused(grant(token, {}, { service: await makeService('without modules', []) }), 'unauthorized_client');
        await server.patchModule({ extension_grant_type: '' });
        await refused(grant(token), 'unsupported_grant_type');
        await refused(exchange(token), 'invalid_target');
        await server.patchModule({ extension_grant_type: grantType });
        await server.admin('POST', `/api/modules/${server.module}/disable?force=true`);
        await refused(grant(token), 'unsupported_grant_type');
        await server.admin('POST', `/api/modules/${server.module}/enable`);
        await given(grant(token));
    });

    test('L1 two enabled modules cannot have one grant type', async () => {
        const twin = await server.admin('POST', '/api/modules', { type: 'bitbucket_cloud', name: 'Twin', client_id: 'k', client_secret: 's', extension_grant_type: grantType });
        await assert.rejects(server.admin('POST', `/api/modules/${twin.id}/enable`), /422.*extension_grant_type/);
    });

    test('L1 the service must prove who it is, with Basic and nothing else', async () => {
        const token = await simulator.accessToken('nadia');
        for (const Authorization of ['', 'Basic', 'Basic !', 'Bearer x', basic(exporter.id, 'wrong'), basic('none', exporter.secret), basic(exporter.id, ''), basic(exporter.name, exporter.secret)]) {
            const answer = await grant(token, {}, { service: null, headers: Authorization ? { Authorization } : {} });
            await refused(answer, 'invalid_client', 401);
            assert.match(answer.headers['www-authenticate'], /^Basic realm=/);
        }
        await refused(grant(token, { client_id: exporter.id, client_secret: exporter.secret }, { service: null }), 'invalid_client', 401);
        await refused(grant(token, { client_secret: exporter.secret }), 'invalid_request');
        assert.equal(await simulator.calls('user'), 0, 'nobody was asked');
    });

    test('L1 malformed requests get the words of RFC 6749 5.2', async () => {
        const token = await simulator.accessToken('nadia');
        for (const [body, error] of [['', 'invalid_request'], ['grant_type=', 'invalid_request'], [`grant_type=${grantType}`, 'invalid_request'],
            [`grant_type=${grantType}&grant_type=${grantType}&token=x`, 'invalid_request'], [`grant_type=${grantType}&token=x&token=y`, 'invalid_request'],
            [`grant_type=${grantType}&token=%zz`, 'invalid_request'], [`grant_type=${grantType}&token=a%20b`, 'invalid_request'],
            ['grant_type=password&username=a&password=b&token=x', 'unsupported_grant_type'], ['grant_type=authorization_code&code=x&token=x', 'unsupported_grant_type'],
            [`grant_type=${grantType}&token=${token}&scope=admin`, 'invalid_scope']])
            await refused(post('/oauth2/token', body), error);
        await refused(post('/oauth2/token', JSON.stringify({ grant_type: grantType, token }), { headers: { 'Content-Type': 'application/json' } }), 'invalid_request');
        assert.equal((await fetchRaw(`${server.url}/oauth2/token?grant_type=${grantType}`)).status, 405);
        assert.equal(await simulator.calls('user'), 0);
    });

    test('L2 a token that the provider does not know is worth nothing', async () => {
        await refused(grant('made-up'), 'invalid_grant');
        await refused(grant(await other.accessToken('nadia')), 'invalid_grant');
        const late = await simulator.accessToken('nadia');
        await simulator.set({ clock_offset_s: 8000 });
        await refused(grant(late), 'invalid_grant');
        await simulator.set({ clock_offset_s: 0 });
        const audit = (await server.admin('GET', '/api/audit?event=token_refused&limit=1')).items[0];
        assert.deepEqual([audit.author, audit.module, audit.reason], [`service:${exporter.id}`, server.module, 'user_info_refused']);
    });

    test('L2 the person is judged as at a login', async () => {
        await refused(grant(await simulator.accessToken('app')), 'invalid_grant');
        await server.patchModule({ user_creation: false });
        await refused(grant(await simulator.accessToken(await person())), 'invalid_grant');
        await server.patchModule({ user_creation: true, allowed_workspaces: ['ferro-team'] });
        await refused(grant(await simulator.accessToken('several')), 'invalid_grant');
        await given(grant(await simulator.accessToken('nadia')));
        await server.patchModule({ allowed_workspaces: [] });
        const group = (await server.admin('POST', '/api/groups', { name: 'Granted' })).id;
        await server.patchModule({ auto_join_groups: [group] });
        assert.deepEqual((await fresh()).account.groups, ['All Users', 'Granted']);
        await server.patchModule({ auto_join_groups: [] });
    });

    test('a provider that is down is told apart from a token that is bad', async () => {
        const token = await simulator.accessToken('nadia');
        await simulator.set({ endpoint: 'user', fault: 'status', status: 503 });
        const answer = await grant(token);
        await refused(answer, 'temporarily_unavailable', 503);
        assert.ok(answer.headers['retry-after']);
        await given(grant(token));
    });
});

describe('token exchange', () => {
    test('L3 answers as RFC 8693 2.2.1 says', async () => {
        const body = await given(exchange(await simulator.accessToken('nadia')));
        assert.deepEqual({ ...body, access_token: '' }, { access_token: '', issued_token_type: accessTokenType, token_type: 'Bearer', expires_in: 3600, scope: 'account email' });
        assert.equal((await me(body.access_token)).json().username, 'nferro');
        await given(exchange(await simulator.accessToken('nadia'), { requested_token_type: accessTokenType }));
    });

    test('L3 scope never grows', async () => {
        const token = await simulator.accessToken('nadia');
        assert.equal((await given(exchange(token, { scope: 'email' }))).scope, 'email');
        assert.equal((await given(grant(token, { scope: 'email' }))).scope, 'email');
        for (const scope of ['email admin', 'repository', 'account email x']) {
            await refused(exchange(token, { scope }), 'invalid_scope');
            await refused(grant(token, { scope }), 'invalid_scope');
        }
    });

    test('L3 what it does not offer is refused by its word', async () => {
        const token = await simulator.accessToken('nadia');
        const second = await server.makeModule({ name: 'Second', extension_grant_type: 'urn:example:second' });
        for (const [more, error] of [[{ audience: '' }, 'invalid_request'], [{ audience: 'none' }, 'invalid_target'], [{ audience: second }, 'unauthorized_client'],
            [{ resource: 'https://api.example/' }, 'invalid_target'], [{ subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, 'invalid_request'],
            [{ subject_token_type: '' }, 'invalid_request'], [{ requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }, 'invalid_request'],
            [{ actor_token: 'x', actor_token_type: accessTokenType }, 'invalid_request'], [{ subject_token: '' }, 'invalid_request']])
            await refused(exchange(token, more), error);
        await refused(exchange('made-up'), 'invalid_request');
    });

    test('L4 assertions are no way in', async () => {
        for (const grant_type of ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'urn:ietf:params:oauth:grant-type:saml2-bearer'])
            await refused(post('/oauth2/token', { grant_type, assertion: 'e30.e30.e30', token: 'x' }), 'unsupported_grant_type');
        await refused(grant('x', { client_assertion: 'e30.e30.e30', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }), 'invalid_request');
    });
});

describe('L5 a token of ours', () => {
    test('is opaque, kept as a digest, and over after an hour', async () => {
        const { token } = await fresh();
        secrets.add(token);
        server.assertNoSecrets();
        const [row] = server.rows('SELECT length(digest) AS size, expires_at - created_at AS lives FROM tokens ORDER BY created_at DESC LIMIT 1');
        assert.deepEqual(row, { size: 32, lives: 3600000 });
        const audit = await server.admin('GET', '/api/audit?limit=3');
        assert.ok(audit.items.some((entry) => entry.author === 'login' || entry.author === `service:${exporter.id}`));
    });

    test('ends by revocation, for its own service alone', async () => {
        const { token } = await fresh();
        const stranger = await makeService('stranger', [server.module]);
        assert.equal((await post('/oauth2/revoke', { token }, { service: stranger })).status, 200, 'it tells nobody whose it is');
        assert.equal(await knows(token), 200);
        await refused(post('/oauth2/revoke', { token }, { service: null }), 'invalid_client', 401);
        await refused(post('/oauth2/revoke', {}), 'invalid_request');
        const done = await post('/oauth2/revoke', { token, token_type_hint: 'access_token' });
        assert.deepEqual([done.status, done.text], [200, '']);
        assert.equal(await knows(token), 401);
        assert.equal((await post('/oauth2/revoke', { token })).status, 200);
        assert.equal((await post('/oauth2/revoke', { token: 'unknown' })).status, 200);
        assert.equal((await server.admin('GET', '/api/audit?event=token_revoked&limit=1')).items[0].author, `service:${exporter.id}`);
    });

    test('is dead with its user', async () => {
        const banned = await fresh();
        await server.admin('PATCH', `/api/accounts/${banned.account.id}`, { banned: true });
        assert.equal(await knows(banned.token), 401);
        await server.admin('PATCH', `/api/accounts/${banned.account.id}`, { banned: false });
        assert.equal(await knows(banned.token), 401, 'and stays dead');
        const ended = await fresh();
        await server.admin('POST', `/api/accounts/${ended.account.id}/end-sessions`);
        assert.equal(await knows(ended.token), 401);
        const removed = await fresh();
        await server.admin('DELETE', `/api/accounts/${removed.account.id}`);
        assert.equal(await knows(removed.token), 401);
    });

    test('is dead with its service and with its module', async () => {
        const service = await makeService('short-lived', [server.module]);
        const { token } = await fresh(service);
        await server.admin('DELETE', `/api/services/${service.id}`);
        assert.equal(await knows(token), 401);
        const module = await server.makeModule({ name: 'Short-lived', extension_grant_type: 'urn:example:short' });
        const user = await makeService('of the module', [module]);
        const given_ = await given(post('/oauth2/token', { grant_type: 'urn:example:short', token: await simulator.accessToken(await person()) }, { service: user }));
        assert.equal(await knows(given_.access_token), 200);
        await server.admin('DELETE', `/api/modules/${module}`);
        assert.equal(await knows(given_.access_token), 401);
        assert.deepEqual((await server.admin('GET', '/api/services')).items.find((s) => s.id === user.id).modules, []);
    });
});
