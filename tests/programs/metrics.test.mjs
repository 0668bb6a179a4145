// SPDX-License-Identifier: BSL-1.0
// What whoever runs login_server watches: OpenMetrics read strictly, log lines in both formats, traces, client addresses.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Browser, fetchRaw, scratch, sleep, startLoginServer, startSimulator, stopAll, wordOf } from './harness.mjs';

const folder = scratch();
let simulator, server;

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { args: ['--trusted-proxy', '127.0.0.1', '--log-format', 'json'] });
});
after(() => stopAll(server, simulator));

/// Reads OpenMetrics text by the rules of the format (1.0) and gives its samples; throws at the first fault.
function readOpenMetrics(text) {
    assert.ok(text.endsWith('\n# EOF\n') && !text.slice(0, -6).includes('# EOF'), 'one # EOF, at the very end');
    assert.ok(!/[\r\t]|\n\n| \n/.test(text), 'no blank lines, no blanks at line ends');
    const suffixes = { counter: ['_total', '_created'], histogram: ['_bucket', '_count', '_sum', '_created'], gauge: [''], info: ['_info'] };
    const families = new Map(), samples = new Map();
    let family;
    for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
        const about = /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
        if (about) {
            const [, kind, name, value] = about;
            if (family?.name !== name) {
                assert.ok(!families.has(name), `${name}: one block for each family`);
                families.set(name, family = { name, samples: 0 });
            }
            assert.equal(family.samples, 0, `${name}: what is said about a family comes before its samples`);
            assert.equal(family[kind], undefined, `${name}: ${kind} once`);
            family[kind] = value;
            if (kind === 'TYPE') assert.ok(suffixes[value], `${name}: type ${value}`);
            if (kind === 'UNIT') assert.ok(name.endsWith(`_${value}`), `${name} ends in its unit`);
            continue;
        }
        const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
        assert.ok(sample, `neither a sample nor about a family: ${line}`);
        const [, name, labelText = '', number] = sample;
        const suffix = suffixes[family.TYPE].find((s) => name === family.name + s);
        assert.notEqual(suffix, undefined, `${name} belongs to ${family.name} (${family.TYPE})`);
        assert.ok(family.HELP, `${name} has a HELP`);
        const labels = {};
        const one = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
        while (one.lastIndex < labelText.length) {
            const label = one.exec(labelText);
            assert.ok(label, `labels of ${line}`);
            assert.ok(!(label[1] in labels), `${line}: a label once`);
            labels[label[1]] = label[2];
        }
        const value = Number(number);
        assert.ok(Number.isFinite(value) && value >= 0, line);
        const key = `${name}{${Object.entries(labels).map(([k, v]) => `${k}=${v}`).sort().join(',')}}`;
        assert.ok(!samples.has(key), `${key} once`);
        samples.set(key, value);
        ++family.samples;
        if (family.TYPE !== 'histogram') continue;
        const { le, ...others } = labels;
        const series = JSON.stringify(others);
        const seen = (family.series ??= new Map()).get(series) ?? { limit: -Infinity, count: 0 };
        family.series.set(series, seen);
        if (suffix === '_bucket') {
            assert.match(le, /^(\+Inf|\d+\.\d+)$/);
            const limit = le === '+Inf' ? Infinity : Number(le);
            assert.ok(limit > seen.limit && value >= seen.count, `${key}: buckets in order, counts that grow`);
            Object.assign(seen, { limit, count: value });
        } else if (suffix === '_count') {
            assert.equal(seen.limit, Infinity, `${key}: a bucket +Inf`);
            assert.equal(value, seen.count, `${key} is its bucket +Inf`);
        }
    }
    return samples;
}

async function scrape() {
    const answer = await fetchRaw(`${server.url}/metrics`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'no-store');
    return readOpenMetrics(answer.text);
}

async function logIn(headers = {}) {
    const browser = new Browser();
    await simulator.reset();
    await simulator.set({ auto_approve: 'nadia' });
    const callback = await server.reachCallback(browser);
    return { browser, callback, answer: await browser.get(callback, { headers }) };
}

const events = (name) => server.log().split('\n').filter((l) => l.startsWith('{')).map((l) => JSON.parse(l)).filter((e) => e.event === name);

async function eventually(look) {
    for (let i = 0; i < 100; ++i) {
        const found = look();
        if (found) return found;
        await sleep(20);
    }
    throw new Error(`not seen in ${server.log()}`);
}

describe('the reader of this test', () => {
    const good = '# TYPE a counter\n# HELP a Some.\na_total{b="c"} 1\n# EOF\n';
    test('takes what is right', () => assert.equal(readOpenMetrics(good).get('a_total{b=c}'), 1));
    for (const [what, broken] of Object.entries({
        'a missing end': good.replace('# EOF\n', ''), 'text behind the end': good + 'b 1\n', 'a counter without _total': good.replace('a_total', 'a'),
        'a negative count': good.replace(' 1\n', ' -1\n'), 'no HELP': good.replace('# HELP a Some.\n', ''), 'an unknown type': good.replace('counter', 'count'),
        'a sample twice': good.replace('# EOF', 'a_total{b="c"} 2\n# EOF'), 'a label twice': good.replace('b="c"', 'b="c",b="d"'),
        'a label that is not closed': good.replace('c"', 'c'), 'a blank line': good.replace('# HELP', '\n# HELP'),
        'a family in two places': good.replace('# EOF', '# TYPE b counter\n# HELP b Other.\nb_total 1\n# TYPE a counter\n# EOF'),
    }))
        test(`notices ${what}`, () => assert.throws(() => readOpenMetrics(broken)));
});

