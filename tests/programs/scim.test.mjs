// SPDX-License-Identifier: BSL-1.0
// Provisioning as an identity provider does it, on a real login server with its SQLite file: life cycle, joining with
// logins, tokens, clients apart, parallel changes, and a server that dies in the middle.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
    Browser, assertNoSecrets, fetchRaw, scratch, secrets, sleep, startLoginServer, startSimulator, stopAll, wordOf
} from './harness.mjs';

const folder = scratch();
let simulator, server, okta, other, otherModule;

/// One SCIM client: sends requests, expects a status, gives the answer's JSON.
async function makeClient(name, module) {
    const client = await server.admin('POST', '/api/scim-clients', { name, module });
    secrets.add(client.token);
    client.send = (method, where, body, more = {}) => fetchRaw(`${server.url}/scim/v2${where}`, { method,
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: { Authorization: `Bearer ${client.token}`, 'Content-Type': 'application/scim+json', ...more } });
    client.ask = async (method, where, body, expected = 200) => {
        const answer = await client.send(method, where, body);
        assert.equal(answer.status, expected, `${method} ${where}: ${answer.text}`);
        return answer.text ? answer.json() : null;
    };
    client.find = async (filter, type = 'Users') => (await client.ask('GET', `/${type}?filter=${encodeURIComponent(filter)}`)).Resources;
    client.user = (userName, more = {}) => client.ask('POST', '/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, ...more }, 201);
    client.group = (displayName) => client.ask('POST', '/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName }, 201);
    return client;
}

const patchOp = (...Operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const activate = (active) => patchOp({ op: 'Replace', path: 'active', value: active });
const addMember = (value) => patchOp({ op: 'Add', path: 'members', value: [{ value }] });

/// A person of the simulator whom nobody has seen before; its verified email is handle@somebody.example.
let people = 0;
async function somebody() {
    const handle = `somebody-${++people}`;
    const email = `${handle}@somebody.example`;
    await simulator.accounts({ handle, username: handle, display_name: `Person ${people}`, emails: [{ email, is_primary: true, is_confirmed: true }] });
    return { handle, email };
}

/// A login from start to end.
async function login(handle, module = server.module) {
    await simulator.set({ auto_approve: handle });
    const browser = new Browser();
    const answer = await browser.get(await server.reachCallback(browser, module));
    if (answer.status !== 303) return { browser, word: wordOf(answer) };
    return { browser, me: (await server.me(browser)).json() };
}

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator);
    otherModule = await server.makeModule({ name: 'Another module' });
    okta = await makeClient('Okta', server.module);
    other = await makeClient('Entra', otherModule);
});
after(() => stopAll(server, simulator));

test('a user is off within a second and comes back as it was', async () => {
    const { handle, email } = await somebody();
    const user = await okta.user(email, { emails: [{ value: email, type: 'work', primary: true }] });
    const group = await okta.group('Kept while off');
    await okta.ask('PATCH', `/Groups/${group.id}`, addMember(user.id), 204);
    const { browser, me } = await login(handle);
    assert.equal(me.id, user.id, 'the login joins the provisioned account');
    assert.deepEqual(me.groups.filter((name) => name === 'Kept while off').length, 1);
    for (const [off, on] of [[activate('False'), activate('True')], [patchOp({ op: 'replace', value: { active: false } }), activate(true)]]) {
        const again = (await login(handle)).browser;
        assert.equal((await server.me(again)).status, 200);
        const changed = await okta.ask('PATCH', `/Users/${user.id}`, off);
        assert.strictEqual(changed.active, false);
        await okta.ask('PATCH', `/Users/${user.id}`, off); // repeats are harmless
        await sleep(1000);
        for (const ended of [browser, again]) assert.equal((await server.me(ended)).status, 401);
        assert.equal((await login(handle)).word, 'account_inactive');
        assert.deepEqual((await okta.find(`userName eq "${email}"`)).map(({ id, active }) => [id, active]), [[user.id, false]]);
        await okta.ask('PATCH', `/Users/${user.id}`, on);
        const back = await login(handle);
        assert.equal(back.me.id, user.id);
        assert.ok(back.me.groups.includes('Kept while off'));
    }
    await okta.ask('DELETE', `/Users/${user.id}`, undefined, 204);
    for (const method of ['GET', 'DELETE']) await okta.ask(method, `/Users/${user.id}`, undefined, 404);
    assert.deepEqual(await okta.find(`userName eq "${email}"`), []);
    assert.notEqual((await okta.user(email)).id, user.id, 'an id is never given again');
    const rows = (await server.admin('GET', `/api/audit?target=${user.id}`)).items;
    const events = rows.map(({ event }) => event);
    for (const event of ['scim_user_created', 'scim_user_deactivated', 'scim_user_activated', 'scim_user_removed'])
        assert.ok(events.includes(event), event);
    assert.ok(rows.filter(({ event }) => event.startsWith('scim_')).every(({ author }) => author === `scim:${okta.id}`));
});

