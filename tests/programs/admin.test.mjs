// SPDX-License-Identifier: BSL-1.0
// Administrating a running service: simultaneous edits, logins under way, the last way in, bans, the audit, and the rules
// for what browsers may send.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser, fetchRaw, scratch, sleep, startLoginServer, startSimulator, stopAll, wordOf } from './harness.mjs';

const folder = scratch();
const token = 'test-admin-token-0123456789abcdef0123456789';
let simulator, server;

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator);
});
after(() => stopAll(server, simulator));
beforeEach(() => simulator.reset());

const send = (method, where, body, headers = { Authorization: `Bearer ${token}` }) => fetchRaw(server.url + where, {
    method, body: body === undefined ? undefined : JSON.stringify(body), headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) } });
const codeOf = (answer) => answer.json().error.code;
const module = (id = server.module) => server.admin('GET', `/api/modules/${id}`);
const rowsOf = async (query) => (await server.admin('GET', `/api/audit?${query}`)).items;

async function begin(handle = 'nadia', id = server.module) {
    const browser = new Browser();
    await simulator.set({ auto_approve: handle });
    return { browser, callback: await server.reachCallback(browser, id) };
}
async function finish({ browser, callback }) {
    const answer = await browser.get(callback);
    return wordOf(answer) ?? answer.status;
}
async function signIn(handle) {
    const login = await begin(handle);
    assert.equal(await finish(login), 303);
    const me = (await server.me(login.browser)).json();
    return { ...login, me, cookie: { Cookie: login.browser.cookieHeader(server.url) } };
}

async function eventually(holds, what) {
    for (let i = 0; i < 200 && !holds(); ++i) await sleep(10);
    assert.ok(holds(), what);
}

describe('simultaneous edits', () => {
    test('of 50 with one revision, one wins and 49 get 409', async () => {
        const { revision } = await module();
        const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => send('PATCH', `/api/modules/${server.module}`, { revision, scopes: `account email s${i}` })));
        const won = answers.filter((a) => a.status === 200);
        assert.equal(won.length, 1);
        assert.ok(answers.filter((a) => a.status !== 200).every((a) => a.status === 409 && codeOf(a) === 'revision_stale'));
        const now = await module();
        assert.equal(now.scopes, won[0].json().scopes);
        assert.equal(now.revision, revision + 1);
        assert.equal((await rowsOf(`module=${server.module}&event=module_changed`)).filter((row) => row.field === 'scopes').length, 1);
        await server.patchModule({ scopes: 'account email' });
    });

    test('of the default leave one default at the most', async () => {
        const ids = [server.module];
        for (let i = 0; i < 4; ++i) ids.push(await server.makeModule({ name: `Default ${i}` }));
        const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => send('POST', `/api/modules/${ids[i % ids.length]}/make-default`)));
        assert.ok(answers.every((a) => a.status === 200 || a.status === 409));
        assert.equal((await server.admin('GET', '/api/modules')).items.filter((m) => m.default).length, 1);
        for (const id of ids) await server.admin('POST', `/api/modules/${id}/clear-default`);
        for (const id of ids.slice(1)) await server.admin('POST', `/api/modules/${id}/disable`);
    });
});

