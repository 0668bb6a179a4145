// SPDX-License-Identifier: BSL-1.0
// Mixed faults of the provider under load, and a provider that hangs: what remains of them, and what others notice.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { Browser, scratch, startLoginServer, startSimulator, stopAll } from './harness.mjs';

const long = process.env.AUTHMOD_LONG && !process.env.AUTHMOD_SANITIZE;
const count = long ? 1_000 : 200;
const workers = 8;
const deadline = 15_000; // ms, of a whole login
const folder = scratch();
let simulator, server;

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { module: { connection_timeout_ms: 300, read_timeout_ms: 300 } });
});
after(() => stopAll(server, simulator));
beforeEach(() => simulator.reset());

const kinds = [
    { fault: 'black_hole' }, { fault: 'slow_header', ms: 50 }, { fault: 'slow_body', ms: 50 }, { fault: 'drop' }, { fault: 'cut' },
    { fault: 'wrong_length' }, { fault: 'wrong_length', by: -5 }, { fault: 'bad_chunks' }, { fault: 'informational' },
    { fault: 'huge_header' }, { fault: 'huge_body' }, { fault: 'deep' }, { fault: 'duplicate' }, { fault: 'invalid_utf8' },
    { fault: 'gzip' }, { fault: 'redirect' }, { fault: 'status', status: 429, retry_after: '99999999999999999999' },
    { fault: 'status', status: 500 }, { fault: 'status', status: 204 }, { fault: 'body', body: '[]' }, { fault: 'delay', ms: 100 },
];
const endpoints = ['token', 'user', 'emails', 'workspaces'];

/// What the process holds: its files and pipes, its listening and other sockets, without connections to or from others,
/// which are kept alive; those to the provider, which the pool bounds, are counted alone.
function held() {
    const process = `/proc/${server.child.pid}`;
    const ends = new Map(); // inode -> remote port
    for (const line of readFileSync(`${process}/net/tcp`, 'utf8').trim().split('\n').slice(1)) {
        const part = line.trim().split(/\s+/);
        ends.set(part[9], { local: parseInt(part[1].split(':')[1], 16), remote: parseInt(part[2].split(':')[1], 16) });
    }
    const [own, provider] = [server.url, simulator.tls].map((url) => Number(new URL(url).port));
    const found = { others: 0, toProvider: 0 };
    for (const name of readdirSync(`${process}/fd`)) {
        let target;
        try { target = readlinkSync(`${process}/fd/${name}`); } catch { continue; } // closed just now
        const end = ends.get(/^socket:\[(\d+)\]$/.exec(target)?.[1]);
        if (end?.remote === provider) ++found.toProvider;
        else if (!(end?.local === own && end.remote !== 0)) ++found.others;
    }
    return found;
}

const memory = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))[1]);

/// So many logins, `workers` at a time, each started while faults wait for it. Gives the longest time a request took.
async function logInAmidFaults(logins) {
    let begun = 0, longest = 0;
    const statuses = new Map();
    await Promise.all(Array.from({ length: workers }, async () => {
        while (begun < logins) {
            const number = begun++;
            const browser = new Browser();
            const callback = await server.reachCallback(browser);
            const endpoint = endpoints[number % endpoints.length];
            await simulator.set({ endpoint, ...kinds[Math.floor(number / endpoints.length) % kinds.length] });
            const start = performance.now();
            const answer = await browser.get(callback);
            longest = Math.max(longest, performance.now() - start);
            statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        }
    }));
    return { longest, statuses };
}

test('O3 mixed faults under load leave nothing behind', async (t) => {
    const { accounts } = await simulator.accounts({ count: workers });
    await simulator.set({ auto_approve: accounts });
    await logInAmidFaults(count); // so that caches and pools have their size
    const before = { ...held(), memory: memory() };
    const { longest, statuses } = await logInAmidFaults(count);
    const now = { ...held(), memory: memory() };
    t.diagnostic(`${count} logins: ${[...statuses].map(([s, n]) => `${n} x ${s}`).join(', ')}; longest ${longest.toFixed(0)} ms; ` +
        `memory ${now.memory - before.memory} kB, descriptors ${now.others - before.others}, to the provider ${now.toProvider}`);
    assert.ok((statuses.get(303) ?? 0) < count, 'faults did hit');
    assert.ok([...statuses.keys()].every((status) => [303, 400, 403, 502, 503, 504].includes(status)), [...statuses.keys()].join());
    assert.ok(longest <= deadline + 250, `K1 ${longest} ms`);
    assert.equal(now.others, before.others, 'descriptors');
    assert.ok(now.toProvider <= 128, 'connections to the provider are those of the pool');
    if (!process.env.AUTHMOD_SANITIZE) assert.ok(now.memory - before.memory <= 2048, `${now.memory - before.memory} kB more`);
    await simulator.reset();
    await simulator.set({ auto_approve: accounts[0] });
    const browser = new Browser();
    assert.equal((await browser.get(await server.reachCallback(browser))).status, 303, 'the next good login works');
    assert.equal((await server.me(browser)).status, 200);
    assert.deepEqual((await simulator.log()).violations, [], 'C2 no code was sent twice');
});

test('K3 a provider that hangs is felt by nobody else', async () => {
    const held = new Set();
    const hole = net.createServer((line) => { held.add(line); line.on('error', () => {}).on('close', () => held.delete(line)); });
    await new Promise((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const hanging = await server.makeModule({ name: 'Hanging', token_url: `https://127.0.0.1:${hole.address().port}/token`,
        connection_timeout_ms: 0, read_timeout_ms: 0 }); // it ends with the login's own deadline
    const { accounts } = await simulator.accounts({ count: 20 });
    await simulator.set({ auto_approve: accounts });

    let ended = 0;
    const waiting = await Promise.all(Array.from({ length: 64 }, async () => {
        const browser = new Browser();
        return { browser, callback: await server.reachCallback(browser, hanging) };
    }));
    const answers = waiting.map(({ browser, callback }) => browser.get(callback).then((answer) => { ++ended; return answer; }));
    while (held.size < 64) await new Promise((resolve) => setTimeout(resolve, 20));

    for (let i = 0; i < 20; ++i) {
        const browser = new Browser();
        assert.equal((await browser.get(await server.reachCallback(browser))).status, 303);
    }
    assert.equal(ended, 0, 'all of them were hanging the whole time');
    assert.equal(held.size, 64);
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 504);
    await server.admin('POST', `/api/modules/${hanging}/disable?force=true`);
    for (const line of held) line.destroy();
    hole.close();
});