test('a login joins by scim_match_attribute, at the very next login, and never across modules', async () => {
    const byName = await somebody(), byMail = await somebody(), byId = await somebody(), foreign = await somebody();
    const named = await okta.user(byName.email);
    assert.equal((await login(byName.handle)).me.id, named.id);

    const mailed = await okta.user('no-address-of-anybody', { emails: [{ value: byMail.email, type: 'work' }] });
    await server.patchModule({ scim_match_attribute: 'emails.value' });
    assert.equal((await login(byMail.handle)).me.id, mailed.id);

    const { uuid } = (await simulator.listAccounts()).find(({ handle }) => handle === byId.handle);
    const known = await okta.user('another-name', { externalId: uuid });
    await server.patchModule({ scim_match_attribute: 'externalId' });
    assert.equal((await login(byId.handle)).me.id, known.id);
    await server.patchModule({ scim_match_attribute: 'userName' });

    const elsewhere = await other.user(foreign.email);
    assert.notEqual((await login(foreign.handle)).me.id, elsewhere.id, 'the client of another module made that user');
});

test('several tokens are valid, rotated and revoked; nothing else opens the door', async () => {
    const client = await makeClient('Rotating', server.module);
    const works = async (token) => (await fetchRaw(`${server.url}/scim/v2/Users?count=0`, { headers: { Authorization: `Bearer ${token}` } })).status === 200;
    const second = await server.admin('POST', `/api/scim-clients/${client.id}/rotate`);
    secrets.add(second.token);
    assert.ok(await works(client.token) && await works(second.token));
    await server.admin('DELETE', `/api/scim-clients/${client.id}/tokens/${client.token_id}`);
    assert.ok(!await works(client.token) && await works(second.token));
    const third = await server.admin('POST', `/api/scim-clients/${client.id}/rotate?end_others=true`);
    secrets.add(third.token);
    assert.ok(!await works(second.token) && await works(third.token));
    assertNoSecrets(JSON.stringify(await server.admin('GET', '/api/scim-clients')), 'the list of clients');
    assertNoSecrets(JSON.stringify(await server.admin('GET', '/api/audit')), 'the audit');
    await server.admin('DELETE', `/api/scim-clients/${client.id}`);
    assert.ok(!await works(third.token));

    const { browser } = await login((await somebody()).handle);
    assert.equal((await browser.get(`${server.url}/scim/v2/Users`)).status, 401, 'a session opens nothing');
    for (const token of ['', 'test-admin-token-0123456789abcdef0123456789', 'x'.repeat(43)]) {
        const refused = await fetchRaw(`${server.url}/scim/v2/Users`, { headers: { Authorization: `Bearer ${token}` } });
        assert.equal(refused.status, 401);
        assert.match(refused.headers['www-authenticate'], /^Bearer/);
        assert.match(refused.headers['content-type'], /^application\/scim\+json/);
        assert.equal(refused.json().status, '401');
    }
});