describe('logins under way', () => {
    test('F8 are refused when the module is disabled between start and callback', async () => {
        const login = await begin();
        await server.admin('POST', `/api/modules/${server.module}/disable?force=true`);
        assert.equal(await finish(login), 'module_disabled');
        assert.equal(await simulator.calls('token'), 0);
        await server.admin('POST', `/api/modules/${server.module}/enable`);
        assert.equal(await finish(await begin()), 303);
    });

    test('F8 are refused when what they rest on changed', async () => {
        const present = await module();
        const moved = (url) => url.replace('127.0.0.1', 'localhost');
        for (const [field, value, back] of [['client_id', 'another', present.client_id], ['client_secret', 'another', 'simulator-secret'],
            ['authorization_url', moved(present.authorization_url)], ['token_url', moved(present.token_url)], ['user_info_url', moved(present.user_info_url)],
            ['email_url', moved(present.email_url)], ['groups_url', moved(present.groups_url)], ['client_authentication', 'post']]) {
            const login = await begin();
            await simulator.reset();
            await server.patchModule({ [field]: value });
            assert.equal(await finish(login), 'settings_changed', field);
            assert.equal(await simulator.calls('token'), 0);
            await server.patchModule({ [field]: back ?? present[field] });
        }
    });

    test('go on when anything else changed, and follow it', async () => {
        const login = await begin('several');
        const { name } = await module();
        await server.patchModule({ name: 'Renamed meanwhile', logout_url: 'https://idp.example/bye', scopes: 'account email x', full_name: '"nickname"', pkce: 'required', order: 5 });
        assert.equal(await finish(login), 303);
        assert.equal((await server.me(login.browser)).json().full_name, 'several');
        await server.patchModule({ name, logout_url: '', scopes: 'account email', full_name: 'display_name?:nickname', pkce: 'auto', order: 0 });
    });
});

describe('the last way in', () => {
    test('is kept unless it is forced', async () => {
        const last = await send('POST', `/api/modules/${server.module}/disable`);
        assert.deepEqual([last.status, codeOf(last)], [409, 'last_way_in']);
        assert.equal((await module()).enabled, true);
        const second = await server.makeModule({ name: 'Second way in' });
        await server.admin('POST', `/api/modules/${second}/disable`);
        assert.equal((await send('POST', `/api/modules/${server.module}/disable?force=true`)).status, 200);
        assert.match((await fetchRaw(`${server.url}/login?choose=1`)).text, /No way to log in is switched on/);
        await server.admin('POST', `/api/modules/${server.module}/enable`);
    });

    test('is kept by 20 simultaneous switches too', async () => {
        const ids = [server.module];
        for (let i = 0; i < 9; ++i) ids.push(await server.makeModule({ name: `Way in ${i}` }));
        await Promise.all([...ids, ...ids].map((id) => send('POST', `/api/modules/${id}/disable`)));
        const enabled = (await server.admin('GET', '/api/modules')).items.filter((m) => m.enabled);
        assert.equal(enabled.length, 1);
        if (enabled[0].id === server.module) return;
        await server.admin('POST', `/api/modules/${server.module}/enable`);
        await server.admin('POST', `/api/modules/${enabled[0].id}/disable`);
    });
});

describe('people', () => {
    test('G3 F5 a ban ends sessions at once and keeps the person out until it is lifted', async () => {
        await simulator.accounts({ handle: 'banned' });
        const { me, browser } = await signIn('banned');
        await server.admin('PATCH', `/api/accounts/${me.id}`, { banned: true, ban_reason: 'left the company' });
        assert.equal((await server.me(browser)).status, 401);
        assert.equal(await finish(await begin('banned')), 'account_banned');
        const account = await server.admin('GET', `/api/accounts/${me.id}`);
        assert.deepEqual([account.banned, account.ban_reason], [true, 'left the company']);
        await server.admin('PATCH', `/api/accounts/${me.id}`, { banned: false });
        assert.equal((await signIn('banned')).me.id, me.id);
    });

    test('G3 a removed account is signed out, and comes back as somebody new', async () => {
        await simulator.accounts({ handle: 'removed' });
        const { me, browser } = await signIn('removed');
        await server.admin('DELETE', `/api/accounts/${me.id}`);
        assert.equal((await server.me(browser)).status, 401);
        assert.notEqual((await signIn('removed')).me.id, me.id);
    });

    test('an administrator acts with the own name, until the membership goes', async () => {
        const { me, cookie } = await signIn('several');
        const own = { ...cookie, 'X-CSRF-Token': me.csrf };
        assert.equal((await send('GET', '/api/modules', undefined, own)).status, 403);
        await server.admin('PUT', `/api/groups/authmod-admins/members/${me.id}`);
        assert.equal((await send('POST', '/api/groups', { name: 'made by an account' }, own)).status, 201);
        assert.equal((await rowsOf('event=group_created'))[0].author, me.id);
        await server.admin('DELETE', `/api/groups/authmod-admins/members/${me.id}`);
        assert.equal((await send('POST', '/api/groups', { name: 'too late' }, own)).status, 403);
    });
});

