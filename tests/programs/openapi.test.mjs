// SPDX-License-Identifier: BSL-1.0
// The description of the HTTP interface and the running server say the same: every path, method, status and schema.
import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import { after, before, describe, test } from 'node:test';
import { Description } from './description.mjs';
import { Browser, fetchRaw, form, json, scratch, startLoginServer, startSimulator } from './harness.mjs';

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
    server = await startLoginServer(folder, simulator);
    description = new Description((await server.admin('GET', '/api/openapi.json')));
    person = await signIn('nadia');
    admin = await signIn('several');
    await server.admin('PUT', `/api/groups/authmod-admins/members/${admin.id}`);
});
after(async () => {
    assert.deepEqual(await server?.stop(), { code: 0, signal: null });
    assert.deepEqual(await simulator?.stop(), { code: 0, signal: null });
});

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
