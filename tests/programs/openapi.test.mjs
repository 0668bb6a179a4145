// SPDX-License-Identifier: BSL-1.0
// The description of the HTTP interface and the running server say the same: every path, method, status and schema.
import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import { after, before, describe, test } from 'node:test';
import { Description } from './description.mjs';
import { Browser, basic, fetchRaw, scratch, startLoginServer, startSimulator, stopAll, wordOf } from './harness.mjs';

const folder = scratch();
let simulator, server, description, person, admin;

const bearer = { Authorization: 'Bearer test-admin-token-0123456789abcdef0123456789' };

/// One exchange, held against the description. `as`: header fields of whoever asks.
async function call(method, where, { as = bearer, body, type = 'application/json', expect } = {}) {
    const url = server.url + where;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { ...as, ...(text === undefined ? {} : { 'Content-Type': type }) };
    const answer = description.check(method, url, await fetchRaw(url, { method, headers, body: text }), type === 'application/json' ? text : undefined);
    if (expect !== undefined) assert.equal(answer.status, expect, `${method} ${where}: ${answer.text}`);
    return answer;
}

async function signIn(handle) {
    const browser = new Browser();
    await simulator.set({ auto_approve: handle });
    const answer = await browser.get(await server.reachCallback(browser));
    assert.equal(answer.status, 303, answer.text);
    const me = (await server.me(browser)).json();
    return { id: me.id, browser, cookie: { Cookie: browser.cookieHeader(server.url) }, csrf: { 'X-CSRF-Token': me.csrf } };
}

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { module: { avatar_url: `${simulator.tls}/avatars/me.png` } });
    description = new Description((await server.admin('GET', '/api/openapi.json')));
    person = await signIn('nadia');
    admin = await signIn('several');
    await server.admin('PUT', `/api/groups/authmod-admins/members/${admin.id}`);
});
after(() => stopAll(server, simulator));

const filled = (path, value = 'none') => path.replace(/\{[^}]+\}/g, value);
const api = () => description.operations.filter((o) => o.path.startsWith('/api/'));

describe('the description', () => {
    test('is OpenAPI 3.1', async () => {
        const validator = new Validator();
        const outcome = await validator.validate(structuredClone(description.document));
        assert.deepEqual(outcome.errors ?? [], []);
        assert.equal(validator.version, '3.1');
        const ids = description.operations.map((o) => o.operationId);
        assert.equal(new Set(ids).size, ids.length);
    });

    test('is held against answers by a checker that notices', async () => {
        const broken = (change) => {
            const document = structuredClone(description.document);
            change(document);
            return new Description(document);
        };
        const url = `${server.url}/api/groups`;
        const answer = await fetchRaw(url, { headers: bearer });
        description.check('GET', url, answer);
        assert.throws(() => broken((d) => delete d.paths['/api/groups']).check('GET', url, answer), /no such operation/);
        assert.throws(() => broken((d) => delete d.paths['/api/groups'].get.responses[200]).check('GET', url, answer), /no such status/);
        assert.throws(() => broken((d) => delete d.components.schemas.Group.properties.name).check('GET', url, answer), /additional properties/);
        assert.throws(() => broken((d) => d.components.schemas.Group.required.push('more')).check('GET', url, answer), /required property 'more'/);
        assert.throws(() => broken((d) => { d.components.schemas.Group.properties.id = { type: 'integer' }; }).check('GET', url, answer), /must be integer/);
        assert.throws(() => description.check('GET', url, { ...answer, headers: {} }), /is not described/);
    });

    test('I5 names the methods of every path, and no other path', async () => {
        for (const [path, item] of Object.entries(description.document.paths)) {
            const answer = await fetchRaw(server.url + filled(path), { method: 'PROPFIND', headers: bearer });
            assert.equal(answer.status, 405, `${path}: ${answer.text}`);
            const allowed = new Set(answer.headers.allow.split(', ').filter((m) => m !== 'HEAD'));
            const described = Object.keys(item).filter((key) => key !== 'parameters').map((m) => m.toUpperCase());
            assert.deepEqual([...allowed].sort(), described.sort(), path);
        }
        for (const path of ['/api/', '/api/none', '/api/modules/', '/api/modules/x/none', '/api/groups/x/members/'])
            assert.equal((await fetchRaw(server.url + path, { headers: bearer })).status, 404, path);
    });
});