describe('removing a module', () => {
    const twin = () => server.makeModule({ name: `Twin ${++twins}` });
    let twins = 0;

    test('hands its people to a successor of the same client; sessions that came through it end', async () => {
        const [old, next] = [await twin(), await twin()];
        await simulator.accounts({ handle: 'heir', emails: [] }); // no email: nothing but the link ties the person to the account
        const login = await begin('heir', old);
        assert.equal(await finish(login), 303);
        const { id } = (await server.me(login.browser)).json();
        assert.equal((await module(old)).imported_accounts, 1);
        assert.equal((await send('DELETE', `/api/modules/${old}?successor=${next}`)).status, 204);
        assert.equal((await server.me(login.browser)).status, 401);
        assert.equal((await send('GET', `/api/modules/${old}`)).status, 404);
        assert.equal((await module(next)).imported_accounts, 1);
        const again = await begin('heir', next);
        assert.equal(await finish(again), 303);
        assert.equal((await server.me(again.browser)).json().id, id);
        assert.deepEqual((await server.admin('GET', `/api/accounts/${id}`)).links.map((link) => link.module_id), [next]);
        assert.equal((await rowsOf(`event=module_removed&target=${old}`)).length, 1);
    });

    test('without one takes the links along and leaves the accounts', async () => {
        const [old, next] = [await twin(), await twin()];
        await simulator.accounts({ handle: 'orphan', emails: [] });
        const login = await begin('orphan', old);
        assert.equal(await finish(login), 303);
        const { id } = (await server.me(login.browser)).json();
        await server.admin('DELETE', `/api/modules/${old}`);
        assert.deepEqual((await server.admin('GET', `/api/accounts/${id}`)).links, []);
        const again = await begin('orphan', next);
        assert.equal(await finish(again), 303);
        assert.notEqual((await server.me(again.browser)).json().id, id);
    });

    test('F8 ends logins under way', async () => {
        const old = await twin();
        const login = await begin('nadia', old);
        await server.admin('DELETE', `/api/modules/${old}`);
        assert.equal(await finish(login), 'not_found');
        assert.equal(await simulator.calls('token'), 0);
    });

    test('refuses a successor that is not one, and the last way in', async () => {
        const old = await twin();
        const other = (await server.admin('POST', '/api/modules', { type: 'bitbucket_cloud', name: 'Of another client', client_id: 'other' })).id;
        for (const successor of [other, old, 'none']) {
            const answer = await send('DELETE', `/api/modules/${old}?successor=${successor}`);
            assert.deepEqual([answer.status, answer.json().error.field], [422, 'successor']);
        }
        const enabled = (await server.admin('GET', '/api/modules')).items.filter((m) => m.enabled && m.id !== server.module);
        for (const { id } of enabled) await server.admin('POST', `/api/modules/${id}/disable`);
        const last = await send('DELETE', `/api/modules/${server.module}`);
        assert.deepEqual([last.status, codeOf(last)], [409, 'last_way_in']);
        assert.equal((await module()).enabled, true);
    });
});