describe('GET /metrics', () => {
    test('counts a login, its calls, its session and its requests, by the words of the error table', async () => {
        const before = await scrape();
        const grown = (after, key) => (after.get(key) ?? 0) - (before.get(key) ?? 0);
        const { browser, callback, answer } = await logIn();
        assert.equal(answer.status, 303, answer.text);
        assert.equal((await server.me(browser)).status, 200);
        assert.equal(wordOf(await browser.get(callback)), 'state_missing');
        await browser.get(`${server.url}/canary-path`);
        await fetchRaw(`${server.url}/me`);
        const after = await scrape();
        const one = ['authmod_logins_total{outcome=ok,provider=bitbucket_cloud}', 'authmod_logins_total{outcome=state_missing,provider=bitbucket_cloud}',
            'authmod_provider_calls_total{outcome=ok,step=token}', 'authmod_provider_calls_total{outcome=ok,step=profile}',
            'authmod_provider_calls_total{outcome=ok,step=email}', 'authmod_provider_calls_total{outcome=ok,step=groups}',
            'authmod_provider_call_duration_seconds_count{step=token}', 'authmod_store_operations_total{operation=finish_login,outcome=ok}',
            'authmod_http_requests_total{route=login,status=303}', 'authmod_http_requests_total{route=callback,status=303}',
            'authmod_http_requests_total{route=other,status=404}', 'authmod_http_requests_total{route=me,status=401}'];
        for (const key of one) assert.equal(grown(after, key), 1, key);
        assert.ok(grown(after, 'authmod_session_checks_total{outcome=ok}') >= 1);
        assert.ok(grown(after, 'authmod_provider_call_duration_seconds_sum{step=token}') > 0);
    });

    test('counts a failing provider', async () => {
        const browser = new Browser();
        await simulator.reset();
        await simulator.set([{ auto_approve: 'nadia' }, { endpoint: 'token', fault: 'status', status: 503 }]);
        const answer = await browser.get(await server.reachCallback(browser));
        assert.equal(wordOf(answer), 'provider_failed');
        const samples = await scrape();
        assert.equal(samples.get('authmod_logins_total{outcome=provider_failed,provider=bitbucket_cloud}'), 1);
    });

    test('holds nothing that a stranger wrote', async () => {
        for (const [method, where] of [['GET', '/canary-a?canary-b'], ['CANARYC', '/me'], ['GET', '/login/canary-d'], ['GET', '/api/modules/canary-e']])
            await fetchRaw(server.url + where, { method, headers: { 'X-Canary': 'canary-f' } });
        const rows = (await scrape()).size;
        for (let i = 0; i < 50; ++i) await fetchRaw(`${server.url}/canary-${i}/x`);
        const { text } = await fetchRaw(`${server.url}/metrics`);
        assert.ok(!/canary/i.test(text), text);
        assert.equal(readOpenMetrics(text).size, rows, 'no row for each of them');
    });

    test('is read only', async () => assert.equal((await fetchRaw(`${server.url}/metrics`, { method: 'POST' })).status, 405));
});

describe('the log', () => {
    test('has one JSON object a line, with the reason, the trace and the address of the person', async () => {
        const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
        const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01`, 'X-Forwarded-For': '6.6.6.6, 192.0.2.44' };
        const { browser, callback, answer } = await logIn(headers);
        assert.equal(answer.status, 303);
        const login = await eventually(() => events('login').find((e) => e.trace === trace));
        assert.equal(login.address, '192.0.2.44');
        assert.equal(login.level, 'info');
        assert.match(login.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.deepEqual(server.rows("SELECT DISTINCT address FROM audit WHERE event = 'login'").filter((r) => r.address === '192.0.2.44').length, 1);

        const calls = (await simulator.log()).requests.filter((r) => ['token', 'user', 'emails', 'workspaces'].includes(r.endpoint));
        assert.equal(calls.length, 4);
        const spans = new Set(calls.map((c) => c.traceparent));
        assert.equal(spans.size, 1, 'one step of ours calls them all');
        const [span] = spans;
        assert.match(span, new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
        assert.notEqual(span, headers.traceparent, 'a step of its own');

        await browser.get(callback, { headers: { traceparent: 'nonsense' } });
        const failed = await eventually(() => events('request_failed').find((e) => e.reason === 'state_missing' && e.address === '127.0.0.1'));
        assert.match(failed.trace, /^[0-9a-f]{32}$/);
        for (const line of server.log().split('\n').filter((l) => l && !l.startsWith('listening on'))) JSON.parse(line);
    });

    test('is logfmt by default, and believes no proxy that is not named', async () => {
        const where = path.join(folder, 'logfmt');
        mkdirSync(where);
        const other = await startLoginServer(where, simulator);
        await fetchRaw(`${other.url}/login/none"%0A`, { headers: { 'X-Forwarded-For': '192.0.2.44' } });
        await fetchRaw(`${other.url}/login/no "one=`, { headers: { 'X-Forwarded-For': '192.0.2.44' } }).catch(() => {});
        await fetchRaw(`${other.url}/login/a%22%20level=info`, { headers: { 'X-Forwarded-For': '192.0.2.44' } });
        assert.deepEqual(await other.stop(), { code: 0, signal: null });
        const lines = other.log().split('\n').filter((l) => l && !l.startsWith('listening on'));
        for (const line of lines)
            assert.match(line, /^time=\S+Z level=(info|warning|error) event=[a-z_]+( [a-z_]+=([A-Za-z0-9.:\/@_+-]+|"[^"]*"))*$/);
        const failed = lines.find((l) => l.includes('event=request_failed') && l.includes('path="/login/a\\x22 level=info"'));
        assert.ok(failed, other.log());
        assert.match(failed, / reason=not_found .* address=127\.0\.0\.1/);
    });
});