describe('refusals of the admin API', () => {
    test('N5 whoever is nobody gets 401, whatever the path', async () => {
        for (const { method, path, requestBody } of api())
            for (const as of [{}, { Authorization: 'Bearer wrong' }, { Authorization: 'Basic eDp5' }, { Cookie: 'authmod_session=x' }, { Cookie: 'authmod_admin=x' }])
                await call(method, filled(path), { as, body: requestBody && '{}', expect: 401 });
    });

    test('N5 people who are no administrators get 403, and administrators without the CSRF token', async () => {
        for (const { method, path } of api()) {
            const answer = await call(method, filled(path), { as: { ...person.cookie, ...person.csrf }, expect: 403 });
            assert.equal(answer.json().error.code, 'not_permitted');
            if (method === 'GET') continue;
            for (const wrong of [{}, { 'X-CSRF-Token': 'x' }, person.csrf, { Origin: server.url, 'Sec-Fetch-Site': 'same-origin' }])
                assert.equal((await call(method, filled(path), { as: { ...admin.cookie, ...wrong }, expect: 403 })).json().error.code, 'csrf_refused');
        }
    });

    test('what is not there gets 404', async () => {
        for (const { method, path, responses, requestBody } of api().filter((o) => o.responses[404])) {
            assert.ok(responses[404]);
            const body = requestBody ? { revision: 1 } : undefined;
            await call(method, filled(path), { body: requestBody && path.includes('modules') ? body : requestBody ? {} : undefined, expect: 404 });
        }
    });

    test('bodies that are no JSON object get 400', async () => {
        for (const { method, path, requestBody } of api()) {
            if (!requestBody?.content['application/json']) continue;
            for (const body of ['', '[', '[]', 'null', '{"a":1,"a":2}', '{"a":1}x'])
                assert.equal((await call(method, filled(path, server.module), { body, expect: 400 })).json().error.code, 'malformed_json');
        }
    });
});

test('bodies of more than 1 MiB are refused everywhere', async () => {
    for (const { method, path, requestBody } of description.operations)
        if (requestBody) await call(method, filled(path), { as: {}, body: 'x'.repeat(1024 * 1024 + 1), type: Object.keys(requestBody.content)[0], expect: 413 });
});