describe('a test login', () => {
    async function tryOut(orders = [], id = server.module) {
        const begun = await send('POST', `/api/modules/${id}/test-login`);
        assert.equal(begun.status, 200, begun.text);
        const browser = new Browser();
        browser.keep(server.url, begun);
        await simulator.set([{ auto_approve: 'nadia' }, ...orders]);
        const { url } = await browser.follow(begun.json().location, (u) => u.startsWith(`${server.url}/callback/`));
        const counts = ['accounts', 'links', 'sessions', 'memberships'].map(server.count);
        const page = await browser.get(url);
        assert.equal(page.status, 200, page.text);
        assert.deepEqual(['accounts', 'links', 'sessions', 'memberships'].map(server.count), counts, 'nothing was created');
        assert.equal((await server.me(browser)).status, 401, 'nobody was signed in');
        const report = await server.admin('GET', `/api/modules/${id}/test-result`);
        return { report, page, browser, url, failed: report.steps.filter((s) => s.status === 'failed') };
    }

    test('shows every step and field, of a disabled module too, and changes nothing', async () => {
        const id = await server.makeModule({ name: 'Tried out' });
        await server.admin('POST', `/api/modules/${id}/disable`);
        const { report, page } = await tryOut([], id);
        assert.equal(report.ok, true);
        assert.equal(report.author, 'admin-token');
        assert.equal(report.fields.username, 'nferro');
        assert.match(report.outcome, /^would (create|link to|refresh) /);
        assert.deepEqual(report.steps.filter((s) => s.status === 'ok').map((s) => s.name), ['authorization', 'token', 'profile', 'email', 'groups', 'mapping', 'account']);
        assert.match(page.text, /A person could log in like this/);
        assert.equal((await module(id)).enabled, false);
        assert.equal((await rowsOf(`event=module_tested&target=${id}`)).length, 1);
    });

    test('names the step that fails, and what to do', async () => {
        for (const [orders, step, code] of [
            [{ endpoint: 'token', fault: 'status', status: 401 }, 'token', 'client_refused'],
            [{ endpoint: 'user', fault: 'status', status: 403 }, 'profile', 'user_info_refused'],
            [{ endpoint: 'emails', fault: 'status', status: 500 }, 'email', 'email_list_failed'],
            [{ endpoint: 'user', fault: 'body', body: '{"type":"user"}' }, 'mapping', 'user_id_missing']]) {
            const { report, page, failed } = await tryOut([orders]);
            assert.equal(report.ok, false);
            assert.deepEqual([failed[0].name, failed[0].code], [step, code], JSON.stringify(failed));
            assert.ok(failed[0].message && failed[0].cure);
            assert.match(report.outcome, /^would refuse/);
            assert.match(page.text, /A person could not log in like this/);
            await simulator.reset();
        }
        await server.patchModule({ client_secret: 'wrong' });
        assert.equal((await tryOut()).failed[0].code, 'client_refused');
        await server.patchModule({ client_secret: 'simulator-secret' });
    });

    test('N2 keeps tokens, codes and secrets out of its report', async () => {
        const { report, page } = await tryOut([{ endpoint: 'user', fault: 'set', pointer: '/access_token', value: 'canary-in-the-profile-0123456789' }]);
        const all = JSON.stringify(report) + page.text;
        assert.doesNotMatch(all, /[A-Za-z0-9_-]{1000}/, 'the tokens of the simulator have 2600 characters');
        assert.ok(!all.includes('canary-in-the-profile') && !all.includes('simulator-secret'));
        assert.ok(!server.rows('SELECT * FROM test_results').some((row) => JSON.stringify(row).includes('nferro')), 'it is kept sealed');
    });

    test('cannot be taken for a login, nor finished twice', async () => {
        const { browser, url } = await tryOut();
        assert.ok(['state_used', 'state_missing', 'state_mismatch'].includes(wordOf(await browser.get(url))));
        assert.equal((await server.me(browser)).status, 401);
    });
});

