// SPDX-License-Identifier: BSL-1.0
// What one client can do to login_server: floods that are told to wait, slow connections that cost the others nothing.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { Browser, fetchRaw, form, scratch, sleep, startLoginServer, startSimulator, stopAll } from './harness.mjs';

const long = process.env.AUTHMOD_LONG && !process.env.AUTHMOD_SANITIZE;
const folder = scratch();
let simulator, server;

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { args: ['--trusted-proxy', '127.0.0.1'] });
});
after(() => stopAll(server, simulator));

/// As the proxy passes on what comes from `address`.
const from = (address, options = {}) => ({ ...options, headers: { ...options.headers, 'X-Forwarded-For': address } });

/// Asks until it is told to wait; gives that answer and how many came before it.
async function flood(ask, most) {
    for (let asked = 0; asked < most; ++asked) {
        const answer = await ask();
        if (answer.status === 429) return { answer, asked };
    }
    throw new Error(`nobody said stop in ${most} requests`);
}

async function assertTold({ answer, asked }, burst) {
    assert.ok(asked >= burst, `after ${asked} instead of ${burst}`);
    assert.match(answer.headers['retry-after'], /^[1-9][0-9]*$/);
    assert.match(answer.text, /too_many_requests/);
}

test('K4 a flood of starts from one address is told to wait, and its neighbours log in', async () => {
    const ask = (address) => fetchRaw(`${server.url}/login/${server.module}`, from(address));
    // A burst of 300 and 20 more each second: so many at once that the seconds between do not keep up.
    const answers = [];
    while (answers.length < 20_000 && !answers.some((a) => a.status === 429))
        answers.push(...await Promise.all(Array.from({ length: 50 }, () => ask('2001:db8:7:1::' + answers.length.toString(16)))));
    assert.ok(answers.length > 300);
    await assertTold({ answer: answers.find((a) => a.status === 429), asked: answers.findIndex((a) => a.status === 429) }, 250);
    assert.equal((await ask('2001:db8:7:2::1')).status, 303, 'the next /64 is somebody else');
    const metrics = (await fetchRaw(`${server.url}/metrics`)).text;
    assert.match(metrics, /authmod_http_requests_total\{route="login",status="429"\} [1-9]/);
});

test('N5 guesses at the admin token are told to wait; others administrate on', async () => {
    const guess = (address, token) => fetchRaw(`${server.url}/api/modules`, from(address, { headers: { Authorization: `Bearer ${token}` } }));
    await assertTold(await flood(() => guess('198.51.100.1', 'wrong'), 200), 20);
    const right = 'test-admin-token-0123456789abcdef0123456789';
    assert.equal((await guess('198.51.100.1', right)).status, 429, 'or it could guess on');
    assert.equal((await guess('198.51.100.2', right)).status, 200);
});

test('K4 forged callbacks and logout tokens stop filling the audit', async () => {
    const rows = () => server.rows("SELECT count(*) AS n FROM audit WHERE event IN ('login_refused', 'backchannel_logout_refused')")[0].n;
    const earlier = rows();
    const callback = () => fetchRaw(`${server.url}/callback/${server.module}?state=x&code=y`, from('198.51.100.3'));
    const logout = () => fetchRaw(`${server.url}/backchannel-logout/${server.module}`,
        from('198.51.100.3', form({ logout_token: 'x' })));
    const { asked } = await flood(callback, 2000);
    assert.ok(rows() - earlier <= asked);
    const told = await logout();
    assert.equal(told.status, 429);
    const then = rows();
    assert.equal((await callback()).status, 429);
    assert.equal(rows(), then);
});

test('K1 open slow connections cost nobody a login', async (t) => {
    const many = long ? 10_000 : 1_000;
    const logins = long ? 200 : 40;
    const { port } = new URL(server.url);
    const lines = [];
    const connect = () => new Promise((resolve) => {
        const line = net.connect(Number(port), '127.0.0.1', () => { line.write('GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: '); resolve(line); });
        line.on('error', () => { line.gone = true; resolve(line); }).on('close', () => { line.gone = true; });
        lines.push(line);
    });
    for (let i = 0; i < many; i += 250) await Promise.all(Array.from({ length: 250 }, connect));
    // One byte now and then keeps none of them alive for longer than a head may take; those that were cut come again.
    let dripping = true;
    let cut = 0;
    const drip = (async () => {
        while (dripping) {
            for (let i = 0; i < lines.length && dripping; ++i) {
                if (!lines[i].gone) { lines[i].write('a'); continue; }
                ++cut;
                lines[i] = lines[lines.length - 1];
                lines.pop();
                await connect();
            }
            await sleep(500);
        }
    })();
    const { accounts } = await simulator.accounts({ count: logins });
    await simulator.set({ auto_approve: accounts });
    let begun = 0;
    const finished = [];
    await Promise.all(Array.from({ length: 8 }, async () => {
        while (begun++ < logins) {
            const browser = new Browser();
            finished.push((await browser.get(await server.reachCallback(browser))).status);
        }
    }));
    const open = lines.filter((line) => !line.gone).length;
    dripping = false;
    await drip;
    for (const line of lines) line.destroy();
    t.diagnostic(`${open} slow connections were open at the end, ${cut} had been cut and came again`);
    assert.deepEqual(finished, Array(logins).fill(303));
    assert.ok(open > many / 2, 'the slow ones were there all the time');
});

test('K1 a head that drips in is cut when its time is over', async () => {
    const { port } = new URL(server.url);
    const line = net.connect(Number(port), '127.0.0.1');
    line.on('error', () => {});
    const gone = new Promise((resolve) => line.on('close', resolve));
    line.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => line.write('x'), 200);
    assert.equal(await Promise.race([gone.then(() => 'cut'), sleep(30_000).then(() => 'still there')]), 'cut');
    clearInterval(drip);
});
