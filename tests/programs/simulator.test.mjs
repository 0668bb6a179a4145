// SPDX-License-Identifier: BSL-1.0
// The simulator itself: every endpoint, error body, switch and fault that the other tests rely on.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser, basic, fetchRaw, form, json, scratch, startSimulator, stopAll } from './harness.mjs';

const callback = 'http://127.0.0.1:5555/callback/m1';
const folder = scratch();
let simulator, base;

before(async () => { simulator = await startSimulator(folder); base = simulator.plain; });
after(() => stopAll(simulator));
beforeEach(() => simulator.reset());

const authorizeUrl = (changes = {}) => {
    const members = { client_id: 'simulator-key', response_type: 'code', redirect_uri: callback, state: 'st&1', scope: 'account email', ...changes };
    for (const name of Object.keys(members)) if (members[name] === undefined) delete members[name];
    return `${base}/site/oauth2/authorize?${new URLSearchParams(members)}`;
};
const located = (answer) => { assert.equal(answer.status, 302, answer.text); return new URL(answer.headers.location); };

async function codeFor(handle, changes) {
    await simulator.set({ auto_approve: handle });
    return located(await fetchRaw(authorizeUrl(changes))).searchParams.get('code');
}
function postToken(members, { key = 'simulator-key', secret = 'simulator-secret' } = {}) {
    const options = form(members);
    if (key) options.headers.Authorization = basic(key, secret);
    return fetchRaw(`${base}/site/oauth2/access_token`, options);
}
const redeem = (code, changes = {}, who) => postToken({ grant_type: 'authorization_code', code, redirect_uri: callback, ...changes }, who);
async function tokenFor(handle, changes) {
    const answer = await redeem(await codeFor(handle, changes));
    assert.equal(answer.status, 200, answer.text);
    return answer.json().access_token;
}
const api = (where, token, options = {}) => fetchRaw(where.startsWith('http') ? where : `${base}/2.0${where}`, {
    ...options, headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...options.headers } });
const message = (answer) => answer.json().error.message;