describe('the audit', () => {
    test('has one row per field with who, when, from where, old and new', async () => {
        await server.patchModule({ scopes: 'account email team', order: 3 });
        const two = await rowsOf(`module=${server.module}&limit=2`);
        assert.deepEqual(two.map(({ field, new: now }) => [field, now]).sort(), [['order', '3'], ['scopes', 'account email team']]);
        await server.patchModule({ scopes: 'account email', order: 0 });

        const since = new Date().toISOString();
        await server.patchModule({ name: 'Audited' });
        const [row] = await rowsOf(`module=${server.module}&limit=1`);
        assert.deepEqual({ ...row, number: 0, at: '' }, { number: 0, at: '', author: 'admin-token', address: '127.0.0.1', event: 'module_changed',
            target: server.module, module: server.module, field: 'name', old: row.old, new: row.new, reason: null });
        assert.ok(row.new.includes('Audited') && !row.old.includes('Audited'));
        assert.ok(row.at >= since && row.at <= new Date().toISOString());
        await server.patchModule({ name: 'Bitbucket (simulated)' });
    });

    test('N1 of a secret it says that it changed, and no more', async () => {
        await server.patchModule({ client_secret: 'planted-new-secret' });
        const [row] = await rowsOf(`module=${server.module}&limit=1`);
        assert.equal(row.field, 'client_secret');
        assert.match(row.old + row.new, /changed/);
        assert.ok(!JSON.stringify(row).includes('planted'));
        await server.patchModule({ client_secret: 'simulator-secret' });
    });

    test('has every outcome of a login, with the word of the page', async () => {
        const { me } = await signIn('nadia');
        const [row] = await rowsOf('event=login&limit=1');
        assert.deepEqual([row.author, row.target, row.module], ['login', me.id, server.module]);
        await server.patchModule({ client_secret: 'wrong' });
        assert.equal(await finish(await begin()), 'client_refused');
        assert.equal((await rowsOf('event=login_refused&limit=1'))[0].reason, 'client_refused');
        await server.patchModule({ client_secret: 'simulator-secret' });
    });

    test('is filtered by module, author, event, target and time, and comes as a file', async () => {
        const all = await rowsOf('limit=500');
        for (const name of ['module', 'author', 'event', 'target']) {
            const value = all.find((row) => row[name])[name];
            const found = await rowsOf(`limit=500&${name}=${encodeURIComponent(value)}`);
            assert.deepEqual(found.map((row) => row.number), all.filter((row) => row[name] === value).map((row) => row.number), name);
        }
        const middle = all[Math.floor(all.length / 2)].at;
        assert.ok((await rowsOf(`limit=500&from=${middle}`)).every((row) => row.at >= middle));
        assert.ok((await rowsOf(`limit=500&until=${middle}`)).every((row) => row.at < middle));
        const file = await send('GET', '/api/audit/export');
        assert.match(file.headers['content-disposition'], /attachment; filename="audit\.json"/);
        assert.deepEqual(file.json().items, all);
    });
});

