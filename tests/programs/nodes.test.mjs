// SPDX-License-Identifier: BSL-1.0
// Three nodes on one PostgreSQL, as real processes: logins spread over them, nodes killed, the database restarted, keys
// rotated. What was answered is there, and nothing is there twice.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, fetchRaw, scratch, sleep, start, startSimulator } from './harness.mjs';

const script = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../support/postgres');
const logins = Number(process.env.AUTHMOD_NODE_LOGINS ?? (process.env.AUTHMOD_LONG ? 2000 : 200));
const folder = scratch();
const data = mkdtempSync('/tmp/authmod-postgres-');
const file = (name) => path.join(folder, name);
const token = 'test-admin-token-0123456789abcdef0123456789';
const keys = ['07', '11'].map((byte) => byte.repeat(32));

function postgres(command) {
    const done = spawnSync('bash', [script, command, data], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    if (done.status === 77) return null;
    if (done.status !== 0) throw new Error(`postgres ${command}: ${done.status}`);
    return done.stdout.trim();
}

const address = postgres('start');
const skip = address ? false : 'PostgreSQL is not installed';
process.on('exit', () => postgres('stop'));

function rows(sql) {
    const done = spawnSync('psql', [address, '-AtqX', '-c', `SET search_path = authmod; ${sql}`], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`psql: ${done.stderr}`);
    return done.stdout.trim().split('\n').filter((line) => line !== '');
}
const count = (what) => Number(rows(`SELECT count(*) FROM ${what}`)[0]);

let simulator, module, accounts;
const nodes = [];

/// Node `i`; all of them pretend to be the first one's address, as behind one proxy.
async function startNode(i, listen = '127.0.0.1:0', ...args) {
    const base = nodes[0] ? ['--base-url', nodes[0].url] : [];
    const program = await start('login_server', ['--listen', listen, ...base, '--store', address, '--admin-token-file', file('admin-token'),
        '--master-key-file', file('master-key'), '--ca-file', simulator.caFile, '--allow-loopback-http', ...args]);
    nodes[i] = { ...program, output: () => program.output, url: program.urls[0], args };
    return nodes[i];
}

async function restart(i, signal) {
    const old = nodes[i];
    const ended = await old.stop(signal);
    if (signal !== 'SIGKILL') assert.equal(ended.code, 0);
    await startNode(i, new URL(old.url).host, ...old.args);
}

const any = () => nodes[Math.floor(Math.random() * nodes.length)];
const via = (node, url) => url.replace(nodes[0].url, node.url);

async function admin(node, method, where, body) {
    const answer = await fetchRaw(node.url + where, { method, body: body === undefined ? undefined : JSON.stringify(body),
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } });
    if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${answer.text}`);
    return answer.text ? answer.json() : null;
}

/// Starts a login at one node; gives the callback's address, for any other.
async function reachCallback(browser, node = any()) {
    const { url, response } = await browser.follow(`${node.url}/login/${module}`, (u) => u.startsWith(`${nodes[0].url}/callback/`));
    if (response) throw new Error(`the login ended at ${url} with ${response.status}: ${response.text.slice(0, 200)}`);
    return url;
}

async function logIn(browser = new Browser()) {
    const answer = await browser.get(via(any(), await reachCallback(browser)));
    assert.equal(answer.status, 303, answer.text);
    return browser;
}

async function within(ms, what, holds) {
    const start = Date.now();
    while (!await holds()) {
        assert.ok(Date.now() - start < ms, `${what} within ${ms} ms`);
        await sleep(20);
    }
    return Date.now() - start;
}

before(async () => {
    if (skip) return;
    writeFileSync(file('admin-token'), token + '\n', { mode: 0o600 });
    writeFileSync(file('master-key'), keys[0] + '\n', { mode: 0o600 });
    simulator = await startSimulator(folder);
    ({ accounts } = await simulator.accounts({ count: 4 * logins }));
    await simulator.set([{ auto_approve: accounts }]);
    await startNode(0);
    await Promise.all([startNode(1), startNode(2)]);
    const made = await admin(nodes[0], 'POST', '/api/modules', {
        type: 'bitbucket_cloud', name: 'Bitbucket (simulated)', client_id: 'simulator-key', client_secret: 'simulator-secret',
        authorization_url: `${simulator.plain}/site/oauth2/authorize`, token_url: `${simulator.tls}/site/oauth2/access_token`,
        user_info_url: `${simulator.tls}/2.0/user`, email_url: `${simulator.tls}/2.0/user/emails`, groups_url: `${simulator.tls}/2.0/user/workspaces` });
    module = made.id;
    await admin(nodes[0], 'POST', `/api/modules/${module}/enable`);
    for (const node of nodes)
        await within(1000, 'the new module serves', async () => (await fetchRaw(`${node.url}/login/${module}`)).status === 303);
});

after(async () => {
    await Promise.all([...nodes, simulator].filter(Boolean).map((program) => program.stop('SIGKILL')));
});

test('any node finishes a login that another began, and knows its session', { skip }, async () => {
    for (let i = 0; i < 6; ++i) {
        const browser = new Browser();
        const callback = await reachCallback(browser, nodes[i % 3]);
        assert.equal((await browser.get(via(nodes[(i + 1) % 3], callback))).status, 303);
        for (const node of nodes) assert.equal((await browser.get(`${node.url}/me`)).status, 200);
    }
});

test('B7 fifty callbacks with one state over three nodes: one token call, one session', { skip }, async () => {
    const browser = new Browser();
    const callback = await reachCallback(browser);
    const [calls, sessions] = [await simulator.calls('token'), count('sessions')];
    const headers = { Cookie: browser.cookieHeader(callback) };
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => fetchRaw(via(nodes[i % 3], callback), { headers })));
    assert.equal(answers.filter((a) => a.status === 303).length, 1);
    assert.equal(await simulator.calls('token') - calls, 1);
    assert.equal(count('sessions') - sessions, 1);
});

test('G3 a ban and a logout at one node are known at the others within a second', { skip }, async () => {
    const browser = await logIn();
    const me = (node) => browser.get(`${node.url}/me`);
    const { id, csrf } = (await me(nodes[1])).json();
    assert.equal((await me(nodes[2])).status, 200); // each has a copy now
    await admin(nodes[0], 'PATCH', `/api/accounts/${id}`, { banned: true, ban_reason: 'test', revision: (await admin(nodes[0], 'GET', `/api/accounts/${id}`)).revision });
    for (const node of nodes) await within(1000, 'the ban is known', async () => (await me(node)).status === 401);
    assert.ok(csrf);

    const other = await logIn();
    const seen = (node) => other.get(`${node.url}/me`);
    const view = (await seen(nodes[0])).json();
    assert.equal((await seen(nodes[1])).status, 200);
    const cookies = new Map(other.cookies);
    await other.get(`${nodes[0].url}/logout`, { method: 'POST', headers: { 'X-CSRF-Token': view.csrf, Origin: nodes[0].url } });
    other.cookies = cookies;
    for (const node of nodes) await within(1000, 'the logout is known', async () => (await seen(node)).status === 401);
});

test('a change of settings at one node is in force at the others within a second', { skip }, async () => {
    const name = 'Renamed everywhere';
    const { revision } = await admin(nodes[0], 'GET', `/api/modules/${module}`);
    await admin(nodes[0], 'PATCH', `/api/modules/${module}`, { name, revision });
    for (const node of nodes)
        await within(1000, 'the new name', async () => (await fetchRaw(`${node.url}/login?choose=1`)).text.includes(name));
});

test('G3 sessions that end while nobody is told of it are over within a second', { skip }, async () => {
    const browser = await logIn();
    const me = (node) => browser.get(`${node.url}/me`);
    let id;
    for (const node of nodes) id = (await me(node)).json().id; // each has a copy now
    rows(`DELETE FROM sessions WHERE account_id = '${id}'`); // past every node: no notification
    for (const node of nodes) await within(1000, 'the end is known', async () => (await me(node)).status === 401);
});

test('O3 logins at random nodes; nodes killed, restarted, drained; PostgreSQL restarted in the middle', { skip }, async (t) => {
    const before = count('sessions');
    const attempts = [];
    let begun = 0, again = 0, up = Promise.resolve(), killed = 0, recovery = 0;
    async function disturb(number) {
        if (number === Math.floor(logins / 2)) {
            postgres('halt');
            await sleep(300);
            postgres('resume');
            const start = Date.now();
            for (const node of nodes)
                await within(5000, 'ready again', async () => (await fetchRaw(`${node.url}/readyz`).catch(() => ({}))).status === 200);
            recovery = Date.now() - start;
        } else {
            await restart(++killed % 3, killed % 2 ? 'SIGKILL' : 'SIGTERM');
        }
    }
    /// Begins until it gets to the callback; a node that died before owes nobody anything.
    async function begin() {
        for (;; ++again) {
            const browser = new Browser();
            try {
                return { browser, callback: await reachCallback(browser), cut: 0, answer: null };
            } catch {
                await up;
                await sleep(20);
            }
        }
    }
    async function work() {
        while (begun < logins) {
            const number = ++begun;
            if (number % Math.max(1, Math.floor(logins / 8)) === 0) up = up.then(() => disturb(number));
            const attempt = await begin();
            const cookies = new Map(attempt.browser.cookies);
            attempts.push(attempt);
            // The connection died: the same callback at another node tells what became of it. A server that is not ready
            // cannot tell.
            while (!attempt.answer || (attempt.cut && attempt.answer.status >= 500)) {
                try {
                    attempt.browser.cookies = new Map(cookies); // an answer may have taken them
                    attempt.answer = await attempt.browser.get(via(any(), attempt.callback));
                } catch {
                    ++attempt.cut;
                    await up;
                }
            }
        }
    }
    await Promise.all(Array.from({ length: 8 }, work));
    await up;
    const finished = attempts.filter((a) => a.answer.status === 303);
    const refused = attempts.filter((a) => a.answer.status >= 500);
    const taken = attempts.filter((a) => a.cut && /state_used/.test(a.answer.text)); // by the node that died
    t.diagnostic(`${attempts.length} callbacks, ${again} begun again before, ${killed} nodes ended, recovery ${recovery} ms: ` +
        `${finished.length} finished, ${refused.length} refused, ${taken.length} cut off and then refused`);
    assert.equal(attempts.length, logins);
    const other = attempts.filter((a) => ![...finished, ...refused, ...taken].includes(a));
    assert.deepEqual(other.map(({ answer }) => `${answer.status} ${answer.text.slice(0, 300)}`), [], 'each one finished, or says that it did not');
    assert.ok(finished.length > logins * 0.8, `${finished.length} finished`);
    for (const { browser } of finished) assert.equal((await browser.get(`${any().url}/me`)).status, 200, 'what was answered is there');
    // Every attempt is another person.
    assert.equal(count('(SELECT 1 FROM sessions GROUP BY account_id HAVING count(*) > 1) doubled'), 0);
    assert.equal(count('(SELECT 1 FROM links GROUP BY module_id, user_id HAVING count(*) > 1) doubled'), 0);
    assert.equal(count('accounts a WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.account_id = a.id)'), 0);
    assert.equal(count("(SELECT 1 FROM audit WHERE event = 'account_created' GROUP BY target HAVING count(*) > 1) doubled"), 0);
    const made = count('sessions') - before;
    assert.ok(made >= finished.length && made <= finished.length + taken.length, `${made} sessions: none for a login that was refused`);
    assert.deepEqual((await simulator.log()).violations, [], 'no code was sent twice');
});

test('N1 rotating the master key node by node logs nobody out and ends no login under way', { skip }, async () => {
    const people = [];
    for (let i = 0; i < 10; ++i) people.push(await logIn());
    // Known everywhere before it seals; it seals everywhere, and all that rests is sealed anew, before the old one goes.
    const steps = [[keys[0], keys[1]], [keys[1], keys[0]], [keys[1]]];
    for (const step of steps) {
        const late = new Browser();
        const callback = await reachCallback(late);
        writeFileSync(file('master-key'), step.join('\n') + '\n', { mode: 0o600 });
        let rolling = true;
        const load = (async () => { while (rolling) await logIn().catch((e) => { if (!/ECONN|socket/.test(`${e.code} ${e.message}`)) throw e; }); })();
        for (let i = 0; i < 3; ++i) await restart(i, 'SIGTERM');
        rolling = false;
        await load;
        for (const node of nodes) await within(5000, 'its upkeep has looked at all seals', () => /seals_renewed renewed=\d+ busy=0 lost=0/.test(node.output()));
        assert.equal((await late.get(via(any(), callback))).status, 303);
        for (const browser of people)
            for (const node of nodes) assert.equal((await browser.get(`${node.url}/me`)).status, 200, 'still signed in');
    }
    assert.equal(count("audit WHERE event = 'client_secret_sealed_again'"), 1, 'by one of the nodes');
});

test('a node that leaves says so at /readyz before its socket closes, and finishes what it has begun', { skip }, async () => {
    const leaving = await start('login_server', ['--listen', '127.0.0.1:0', '--base-url', nodes[0].url, '--store', address,
        '--admin-token-file', file('admin-token'), '--master-key-file', file('master-key'), '--ca-file', simulator.caFile,
        '--allow-loopback-http', '--leave-ms', '700']);
    const url = leaving.urls[0];
    assert.equal((await fetchRaw(`${url}/readyz`)).status, 200);
    const browser = new Browser();
    const callback = await reachCallback(browser);
    await simulator.set([{ auto_approve: accounts }, { endpoint: 'user', fault: 'delay', ms: 900, times: 1 }]);
    const login = browser.get(callback.replace(nodes[0].url, url));
    await sleep(200);
    const gone = leaving.stop('SIGTERM');
    await within(500, 'red', async () => (await fetchRaw(`${url}/readyz`)).status === 503);
    assert.equal((await fetchRaw(`${url}/healthz`)).status, 200);
    assert.equal((await login).status, 303);
    assert.equal((await gone).code, 0);
    await assert.rejects(fetchRaw(`${url}/readyz`));
});