describe('authorization page', () => {
    test('a person chooses an account, grants access once and is not asked again', async () => {
        const browser = new Browser();
        const chooser = await browser.get(authorizeUrl());
        assert.match(chooser.text, /This is a simulator/);
        assert.match(chooser.text, /Choose an account/);
        assert.doesNotMatch(chooser.text, /<script/i);
        const request = new URL(authorizeUrl()).search.slice(1);
        const post = (members) => browser.get(`${base}/site/oauth2/authorize`, form({ request, ...members }));
        const consent = await post({ account: 'nadia' });
        assert.equal(consent.status, 200);
        assert.match(consent.text, />Grant access</);
        assert.match(consent.text, />Cancel</);
        const back = located(await post({ account: 'nadia', decision: 'grant' }));
        assert.equal(back.origin + back.pathname, callback);
        assert.equal(back.searchParams.get('state'), 'st&1');
        assert.equal(back.searchParams.get('code').length, 18);
        assert.equal(back.searchParams.get('iss'), null);
        assert.ok(located(await post({ account: 'nadia' })).searchParams.get('code'));
        assert.equal((await post({ account: 'several' })).status, 200);
        await simulator.set({ consent: 'always' });
        assert.equal((await post({ account: 'nadia' })).status, 200);
        assert.equal(located(await post({ account: 'nadia', decision: 'cancel' })).searchParams.get('error'), 'access_denied');
    });

    test('markup in names is escaped', async () => {
        const page = await fetchRaw(authorizeUrl());
        assert.match(page.text, /&lt;b&gt;/);
        assert.doesNotMatch(page.text, /<b>/);
    });

    test('an unknown client or a foreign address gets a page, not a redirect', async () => {
        for (const changes of [{ client_id: 'nobody' }, { client_id: undefined }, { redirect_uri: 'https://evil.example/cb' },
            { redirect_uri: 'http://127.0.0.1@evil.example/' }, { redirect_uri: 'http://127.0.0.1.evil.example/' },
            { redirect_uri: 'javascript:alert(1)' }, { redirect_uri: undefined }]) {
            const answer = await fetchRaw(authorizeUrl(changes));
            assert.equal(answer.status, 400, JSON.stringify(changes));
            assert.match(answer.headers['content-type'], /text\/html/);
            assert.match(answer.text, /This integration is misconfigured\. Contact the vendor for assistance\./);
        }
        assert.equal((await fetchRaw(authorizeUrl() + '&state=again')).status, 400);
    });

    test('the registered callback is a prefix, and is used when none is sent', async () => {
        await simulator.set({ auto_approve: 'nadia' });
        const get = (redirect_uri) => fetchRaw(authorizeUrl({ client_id: 'prefix-key', redirect_uri }));
        assert.equal(located(await get('http://127.0.0.1:7777/callback/m1?a=b')).searchParams.get('a'), 'b');
        assert.equal((await get('http://127.0.0.1:7777/other')).status, 400);
        assert.equal((await get('https://127.0.0.1/callback')).status, 400);
        assert.equal(located(await get(undefined)).href.split('?')[0], 'http://127.0.0.1/callback');
        await simulator.set({ loopback_port: 'exact' });
        assert.equal((await get('http://127.0.0.1:7777/callback')).status, 400);
    });

    test('errors that the client may hear go back to it', async () => {
        const error = async (changes) => located(await fetchRaw(authorizeUrl(changes))).searchParams.get('error');
        assert.equal(await error({ response_type: 'token' }), 'unsupported_response_type');
        assert.equal(await error({ scope: 'account nonsense' }), 'invalid_scope');
        assert.equal(await error({ client_id: 'no-email-key' }), 'invalid_scope');
        assert.equal(await error({ client_id: 'no-account-key' }), 'invalid_scope');
        assert.equal(await error({ code_challenge: 'x', code_challenge_method: 'plain' }), 'invalid_request');
        await simulator.set({ consent: 'denied', auto_approve: 'nadia' });
        assert.equal(await error({}), 'access_denied');
    });

    test('accounts are approved in turn', async () => {
        const { accounts } = await simulator.accounts({ count: 3 });
        assert.deepEqual(accounts, ['load-1', 'load-2', 'load-3']);
        const names = [];
        await simulator.set({ auto_approve: accounts });
        for (let i = 0; i < 4; ++i) {
            const code = located(await fetchRaw(authorizeUrl())).searchParams.get('code');
            names.push((await api('/user', (await redeem(code)).json().access_token)).json().username);
        }
        assert.deepEqual(names, ['load-1', 'load-2', 'load-3', 'load-1']);
    });
});