test('clients see and change nothing of each other, nor of people who were there before', async () => {
    const local = await server.admin('POST', '/api/accounts', { username: 'local-person' });
    const user = await okta.user('apart@example.com');
    const group = await okta.group('Apart');
    for (const [where, body] of [[`/Users/${user.id}`, activate(false)], [`/Groups/${group.id}`, patchOp({ op: 'replace', path: 'displayName', value: 'Taken' })], [`/Users/${local.id}`, activate(false)]]) {
        for (const method of ['GET', 'PATCH', 'DELETE']) await other.ask(method, where, method === 'PATCH' ? body : undefined, 404);
    }
    assert.deepEqual(await other.find('userName eq "apart@example.com"'), []);
    assert.deepEqual(await other.find('displayName eq "Apart"', 'Groups'), []);
    const mine = await other.group('Of Entra');
    assert.equal((await other.ask('PATCH', `/Groups/${mine.id}`, addMember(user.id), 400)).scimType, 'invalidValue');
    for (const userName of ['local-person', 'APART@example.com'])
        assert.equal((await other.ask('POST', '/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName }, 409)).scimType, 'uniqueness');
    assert.equal((await other.ask('POST', '/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Authmod-Admins' }, 409)).scimType, 'uniqueness');
});

test('parallel creates of one user give one, and fifty parallel member adds lose none', async () => {
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'raced@example.com' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => okta.send('POST', '/Users', body)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(9).fill(409)]);

    const ids = [];
    for (let i = 0; i < 50; ++i) ids.push((await okta.user(`member-${i}@example.com`)).id);
    const group = await okta.group('Crowd');
    const adds = await Promise.all(ids.map((id) => okta.send('PATCH', `/Groups/${group.id}`, addMember(id))));
    assert.ok(adds.every(({ status }) => status === 204));
    const { members, meta } = await okta.ask('GET', `/Groups/${group.id}`);
    assert.deepEqual(members.map(({ value }) => value).sort(), ids.sort());
    const stale = await okta.send('PATCH', `/Groups/${group.id}`, addMember(ids[0]), { 'If-Match': 'W/"1"' });
    assert.equal(stale.status, 412);
    assert.equal((await okta.send('GET', `/Groups/${group.id}`, undefined, { 'If-None-Match': meta.version })).status, 304);
    const listed = await okta.ask('GET', '/Users?count=20&startIndex=21&attributes=userName&filter=' + encodeURIComponent('userName sw "member-"'));
    assert.equal(listed.totalResults, 50);
    assert.equal(listed.Resources.length, 20);
});

test('a PATCH that a dying server was in the middle of is done or not', async () => {
    const listen = new URL(server.url).host;
    const ids = [];
    for (let i = 0; i < 200; ++i) ids.push((await okta.user(`killed-${i}@example.com`)).id);
    const group = await okta.group('Before 0');
    const change = (n) => patchOp({ op: 'replace', path: 'displayName', value: `Name ${n}` },
        { op: 'replace', path: 'members', value: ids.slice(0, 1 + (n % 199)).map((value) => ({ value })) });
    let last = -1, cut = 0;
    for (let round = 0; round < 15; ++round) {
        const kill = sleep(5 + Math.random() * 40).then(() => server.stop('SIGKILL'));
        try {
            for (;;) {
                await okta.ask('PATCH', `/Groups/${group.id}`, change(last + 1), 204);
                ++last;
            }
        } catch (error) {
            assert.doesNotMatch(String(error.message), /^PATCH/, 'it broke off, it did not answer badly');
            ++cut;
        }
        await kill;
        server = Object.assign(await startLoginServer(folder, simulator, { listen, fresh: false }), { module: server.module });
        assert.deepEqual(server.rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
        const { displayName, members = [] } = await okta.ask('GET', `/Groups/${group.id}`);
        const seen = displayName === 'Before 0' ? -1 : Number(displayName.slice(5));
        assert.ok(seen === last || seen === last + 1, `${displayName} after ${last}`);
        assert.equal(members.length, seen < 0 ? 0 : 1 + (seen % 199), 'the name and the members belong to one PATCH');
        last = seen;
    }
    assert.equal(cut, 15);
});