describe('a walk through the admin API', () => {
    const revisionOf = async (id) => (await call('GET', `/api/modules/${id}`, { expect: 200 })).json().revision;

    test('what the interface tells of itself', async () => {
        assert.deepEqual((await call('GET', '/api/session')).json(), { author: 'admin-token', name: 'Admin token', csrf: null });
        assert.equal((await call('GET', '/api/session', { as: admin.cookie })).json().author, admin.id);
        const { items } = (await call('GET', '/api/providers')).json();
        assert.ok(items.find((provider) => provider.id === 'bitbucket_cloud').set_up.length > 0);
        await call('GET', '/api/openapi.json', { expect: 200 });
        await call('HEAD', '/api/openapi.json', { expect: 200 });
    });

    test('modules', async () => {
        const fields = { type: 'bitbucket_cloud', name: 'Walked', client_id: 'k', client_secret: 's' };
        const made = await call('POST', '/api/modules', { body: fields, expect: 201 });
        const { id } = made.json();
        assert.equal(made.headers.location, `/api/modules/${id}`);
        assert.ok((await call('GET', '/api/modules')).json().items.some((module) => module.id === id));
        await call('POST', '/api/modules', { body: fields, expect: 409 });
        await call('POST', '/api/modules', { body: { type: 'none', name: 'x' }, expect: 422 });
        const where = `/api/modules/${id}`;
        const changed = await call('PATCH', where, { body: { revision: await revisionOf(id), scopes: 'account', custom_attributes: { zone: 'zone' } }, expect: 200 });
        // What was read may be sent back as it is, edited.
        const { client_secret_set, ...same } = changed.json();
        assert.equal(client_secret_set, true);
        await call('PATCH', where, { body: { ...same, name: 'Walked on' }, expect: 200 });
        await call('PATCH', where, { body: { ...same, name: 'too late' }, expect: 409 });
        await call('PATCH', where, { body: { name: 'x' }, expect: 400 });
        const refused = await call('PATCH', where, { body: { revision: await revisionOf(id), email: 'values//email' }, expect: 422 });
        assert.deepEqual({ ...refused.json().error, message: '' }, { code: 'empty_segment', field: 'email', offset: 7, message: '' });
        await call('POST', `${where}/enable`, { expect: 200 });
        await call('POST', `${where}/enable`, { expect: 409 });
        await call('POST', `${where}/make-default`, { expect: 200 });
        await call('POST', `${where}/clear-default`, { expect: 200 });
        await call('POST', `${where}/disable`, { expect: 200 });
        assert.equal((await call('POST', `/api/modules/${server.module}/disable`, { expect: 409 })).json().error.code, 'last_way_in');
        await call('PATCH', where, { body: { revision: await revisionOf(id), client_id: '' }, expect: 200 });
        await call('POST', `${where}/enable`, { expect: 422 });
    });

    test('test logins and the preview of paths', async () => {
        const where = `/api/modules/${server.module}`;
        await call('GET', `${where}/test-result`, { expect: 404 });
        const bare = (await call('POST', '/api/modules', { body: { type: 'bitbucket_cloud', name: 'Bare' }, expect: 201 })).json().id;
        await call('POST', `/api/modules/${bare}/test-login`, { expect: 422 });
        await simulator.set({ auto_approve: 'nadia' });
        const begun = await call('POST', `${where}/test-login`, { expect: 200 });
        const cookie = { Cookie: begun.headers['set-cookie'].map((line) => line.split(';')[0]).join('; ') };
        const callback = new URL((await fetchRaw(begun.json().location)).headers.location);
        const page = await call('GET', callback.pathname + callback.search, { as: cookie, expect: 200 });
        assert.match(page.text, /A person could log in like this/);
        const report = (await call('GET', `${where}/test-result`, { expect: 200 })).json();
        assert.equal(report.fields.username, 'nferro');
        const preview = (body) => call('POST', '/api/mapping/preview', { body, expect: 200 });
        assert.equal((await preview({ module: server.module, last_test: true, paths: { full_name: 'nickname' } })).json().fields.full_name, 'nadia');
        const wrong = (await preview({ type: 'bitbucket_cloud', profile: '{"uuid":1.5,', email_doc: [], paths: { email: 'a//b' } })).json();
        assert.deepEqual([wrong.errors[0].field, wrong.errors[0].offset, wrong.document_errors[0].document], ['email', 2, 'profile']);
        await call('POST', '/api/mapping/preview', { body: { type: 'none' }, expect: 422 });
    });

    test('accounts and groups', async () => {
        const made = await call('POST', '/api/accounts', { body: { username: 'ann', full_name: 'Ann', email: 'ann@a.example', email_verified: true }, expect: 201 });
        const { id } = made.json();
        const where = `/api/accounts/${id}`;
        assert.equal(made.headers.location, where);
        await call('POST', '/api/accounts', { body: { username: 'ANN' }, expect: 409 });
        await call('POST', '/api/accounts', { body: { username: '' }, expect: 422 });
        const first = (await call('GET', '/api/accounts?limit=1', { expect: 200 })).json();
        assert.equal(first.items.length, 1);
        await call('GET', `/api/accounts?limit=1&after=${first.next}`, { expect: 200 });
        await call('GET', '/api/accounts?limit=501', { expect: 422 });
        await call('GET', '/api/accounts?search=an&group=all-users', { expect: 200 });
        const { revision } = (await call('GET', where, { expect: 200 })).json();
        assert.equal((await call('GET', `/api/accounts/${person.id}`, { expect: 200 })).json().links.length, 1);
        await call('PATCH', where, { body: { email_verified: true, revision: revision + 1 }, expect: 409 });
        await call('PATCH', where, { body: { banned: true, ban_reason: 'left', email_verified: false }, expect: 200 });
        await call('PATCH', where, { body: { banned: 'yes' }, expect: 422 });

        const group = (await call('POST', '/api/groups', { body: { name: 'writers' }, expect: 201 })).json();
        await call('POST', '/api/groups', { body: { name: 'writers' }, expect: 409 });
        await call('POST', '/api/groups', { body: { name: '' }, expect: 422 });
        await call('GET', '/api/groups', { expect: 200 });
        await call('PUT', `/api/groups/${group.id}/members/${id}`, { expect: 204 });
        await call('DELETE', `/api/groups/${group.id}/members/${id}`, { expect: 204 });
        await call('PUT', `/api/groups/all-users/members/${id}`, { expect: 403 });
        await call('DELETE', '/api/groups/all-users', { expect: 403 });
        await call('DELETE', `/api/groups/${group.id}`, { expect: 204 });
        await call('POST', `${where}/end-sessions`, { expect: 204 });
        await call('DELETE', where, { expect: 204 });
    });

    test('services', async () => {
        const body = { name: 'exporter', modules: [server.module] };
        const made = (await call('POST', '/api/services', { body, expect: 201 })).json();
        await call('POST', '/api/services', { body, expect: 409 });
        await call('POST', '/api/services', { body: { name: 'x', modules: ['none'] }, expect: 422 });
        assert.deepEqual((await call('GET', '/api/services', { expect: 200 })).json().items.map(({ id }) => id), [made.id]);
        await server.patchModule({ extension_grant_type: 'urn:example:bitbucket' });
        const service = { Authorization: basic(made.id, made.secret) };
        const post = (where, fields, as, expect) => call('POST', where, { as, body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded', expect });
        const fields = { grant_type: 'urn:example:bitbucket', token: await simulator.accessToken('nadia') };
        const { access_token: token } = (await post('/oauth2/token', fields, service, 200)).json();
        await call('GET', '/me', { as: { Authorization: `Bearer ${token}` }, expect: 200 });
        await post('/oauth2/token', { grant_type: 'none', token: 'x' }, service, 400);
        await post('/oauth2/token', fields, {}, 401);
        await post('/oauth2/revoke', {}, service, 400);
        await post('/oauth2/revoke', { token }, {}, 401);
        await post('/oauth2/revoke', { token }, service, 200);
        await call('GET', '/verify', { as: { Authorization: `Bearer ${token}` }, expect: 401 });
        await call('DELETE', `/api/services/${made.id}`, { expect: 204 });
    });

    test('SCIM clients', async () => {
        const body = { name: 'Okta', module: server.module };
        const made = (await call('POST', '/api/scim-clients', { body, expect: 201 })).json();
        await call('POST', '/api/scim-clients', { body, expect: 409 });
        await call('POST', '/api/scim-clients', { body: { name: 'x', module: 'none' }, expect: 422 });
        const next = (await call('POST', `/api/scim-clients/${made.id}/rotate`, { expect: 200 })).json();
        await call('POST', '/api/scim-clients/none/rotate', { expect: 404 });
        await fetch(`${server.url}/scim/v2/Users?filter=wrong`, { headers: { Authorization: `Bearer ${made.token}` } });
        await fetch(`${server.url}/scim/v2/Users`, { headers: { Authorization: `Bearer ${made.token}` } });
        const seen = (await call('GET', `/api/scim-clients/${made.id}/requests`, { expect: 200 })).json().items;
        assert.deepEqual(seen.map(({ status, error }) => [status, error]), [[200, null], [400, 'invalidFilter']]);
        await call('GET', '/api/scim-clients/none/requests', { expect: 404 });
        const [item] = (await call('GET', `/api/scim-clients?module=${server.module}`, { expect: 200 })).json().items;
        assert.deepEqual(item.tokens.map(({ id }) => id), [next.token_id, made.token_id]);
        const token = `/api/scim-clients/${made.id}/tokens/${made.token_id}`;
        await call('DELETE', token, { expect: 204 });
        await call('DELETE', token, { expect: 404 });
        await call('DELETE', `/api/scim-clients/${made.id}`, { expect: 204 });
        await call('DELETE', `/api/scim-clients/${made.id}`, { expect: 404 });
    });

    test('removing modules', async () => {
        const made = (await call('POST', '/api/modules', { body: { type: 'bitbucket_cloud', name: 'To go', client_id: 'other' }, expect: 201 })).json().id;
        assert.equal((await call('DELETE', `/api/modules/${server.module}`, { expect: 409 })).json().error.code, 'last_way_in');
        assert.equal((await call('DELETE', `/api/modules/${made}?successor=${server.module}`, { expect: 422 })).json().error.field, 'successor');
        await call('DELETE', `/api/modules/${made}`, { expect: 204 });
    });

    test('audit', async () => {
        const first = (await call('GET', '/api/audit?limit=2', { expect: 200 })).json();
        await call('GET', `/api/audit?limit=2&before=${first.next}&from=2020-01-01T00:00:00Z`, { expect: 200 });
        await call('GET', '/api/audit?from=yesterday', { expect: 422 });
        const file = await call('GET', '/api/audit/export?event=login', { expect: 200 });
        assert.match(file.headers['content-disposition'], /^attachment/);
        assert.ok(file.json().items.length >= 2);
        await call('GET', '/api/audit/export?until=x', { expect: 422 });
    });

    test('signing in and out with the admin token', async () => {
        const sent = (token, as) => call('POST', '/admin/sign-in', { as, body: `token=${token}`, type: 'application/x-www-form-urlencoded' });
        const own = { Origin: server.url };
        const asked = { ...own, Accept: 'application/json' };
        assert.equal((await sent('x', {})).status, 403);
        assert.equal((await sent('x', own)).status, 403);
        assert.equal((await sent('x', asked)).status, 401);
        const token = bearer.Authorization.slice('Bearer '.length);
        assert.equal((await sent(token, asked)).status, 204);
        const moved = await sent(token, own);
        assert.deepEqual([moved.status, moved.headers.location], [303, '/admin/']);
        const cookie = { Cookie: moved.headers['set-cookie'][0].split(';')[0] };
        const { csrf } = (await call('GET', '/api/session', { as: cookie, expect: 200 })).json();
        await call('POST', '/api/groups', { as: cookie, body: { name: 'x' }, expect: 403 });
        await call('POST', '/api/groups', { as: { ...cookie, 'X-CSRF-Token': csrf }, body: { name: 'by cookie' }, expect: 201 });
        await call('POST', '/admin/sign-out', { as: cookie, expect: 403 });
        await call('POST', '/admin/sign-out', { as: { ...cookie, ...asked }, expect: 204 });
        await call('POST', '/admin/sign-out', { as: { ...cookie, ...own }, expect: 303 });
    });
});

describe('a walk through the routes of people', () => {
    const refuse = async (where, word, status) => {
        const answer = await call('GET', where, { as: {}, expect: status });
        if (word) assert.equal(wordOf(answer), word);
    };

    test('pages, pictures and health', async () => {
        const picture = await signIn('unicode');
        await call('GET', '/', { as: picture.cookie, expect: 200 });
        for (const path of ['/', '/login?choose=1', '/healthz', '/readyz', '/metrics', '/assets/icon.svg', `/modules/${server.module}/image`])
            await call('GET', path, { as: {}, expect: 200 });
        await call('GET', `/avatars/${picture.id}`, { as: {}, expect: 200 });
        const page = (await fetchRaw(`${server.url}/login?choose=1`)).text;
        await call('GET', /href="(\/assets\/[^"]+css)"/.exec(page)[1], { as: {}, expect: 200 });
        for (const path of ['/assets/none', '/modules/none/image', '/avatars/none', '/login/none', '/callback/none'])
            await refuse(path, 'not_found', 404);
    });

    test('a person logs in, is known, logs out', async () => {
        const browser = new Browser();
        await simulator.set({ auto_approve: 'nadia' });
        await call('GET', `/login/${server.module}`, { as: {}, expect: 303 });
        await refuse(`/login/${server.module}?return_to=//x`, 'return_to_refused', 400);
        await refuse('/login?return_to=//x', 'return_to_refused', 400);
        await server.admin('POST', `/api/modules/${server.module}/make-default`);
        await call('GET', '/login', { as: {}, expect: 303 });
        await server.admin('POST', `/api/modules/${server.module}/clear-default`);
        const callback = new URL(await server.reachCallback(browser));
        const { cookie, csrf } = await signIn('nadia');
        await call('GET', '/me', { as: cookie, expect: 200 });
        await call('GET', '/verify', { as: cookie, expect: 200 });
        for (const path of ['/me', '/verify']) await call('GET', path, { as: {}, expect: 401 });
        await call('POST', '/logout', { as: cookie, expect: 403 });
        await call('POST', '/logout', { as: { ...cookie, ...csrf }, expect: 303 });
        await call('POST', '/backchannel-logout/none', { as: {}, body: 'logout_token=a.b.c', type: 'application/x-www-form-urlencoded', expect: 400 });
        await call('GET', callback.pathname + callback.search, { as: { Cookie: browser.cookieHeader(callback.href) }, expect: 303 });
    });

    test('logins that fail', async () => {
        const fail = async (orders, status, before = async () => {}) => {
            const browser = new Browser();
            await simulator.reset();
            await simulator.set({ auto_approve: 'nadia' });
            const callback = new URL(await server.reachCallback(browser));
            await before();
            if (orders) await simulator.set(orders);
            await call('GET', callback.pathname + callback.search, { as: { Cookie: browser.cookieHeader(callback.href) }, expect: status });
        };
        await refuse(`/callback/${server.module}?state=x&code=x`, undefined, 400);
        await fail({ endpoint: 'user', fault: 'status', status: 401 }, 502);
        await fail({ endpoint: 'token', fault: 'status', status: 429 }, 503);
        await server.patchModule({ read_timeout_ms: 300 });
        await fail({ endpoint: 'token', fault: 'delay', ms: 3000 }, 504);
        await server.patchModule({ read_timeout_ms: 5000 });
        await fail(null, 403, () => server.admin('POST', `/api/modules/${server.module}/disable?force=true`));
        await refuse(`/login/${server.module}`, 'module_disabled', 403);
        await server.admin('POST', `/api/modules/${server.module}/enable`);
        await simulator.reset();
    });
});

test('every documented answer has been seen, but for a store that is down, for floods, for two changes at the same moment and for a logout by a provider', () => {
    // Floods are in limits.test.mjs, OpenID providers are in tests/oidc_peers.
    const rare = (answer) => / (503|429)$/.test(answer) || /(make|clear)-default 409$|backchannel-logout.* 200$/.test(answer);
    assert.deepEqual(description.all().filter((answer) => !description.seen.has(answer) && !rare(answer)), []);
});