describe('token endpoint', () => {
    test('a code gives a token of the documented shape', async () => {
        const answer = await redeem(await codeFor('nadia'));
        const body = answer.json();
        assert.deepEqual(Object.keys(body), ['access_token', 'scope', 'expires_in', 'refresh_token', 'token_type', 'state']);
        assert.deepEqual([body.scope, body.expires_in, body.token_type, body.state], ['account email', 7200, 'bearer', 'authorization_code']);
        assert.ok(body.access_token.length > 2500);
        assert.equal(answer.headers['content-type'], 'application/json');
        assert.equal(answer.headers['cache-control'], 'no-store');
    });

    test('credentials are taken from the body too', async () => {
        const answer = await redeem(await codeFor('nadia'), { client_id: 'simulator-key', client_secret: 'simulator-secret' }, { key: null });
        assert.equal(answer.status, 200);
    });

    test('without a scope all ticked permissions are given', async () => {
        assert.equal((await redeem(await codeFor('nadia', { scope: undefined }))).json().scope, 'account email team');
    });

    test('every refusal has its status and body', async () => {
        const rows = [
            [await redeem('x', {}, { secret: 'wrong' }), 'unauthorized_client', 'Invalid OAuth client credentials'],
            [await redeem('x', {}, { key: 'nobody' }), 'unauthorized_client', 'Invalid OAuth client credentials'],
            [await redeem('x', {}, { key: null }), 'unauthorized_client',
                'Client credentials missing; this request needs to be authenticated with the OAuth client id and secret'],
            [await redeem('x', {}, { key: 'no-callback-key', secret: 'no-callback-secret' }), 'invalid_request', 'No callback uri defined for the OAuth client.'],
            [await redeem('x'), 'invalid_grant', 'The specified code is not valid.'],
            [await redeem(await codeFor('nadia'), { redirect_uri: callback + '/' }), 'invalid_grant', 'The specified code is not valid.'],
            [await postToken({ grant_type: 'refresh_token', refresh_token: 'x' }), 'invalid_grant', 'Invalid refresh_token'],
            [await postToken({}), 'invalid_grant', 'Unsupported grant type: None'],
            [await postToken({ grant_type: 'password' }), 'invalid_grant', 'Unsupported grant type: password'],
            [await postToken({ grant_type: 'client_credentials' }), 'invalid_grant',
                'Cannot use client_credentials with a consumer marked as "public". Calls for auto generated consumers should use urn:bitbucket:oauth2:jwt instead.'],
        ];
        for (const [answer, error, error_description] of rows) {
            assert.equal(answer.status, 400);
            assert.match(answer.headers['content-type'], /^application\/json/);
            assert.deepEqual(answer.json(), { error_description, error });
        }
        const headers = { Authorization: basic('simulator-key', 'simulator-secret'), 'Content-Type': 'application/json' };
        const asJson = await fetchRaw(`${base}/site/oauth2/access_token`, { method: 'POST', headers, body: '{"grant_type":"authorization_code"}' });
        assert.deepEqual(asJson.json(), { error_description: 'Unsupported grant type: None', error: 'invalid_grant' });
        const bearer = await fetchRaw(`${base}/site/oauth2/access_token`, { method: 'POST', headers: { Authorization: 'Bearer eA==' } });
        assert.match(bearer.headers['content-type'], /text\/html/);
        assert.equal((await fetchRaw(`${base}/site/oauth2/access_token`)).status, 405);
    });

    test('a code works once, for ten minutes, for its client', async () => {
        const code = await codeFor('nadia');
        assert.equal((await redeem(code, {}, { key: 'private-key', secret: 'private-secret' })).status, 400);
        assert.equal((await redeem(code)).status, 200);
        assert.equal((await redeem(code)).status, 400);
        assert.deepEqual((await simulator.log()).violations, ['code_used_twice']);
        const late = await codeFor('nadia');
        await simulator.set({ clock_offset_s: 601 });
        assert.equal((await redeem(late)).status, 400);
    });

    test('PKCE is checked, or ignored', async () => {
        const code_verifier = 'v'.repeat(43);
        const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
        const challenged = () => codeFor('nadia', { code_challenge, code_challenge_method: 'S256' });
        assert.equal((await redeem(await challenged(), { code_verifier })).status, 200);
        assert.equal((await redeem(await challenged(), { code_verifier: 'w'.repeat(43) })).status, 400);
        assert.equal((await redeem(await challenged())).status, 400);
        await simulator.set({ pkce: 'ignored' });
        assert.equal((await redeem(await challenged())).status, 200);
    });

    test('refresh tokens rotate; the old one lives a little longer', async () => {
        const first = (await redeem(await codeFor('nadia'))).json().refresh_token;
        const refresh = async (refresh_token) => (await postToken({ grant_type: 'refresh_token', refresh_token })).json();
        const second = await refresh(first);
        assert.notEqual(second.refresh_token, first);
        assert.equal(second.state, 'refresh_token');
        assert.ok((await refresh(first)).access_token);
        await simulator.set({ clock_offset_s: 601 });
        assert.equal((await refresh(first)).error_description, 'Invalid refresh_token');
        await simulator.set({ rotation: false });
        assert.equal((await refresh(second.refresh_token)).refresh_token, second.refresh_token);
        await simulator.set({ clock_offset_s: 91 * 86400 });
        assert.equal((await refresh(second.refresh_token)).error, 'invalid_grant');
    });

    test('a private consumer gets an app user and no refresh token', async () => {
        const body = (await postToken({ grant_type: 'client_credentials' }, { key: 'private-key', secret: 'private-secret' })).json();
        assert.equal(body.refresh_token, undefined);
        const user = (await api('/user', body.access_token)).json();
        assert.equal(user.type, 'app_user');
        assert.ok(user.kind);
    });

    test('the spellings of the answer can be switched', async () => {
        const body = async (orders) => { await simulator.set(orders); return (await redeem(await codeFor('nadia'))).json(); };
        assert.equal((await body({ scope_member: 'scopes' })).scopes, 'account email');
        assert.equal('scope' in await body({ scope_member: 'none' }), false);
        assert.equal((await body({ expires_in: '3600' })).expires_in, '3600');
        assert.equal('expires_in' in await body({ expires_in: null }), false);
        assert.equal((await body({ token_length: 4000 })).access_token.length, 4000);
        const short = await body({ expires_in: 1 });
        await simulator.set({ clock_offset_s: 2 });
        assert.equal((await api('/user', short.access_token)).status, 401);
    });
});