describe('what browsers may send', () => {
    const changes = [['POST', '/logout'], ['POST', '/api/groups'], ['POST', '/admin/sign-out']];

    test('I1 changes need the CSRF token or a page of this site; logout is POST', async () => {
        const { me, browser, cookie } = await signIn('several');
        await server.admin('PUT', `/api/groups/authmod-admins/members/${me.id}`);
        assert.equal((await browser.get(`${server.url}/logout`)).status, 405);
        for (const [method, where] of changes)
            for (const foreign of [{}, { Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { 'X-CSRF-Token': 'x'.repeat(43) }])
                assert.equal((await send(method, where, { name: 'forged' }, { ...cookie, ...foreign })).status, 403, `${where} ${JSON.stringify(foreign)}`);
        // Nor does a form of another site: what it can send is no proof.
        const answer = await fetchRaw(`${server.url}/api/groups`, { method: 'POST', body: '{"name":"forged"}', headers: { ...cookie, 'Content-Type': 'text/plain', Origin: 'https://evil.example' } });
        assert.equal(answer.status, 403);
        assert.ok(!(await server.admin('GET', '/api/groups')).items.some(({ name }) => name === 'forged'));
        assert.equal((await server.me(browser)).status, 200);
        await server.admin('DELETE', `/api/groups/authmod-admins/members/${me.id}`);
    });

    test('I2 every answer has the protecting fields, errors included', async () => {
        for (const [method, where, body] of [['GET', '/api/modules'], ['GET', '/api/none'], ['PUT', '/api/modules'], ['POST', '/api/modules', {}], ['GET', '/api/openapi.json'],
            ['POST', '/admin/sign-in'], ['POST', '/admin/sign-out'], ['GET', `/modules/${server.module}/image`], ['GET', '/nothing']]) {
            const answer = await send(method, where, body);
            assert.match(answer.headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/, where);
            assert.equal(answer.headers['x-content-type-options'], 'nosniff');
            assert.equal(answer.headers['referrer-policy'], 'no-referrer');
            assert.ok(answer.headers['cache-control']);
        }
    });

    test('I3 foreign text is escaped for its place', async () => {
        const nasty = `"><script>alert(1)</script>&'`;
        await server.patchModule({ name: nasty });
        const page = await fetchRaw(`${server.url}/login?choose=1`);
        assert.ok(!page.text.includes('<script>'));
        assert.equal((await module()).name, nasty);
        await server.patchModule({ name: 'Bitbucket (simulated)' });
        await simulator.accounts({ handle: 'nasty', display_name: nasty, username: 'na\\sty,"x"' });
        const { browser, me } = await signIn('nasty');
        assert.equal(me.full_name, nasty);
        assert.ok(!(await browser.get(`${server.url}/`)).text.includes('<script>'));
        const verified = await browser.get(`${server.url}/verify`);
        assert.match(verified.headers['x-auth-user'], /^[\x20-\x7e]*$/);
        await fetchRaw(`${server.url}/login/${encodeURIComponent('forged" line=\u0085é')}`);
        await eventually(() => server.log().includes('path="/login/forged\\x22 line=\\xc2\\x85\\xc3\\xa9"'), 'the log escapes it');
    });

    test('I4 error pages say what to do and an id, nothing of the inside', async () => {
        await server.patchModule({ token_url: 'https://127.0.0.1:9/token' });
        const { browser, callback } = await begin();
        const answer = await browser.get(callback);
        assert.equal(wordOf(answer), 'provider_unreachable');
        assert.match(answer.text, /reference <code>[a-z0-9_]{8}<\/code>/);
        assert.ok(!/127\.0\.0\.1:9|Connection refused|\.cpp|\.hpp|std::|boost/.test(answer.text));
        await server.patchModule({ token_url: `${simulator.tls}/site/oauth2/access_token` });
    });

    test('I5 unknown methods get 405 with Allow, TRACE is refused', async () => {
        for (const where of ['/api/modules', '/me', '/login', '/logout', `/modules/${server.module}/image`]) {
            const answer = await send('PROPFIND', where);
            assert.equal(answer.status, 405);
            assert.ok(answer.headers.allow);
            assert.equal((await send('TRACE', where)).status, 405);
        }
    });

    test('N5 a cookie, a session and the token each open exactly what they should', async () => {
        const { cookie, me } = await signIn('nadia');
        const signedIn = await fetchRaw(`${server.url}/admin/sign-in`, { method: 'POST', body: `token=${token}`, headers: { Origin: server.url, 'Content-Type': 'application/x-www-form-urlencoded' } });
        assert.equal(signedIn.status, 303);
        const line = signedIn.headers['set-cookie'][0];
        for (const part of [/^authmod_admin=[\w-]+;/, /; HttpOnly/, /; SameSite=Strict/, /; Path=\//, /; Max-Age=28800/]) assert.match(line, part);
        assert.ok(!line.includes(token));
        const held = { Cookie: line.split(';')[0] };
        const { csrf } = (await send('GET', '/api/session', undefined, held)).json();
        for (const [who, expected] of [[{}, 401], [cookie, 403], [{ ...cookie, 'X-CSRF-Token': me.csrf }, 403], [held, 403], [{ ...held, 'X-CSRF-Token': me.csrf }, 403],
            [{ ...held, 'X-CSRF-Token': csrf }, 422], [{ Authorization: `Bearer ${token}` }, 422], [{ ...held, Authorization: 'Bearer x', 'X-CSRF-Token': csrf }, 401]])
            assert.equal((await send('POST', '/api/groups', {}, who)).status, expected, JSON.stringify(Object.keys(who)));
        // What signs an administrator in is no session, and the other way round.
        assert.equal((await fetchRaw(`${server.url}/me`, { headers: held })).status, 401);
        assert.equal((await send('GET', '/api/modules', undefined, { Cookie: line.split(';')[0].replace('authmod_admin', 'authmod_session') })).status, 401);
        assert.equal((await send('GET', '/api/modules', undefined, { Cookie: cookie.Cookie.replaceAll('authmod_session', 'authmod_admin') })).status, 401);
    });
});
