// SPDX-License-Identifier: BSL-1.0
// SIGKILL at random points of parallel logins: each login is there whole or not at all, and no state works twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Browser, scratch, sleep, startLoginServer, startSimulator } from './harness.mjs';

const long = process.env.AUTHMOD_LONG && !process.env.AUTHMOD_SANITIZE;
const logins = Number(process.env.AUTHMOD_KILL_LOGINS ?? (long ? 4_000 : 200));
const kills = Number(process.env.AUTHMOD_KILLS ?? (long ? 1_000 : 25));
const workers = 8;

test('O2 killing the server at any point leaves no half-made account and no reusable state', async (t) => {
    const folder = scratch();
    const simulator = await startSimulator(folder);
    const { accounts } = await simulator.accounts({ count: 4 * logins }); // every attempt is another person
    await simulator.set([{ auto_approve: accounts }, { endpoint: 'any', fault: 'delay', ms: 5, times: 0 }]);
    let server = await startLoginServer(folder, simulator);
    const { url, module, admin } = server;
    const listen = new URL(url).host;
    let up = Promise.resolve();
    let killed = 0;

    async function kill() {
        await sleep(Math.random() * 60);
        await server.stop('SIGKILL');
        server = await startLoginServer(folder, simulator, { listen, fresh: false });
        server.module = module;
        ++killed;
    }

    const attempts = [];
    let begun = 0;
    async function work() {
        while (begun < logins) {
            const number = ++begun;
            // Every so many logins the server dies somewhere within the next ones.
            if (number % Math.floor(logins / kills) === 0) up = up.then(kill);
            const attempt = { browser: new Browser(), answer: null };
            while (!attempt.callback) {
                try {
                    attempt.callback = await server.reachCallback(attempt.browser);
                } catch {
                    await up; // it died before the login got to its callback: begin again
                    attempt.browser = new Browser();
                }
            }
            attempt.cookies = new Map(attempt.browser.cookies);
            attempts.push(attempt);
            try {
                attempt.answer = await attempt.browser.get(attempt.callback);
            } catch {
                await up; // it died with the callback in flight: nobody knows how far it got
            }
        }
    }
    await Promise.all(Array.from({ length: workers }, work));
    await up;
    assert.equal(attempts.length >= logins, true);
    assert.equal(killed, Math.floor(logins / Math.floor(logins / kills)));

    const finished = attempts.filter((a) => a.answer?.status === 303);
    const lost = attempts.filter((a) => a.answer === null);
    const refused = attempts.filter((a) => a.answer && a.answer.status !== 303);
    t.diagnostic(`${attempts.length} logins, ${killed} kills: ${finished.length} finished, ${lost.length} cut off`);
    assert.deepEqual(refused.map((a) => `${a.answer.status} ${a.answer.text.slice(0, 300)}`), []);
    assert.ok(lost.length > 0, 'the kills hit logins under way');

    const checkDatabase = () => {
        assert.deepEqual(server.rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
        assert.deepEqual(server.rows('PRAGMA foreign_key_check'), []);
        const none = (what, sql) => assert.equal(server.rows(`SELECT count(*) AS n FROM ${sql}`)[0].n, 0, what);
        none('account without link', 'accounts WHERE id NOT IN (SELECT account_id FROM links)');
        none('link without account', 'links WHERE account_id NOT IN (SELECT id FROM accounts)');
        none('session without account', 'sessions WHERE account_id NOT IN (SELECT id FROM accounts)');
        none('account without session', 'accounts WHERE id NOT IN (SELECT account_id FROM sessions)');
        none('account without audit', 'accounts WHERE id NOT IN (SELECT target FROM audit)');
        none('two sessions of one login', '(SELECT 1 FROM sessions GROUP BY account_id HAVING count(*) > 1)');
    };
    checkDatabase();
    const durable = await Promise.all(finished.map((a) => server.me(a.browser)));
    assert.ok(durable.every((answer) => answer.status === 200), 'what was answered with a session is still there');

    // Everything once more, with the cookies as they were before the callback.
    const earlier = server.count('sessions');
    let late = 0;
    for (const { callback, cookies, answer } of attempts) {
        const replay = new Browser();
        replay.cookies = new Map(cookies);
        const again = await replay.get(callback);
        if (again.status === 303) {
            assert.equal(answer, null, 'a state that gave a session gave a second one');
            ++late; // it had died before the state was taken: this is its first session
        }
    }
    assert.equal(server.count('sessions'), earlier + late);
    checkDatabase();
    assert.deepEqual((await simulator.log()).violations, [], 'no code was sent twice');
    assert.ok(await admin('GET', '/api/modules'));
    await server.stop();
    await simulator.stop();
});