describe('API', () => {
    test('the current user', async () => {
        const answer = await api('/user', await tokenFor('nadia'));
        const user = answer.json();
        assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
        assert.equal(answer.headers['x-oauth-scopes'], 'account email');
        assert.equal(answer.headers['x-accepted-oauth-scopes'], 'account');
        assert.equal(answer.headers['x-credential-type'], 'oauth2');
        assert.match(user.uuid, /^\{[0-9a-f-]{36}\}$/);
        assert.match(user.account_id, /^712020:/);
        assert.deepEqual([user.type, user.username, user.display_name, user.account_status, user.has_2fa_enabled, user.email],
            ['user', 'nferro', 'Nadia Ferro', 'active', null, undefined]);
        assert.ok(user.links.self.href.startsWith(`${base}/2.0/users/%7B`));
        const picture = await fetchRaw(user.links.avatar.href);
        assert.equal(picture.headers['content-type'], 'image/png');
        assert.equal(picture.bytes.subarray(1, 4).toString(), 'PNG');
    });

    test('links follow the address of the request', async () => {
        const token = await tokenFor('nadia');
        const answer = await fetchRaw(`${simulator.tls}/2.0/user`, { ca: readFileSync(simulator.caFile), headers: { Authorization: `Bearer ${token}` } });
        assert.ok(answer.json().links.avatar.href.startsWith(`${simulator.tls}/avatars/`));
    });

    test('every odd account is there', async () => {
        const user = async (handle) => (await api('/user', await tokenFor(handle))).json();
        const emails = async (handle) => (await api('/user/emails', await tokenFor(handle))).json().values;
        assert.equal((await emails('several')).at(-1).is_primary, true);
        assert.equal((await emails('unconfirmed'))[0].is_confirmed, false);
        assert.ok((await emails('noprimary')).every((e) => !e.is_primary));
        assert.deepEqual(await emails('noemail'), []);
        assert.equal('username' in await user('nousername'), false);
        assert.equal((await user('noname')).display_name, '');
        assert.match((await user('unicode')).display_name, /<b>Ünïcöde<\/b> & "Søn" 山田 🦀/);
        assert.equal((await user('inactive')).account_status, 'inactive');
        assert.equal((await user('app')).type, 'app_user');
        assert.equal((await user('twin-one')).nickname, (await user('twin-two')).nickname);
        const before = await user('renamed');
        await simulator.accounts({ handle: 'renamed', username: 'new-name' });
        const later = await user('renamed');
        assert.deepEqual([before.username, later.username, later.uuid], ['old-name', 'new-name', before.uuid]);
    });

    test('lists have pages', async () => {
        const token = await tokenFor('paged');
        const first = (await api('/user/emails', token)).json();
        assert.deepEqual([first.pagelen, first.page, first.size, first.values.length, first.previous], [10, 1, 25, 10, undefined]);
        assert.ok(!first.values.some((e) => e.is_primary));
        const second = (await api(first.next, token)).json();
        assert.ok(second.values.some((e) => e.is_primary && e.is_confirmed));
        assert.ok(second.previous);
        const third = (await api(second.next, token)).json();
        assert.deepEqual([third.values.length, third.next], [5, undefined]);
        assert.equal((await api('/user/emails?page=4', token)).status, 404);
        assert.equal((await api('/user/emails?pagelen=101', token)).status, 400);
        assert.equal((await api('/user/emails/paige+014@paged.example', token)).json().is_primary, true);
        assert.equal((await api('/user/emails/nobody@paged.example', token)).status, 404);
    });

    test('workspaces: 0, 1 and 120 of them, sorted and filtered', async () => {
        const list = async (handle, query = '') => (await api(`/user/workspaces${query}`, await tokenFor(handle))).json();
        assert.deepEqual((await list('noworkspaces')).values, []);
        const nadia = await list('nadia');
        assert.deepEqual(nadia.values.map((v) => v.workspace.slug), ['simulated-team', 'ferro-team']);
        assert.deepEqual([nadia.values[1].type, nadia.values[1].administrator, nadia.values[1].workspace.type, nadia.values[1].workspace.name],
            ['workspace_access', true, 'workspace_base', undefined]);
        const token = await tokenFor('many');
        const slugs = [];
        for (let next = `${base}/2.0/user/workspaces?sort=-slug`; next;) {
            const page = (await api(next, token)).json();
            slugs.push(...page.values.map((v) => v.workspace.slug));
            next = page.next;
        }
        assert.equal(slugs.length, 120);
        assert.deepEqual([slugs[0], slugs[119]], ['many-120', 'many-001']);
        assert.equal((await list('many', '?administrator=true')).size, 12);
        assert.equal((await api('/user/workspaces?sort=name', token)).status, 400);
        assert.deepEqual((await list('nadia', '?fields=values.workspace.slug')), {
            values: [{ workspace: { slug: 'simulated-team' } }, { workspace: { slug: 'ferro-team' } }] });
        assert.equal('links' in (await api('/user?fields=-links', token)).json(), false);
    });

    test('one workspace, its members and permissions', async () => {
        const token = await tokenFor('nadia');
        const workspace = (await api('/workspaces/ferro-team', token)).json();
        assert.deepEqual([workspace.type, workspace.slug, workspace.is_private], ['workspace', 'ferro-team', true]);
        assert.equal((await api(`/workspaces/${encodeURIComponent(workspace.uuid)}`, token)).json().slug, 'ferro-team');
        assert.equal(message(await api('/workspaces/x', token)), "No workspace with identifier 'x'.");
        const role = (await api('/user/workspaces/ferro-team/permission', token)).json();
        assert.deepEqual([role.type, role.permission, role.workspace.slug], ['workspace_membership', 'owner', 'ferro-team']);
        assert.equal(message(await api('/user/workspaces/many-001/permission', token)), 'Forbidden');
        const members = (await api('/workspaces/ferro-team/members', token)).json();
        assert.equal(members.values[0].user.display_name, 'Nadia Ferro');
        const { account_id } = members.values[0].user;
        assert.equal((await api(`/workspaces/ferro-team/members/${account_id}`, token)).status, 200);
        assert.equal((await api('/workspaces/ferro-team/members/712020:nobody', token)).status, 404);
        const q = encodeURIComponent('user.email IN ("nadia@nadia.example")');
        assert.equal((await api(`/workspaces/ferro-team/members?q=${q}`, token)).json().size, 1);
        assert.equal((await api('/workspaces/ferro-team/permissions', token)).json().values[0].permission, 'owner');
        assert.equal((await api('/workspaces/simulated-team/permissions', token)).status, 403);
    });

    test('a user by id, never by name', async () => {
        const token = await tokenFor('nadia');
        const { uuid, account_id } = (await api('/user', token)).json();
        for (const id of [uuid, account_id]) {
            const other = (await api(`/users/${encodeURIComponent(id)}`)).json();
            assert.deepEqual([other.display_name, other.username], ['Nadia Ferro', undefined]);
        }
        assert.equal((await api('/users/nferro', token)).status, 404);
    });

    test('tokens count in the Authorization header only, spelled Bearer', async () => {
        const token = await tokenFor('nadia');
        const wanted = 'Token is invalid, expired, or not supported for this endpoint.';
        for (const answer of [await api('/user'), await api('/user', 'wrong'), await fetchRaw(`${base}/2.0/user?access_token=${token}`),
            await fetchRaw(`${base}/2.0/user`, { headers: { Authorization: `bearer ${token}` } }),
            await fetchRaw(`${base}/2.0/user`, form({ access_token: token }))]) {
            assert.equal(answer.status, 401);
            assert.equal(message(answer), wanted);
        }
        assert.deepEqual((await simulator.log()).violations.sort(), ['bearer_misspelt', 'token_in_body', 'token_in_query']);
    });

    test('scopes are enforced', async () => {
        const only = async (scope) => tokenFor('nadia', { scope });
        const email = await only('email');
        assert.deepEqual((await api('/user', email)).json(), { type: 'error', error: {
            message: 'Your credentials lack one or more required privilege scopes.', detail: { required: ['account'], granted: ['email'] } } });
        assert.equal((await api('/user/emails', email)).status, 200);
        const account = await only('account');
        assert.equal((await api('/user/emails', account)).status, 403);
        assert.equal((await api('/user/workspaces', account)).status, 200);
    });

    test('removed endpoints say 410, others 404', async () => {
        const token = await tokenFor('nadia');
        for (const where of ['/workspaces', '/user/permissions/workspaces', '/user/permissions/repositories', '/repositories', '/teams/x', '/user/permissions/teams']) {
            const answer = await api(where, token);
            assert.equal(answer.status, 410, where);
            assert.equal(message(answer), 'CHANGE-2770 - Functionality has been deprecated');
            assert.ok(answer.json().data.announcement_url);
        }
        assert.equal(message(await api('/nothing', token)), 'Resource not found');
        assert.match((await api('/nothing', token)).json().error.detail, /^There is no API hosted at this URL/);
        assert.equal((await api('/user', token, { method: 'DELETE' })).status, 405);
    });

    test('JSON may come with escapes', async () => {
        await simulator.set({ escapes: true });
        const token = await tokenFor('unicode');
        const answer = await api('/user', token);
        assert.match(answer.text, /\\\/avatars\\\//);
        assert.match(answer.text, /\\ud83e\\udd80/);
        assert.match(answer.json().display_name, /山田 🦀/);
    });
});

describe('faults', () => {
    /// The raw bytes that come back, and how long they took.
    const raw = (token, limit = 3000) => new Promise((resolve) => {
        const socket = net.connect(Number(new URL(base).port), '127.0.0.1');
        const parts = [];
        const began = Date.now();
        const end = (how) => { socket.destroy(); resolve({ text: Buffer.concat(parts).toString('latin1'), how, ms: Date.now() - began }); };
        socket.on('data', (part) => parts.push(part)).on('end', () => end('end')).on('error', () => end('error'));
        setTimeout(() => end('limit'), limit).unref();
        socket.write(`GET /2.0/user HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
    });
    const once = (fault, more = {}) => simulator.set({ endpoint: 'user', fault, ...more });
    let token;
    beforeEach(async () => { token = await tokenFor('nadia'); });

    test('statuses come with their bodies', async () => {
        const get = async (more) => { await once('status', more); return api('/user', token); };
        assert.equal(message(await get({ status: 401 })), 'Token is invalid, expired, or not supported for this endpoint.');
        assert.ok((await get({ status: 403 })).json().error.detail.required);
        assert.equal((await get({ status: 410 })).status, 410);
        const limited = await get({ status: 429, retry_after: '30' });
        assert.deepEqual([limited.text, limited.headers['retry-after']], ['Rate limit for this resource has been exceeded', '30']);
        const broken = await get({ status: 500 });
        assert.match(broken.headers['content-type'], /html/);
        assert.equal((await get({ status: 204 })).text, '');
        assert.equal((await api('/user', token)).status, 200);
    });

    test('times and after count requests', async () => {
        await simulator.set({ endpoint: 'api', fault: 'status', status: 401, after: 1, times: 2 });
        const seen = [];
        for (let i = 0; i < 4; ++i) seen.push((await api('/user', token)).status);
        assert.deepEqual(seen, [200, 401, 401, 200]);
        assert.equal((await simulator.faults()).faults[0].seen, 3);
        await simulator.set({ endpoint: 'any', fault: 'status', status: 503, times: 0 });
        for (let i = 0; i < 3; ++i) assert.equal((await api('/user', token)).status, 503);
    });

    test('slow, cut and endless answers do not disturb others', async () => {
        await once('slow_header', { ms: 50 });
        const slow = raw(token, 400);
        assert.equal((await api('/user/emails', token)).status, 200);
        const half = await slow;
        assert.equal(half.how, 'limit');
        assert.ok(half.text.length > 1 && half.text.length < 12, half.text);
        await once('slow_body', { ms: 50 });
        const body = await raw(token, 400);
        assert.match(body.text, /\r\n\r\n\{"ty/);
        assert.equal(body.how, 'limit');
        await once('black_hole');
        assert.deepEqual((({ text, how }) => [text, how])(await raw(token, 300)), ['', 'limit']);
        await once('drop');
        assert.equal((await raw(token)).text, '');
        await once('cut');
        const cut = await raw(token);
        assert.match(cut.text, /Content-Length/);
        assert.ok(!cut.text.endsWith('}'));
        await once('cut', { bytes: 20 });
        assert.equal((await raw(token)).text.length, 20);
        await once('delay', { ms: 200 });
        assert.ok((await raw(token)).ms >= 190);
    });

    test('broken framing', async () => {
        const length = async () => { const { text } = await raw(token); return [Number(/Content-Length: (\d+)/.exec(text)[1]), text.split('\r\n\r\n')[1].length]; };
        await once('wrong_length');
        const [said, sent] = await length();
        assert.equal(said, sent + 10);
        await once('wrong_length', { by: -5 });
        const [less, whole] = await length();
        assert.equal(less, whole - 5);
        await once('chunked');
        assert.equal((await api('/user', token)).json().username, 'nferro');
        await once('bad_chunks');
        await assert.rejects(api('/user', token));
        await once('informational', { count: 3 });
        assert.equal((await raw(token)).text.match(/103 Early Hints/g).length, 3);
    });

    test('odd bodies', async () => {
        const get = async (fault, more) => { await once(fault, more); return api('/user', token); };
        assert.ok((await get('huge_body')).bytes.length > 1 << 20);
        assert.equal((await get('huge_body')).json().username, 'nferro');
        await once('huge_header', { bytes: 100000 });
        assert.ok((await raw(token)).text.length > 100000);
        assert.match((await get('deep', { depth: 50 })).text, /"deep":\[{50}\]{50},/);
        assert.equal((await get('duplicate')).text.match(/"uuid":/g).length, 2);
        const { bytes } = await get('invalid_utf8');
        assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
        const zipped = await get('gzip');
        assert.equal(zipped.headers['content-encoding'], 'gzip');
        assert.equal(JSON.parse(gunzipSync(zipped.bytes)).username, 'nferro');
        assert.equal((await get('set', { pointer: '/uuid', value: 5 })).json().uuid, 5);
        assert.equal((await get('set', { pointer: '/links/avatar', value: null })).json().links.avatar, null);
        assert.equal('uuid' in (await get('remove', { pointer: '/uuid' })).json(), false);
        const own = await get('body', { body: '[]', content_type: 'text/plain' });
        assert.deepEqual([own.text, own.headers['content-type']], ['[]', 'text/plain']);
        const moved = await get('redirect', { location: 'https://other.invalid/' });
        assert.deepEqual([moved.status, moved.headers.location], [302, 'https://other.invalid/']);
    });

    test('next can lead astray', async () => {
        const next = async (to) => { await simulator.set({ endpoint: 'emails', fault: 'next', to }); return (await api('/user/emails', token)).json().next; };
        assert.equal(await next('itself'), `${base}/2.0/user/emails`);
        assert.equal(new URL(await next('other_host')).hostname, 'other.invalid');
        assert.equal(await next('empty'), '');
        assert.equal(await next('http://169.254.169.254/'), 'http://169.254.169.254/');
    });

    test('a cut token answer has used up the code, an unprocessed one has not', async () => {
        const code = await codeFor('nadia');
        await simulator.set({ endpoint: 'token', fault: 'drop', unprocessed: true });
        await assert.rejects(redeem(code));
        await simulator.set({ endpoint: 'token', fault: 'drop' });
        await assert.rejects(redeem(code));
        assert.equal((await redeem(code)).json().error, 'invalid_grant');
    });

    test('wrong orders are refused whole', async () => {
        for (const [orders, words] of [[{ fault: 'nonsense', endpoint: 'user' }, 'there is no fault'], [{ fault: 'cut', endpoint: 'nowhere' }, 'there is no endpoint'],
            [{ fault: 'cut', endpoint: 'user', times: 'x' }, 'times'], [{ fault: 'cut', endpoint: 'user', tims: 1 }, 'no such option'],
            [{ pkce: 'maybe' }, 'pkce'], [[{ escapes: true }, { fault: 'x', endpoint: 'user' }], 'fault'], [7, 'object']]) {
            const answer = await fetchRaw(`${base}/_faults`, json(orders));
            assert.equal(answer.status, 400);
            assert.ok(message(answer).includes(words), answer.text);
        }
        assert.equal((await simulator.faults()).switches.escapes, false);
        assert.deepEqual((await simulator.faults()).faults, []);
    });
});

describe('log and front page', () => {
    test('the log tells what was sent where, without secrets', async () => {
        const token = await tokenFor('nadia');
        await api('/user', token);
        await fetchRaw(`${base}/2.0/user?client_secret=simulator-secret`);
        const log = await simulator.log();
        assert.deepEqual(log.requests.map((r) => [r.method, r.endpoint, r.status]),
            [['GET', 'authorize', 302], ['POST', 'token', 200], ['GET', 'user', 200], ['GET', 'user', 401]]);
        assert.equal(log.requests[1].authorization, 'Basic');
        assert.deepEqual(log.requests[1].form, ['grant_type', 'code', 'redirect_uri']);
        assert.equal(log.requests[2].authorization, 'Bearer');
        assert.ok(log.requests[2].headers.includes('host'));
        assert.deepEqual(log.violations, ['secret_in_url']);
        assert.ok(!JSON.stringify(log.requests.slice(0, 3)).includes(token));
    });

    test('the front page and --help name accounts, consumers, switches and faults', async () => {
        const help = spawnSync(path.join(process.env.AUTHMOD_BIN, 'bitbucket_simulator'), ['--help'], { encoding: 'utf8' }).stdout;
        for (const text of [(await fetchRaw(`${base}/`)).text, help])
            for (const word of ['nadia', 'simulator-key', 'auto_approve', 'black_hole', 'imulat']) assert.ok(text.includes(word), word);
    });

    test('accounts can be added and changed', async () => {
        await simulator.accounts([{ handle: 'extra', emails: [{ email: 'e@x.example', is_primary: true, is_confirmed: false }], workspaces: ['w-1'] }]);
        const extra = (await simulator.listAccounts()).find((a) => a.handle === 'extra');
        assert.deepEqual([extra.emails[0].is_confirmed, extra.workspaces], [false, ['w-1']]);
        for (const orders of [{ handle: 'No!' }, { handle: 'extra', shoes: 1 }, { count: 0 }])
            assert.equal((await fetchRaw(`${base}/_accounts`, json(orders))).status, 400);
    });
});
