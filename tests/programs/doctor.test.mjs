// SPDX-License-Identifier: BSL-1.0
// `login_server doctor` beside staged misconfigurations: each is named, with its cure, and nothing else is red.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { scratch, startLoginServer, startSimulator, stopAll } from './harness.mjs';

const folder = scratch();
const file = (name) => path.join(folder, name);
let simulator, server;

/// The flags of a healthy service; `changed` replaces some, null leaves one out.
function flags(changed = {}) {
    const all = { '--store': `sqlite:${file('accounts.sqlite')}`, '--admin-token-file': file('admin-token'),
        '--master-key-file': file('master-key'), '--ca-file': file('ca.pem'), '--listen': '127.0.0.1:8080', ...changed };
    return ['--allow-loopback-http', ...Object.entries(all).flatMap(([flag, value]) => (value === null ? [] : [flag, value]))];
}

/// Runs the doctor: {code, lines, failed: [{what, text, cure}]}.
async function doctor(args) {
    const child = spawn(path.join(process.env.AUTHMOD_BIN, 'login_server'), ['doctor', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { output += text; });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    const lines = output.trim().split('\n');
    for (const line of lines) assert.match(line, /^(ok  |FAIL|skip)  [^:]+: .+$/, output);
    for (const secret of ['simulator-secret', 'test-admin-token', readFileSync(file('master-key'), 'utf8').trim()])
        assert.ok(!output.includes(secret), `it shows ${secret.slice(0, 6)}...`);
    const failed = lines.filter((l) => l.startsWith('FAIL')).map((l) => /^FAIL  (?<what>[^:]+): (?<text>.*) -> (?<cure>.+)$/.exec(l)?.groups ?? assert.fail(`no cure: ${l}`));
    assert.equal(code, failed.length ? 1 : 0, output);
    return { code, lines, failed, output };
}

/// Exactly one line is red: about `what`, with `text` in what it says and `cure` in what to do.
async function onlyFailure(args, what, text, cure) {
    const { failed, output } = await doctor(args);
    assert.equal(failed.length, 1, output);
    assert.match(failed[0].what, what, output);
    assert.match(failed[0].text, text, output);
    assert.match(failed[0].cure, cure, output);
}

/// A database of its own with `changes` to the module.
async function staged(name, changes) {
    const own = file(name);
    mkdirSync(own);
    for (const part of ['ca.pem', 'cert.pem', 'key.pem']) copyFileSync(file(part), path.join(own, part));
    const other = await startLoginServer(own, simulator);
    await other.patchModule(changes);
    await other.stop();
    return flags({ '--store': `sqlite:${path.join(own, 'accounts.sqlite')}` });
}

before(async () => {
    simulator = await startSimulator(folder, '--callback', 'http://127.0.0.1/callback');
    server = await startLoginServer(folder, simulator);
});
after(() => stopAll(server, simulator));

describe('a healthy service', () => {
    test('is green from end to end, beside a running server, and a look changes nothing', async () => {
        const count = server.count('audit');
        await simulator.reset();
        const { code, output } = await doctor(flags());
        assert.equal(code, 0, output);
        for (const what of ['admin token', 'master key', 'base URL', 'authorities', 'database', 'store', 'settings', 'scopes', 'redirect URI',
            'client id and secret', 'profile', 'email', 'groups', 'clock'])
            assert.match(output, new RegExp(`^ok    (".*" )?${what}: `, 'm'), output);
        assert.equal(server.count('audit'), count);
        const { requests } = await simulator.log();
        assert.equal(requests.filter((r) => r.endpoint === 'token').length, 1);
    });
});

describe('a misconfiguration is named with its cure:', () => {
    test('1 an admin token file that is not there', () =>
        onlyFailure(flags({ '--admin-token-file': file('none') }), /^admin token$/, /cannot read/, /check the path/));

    test('2 a master key that is none', () => {
        writeFileSync(file('short-key'), 'abc\n');
        return onlyFailure(flags({ '--master-key-file': file('short-key') }), /^master key$/, /32 bytes/, /openssl rand/);
    });

    test('3 another master key than the one the secrets were sealed with', () => {
        writeFileSync(file('other-key'), Buffer.alloc(32, 8).toString('hex') + '\n');
        return onlyFailure(flags({ '--master-key-file': file('other-key') }), /client secret$/, /^seal_broken/, /master key file/);
    });

    test('4 a base URL on which cookies would not be safe', () =>
        onlyFailure(flags({ '--base-url': 'http://login.example.com' }), /^base URL$/, /cookies/, /https:\/\/host/));

    test('5 a service for the network without a base URL', () =>
        onlyFailure(flags({ '--listen': '0.0.0.0:8080' }), /^base URL$/, /needed/, /https:\/\//));

    test('6 a CA file without certificates', () => {
        writeFileSync(file('empty.pem'), 'nothing\n');
        return onlyFailure(flags({ '--ca-file': file('empty.pem') }), /^authorities$/, /no PEM certificate/, /authorities/);
    });

    test('7 a provider whose certificate nobody vouches for', async () => {
        const { failed, output } = await doctor(flags({ '--ca-file': null }));
        assert.deepEqual(failed.map((f) => f.what.replace(/^".*" /, '')), ['token', 'profile', 'email', 'groups'], output);
        for (const { text, cure } of failed) {
            assert.match(text, /^tls_failed/);
            assert.match(cure, /CA file/);
        }
    });

    test('8 a provider that is not there', async () => {
        const args = await staged('gone', { token_url: 'https://127.0.0.1:1/token' });
        await onlyFailure(args, /token$/, /^provider_unreachable/, /DNS and the firewall/);
    });

    test('9 a client secret that the provider does not know', async () => {
        const args = await staged('secret', { client_secret: 'mistyped' });
        await onlyFailure(args, /client id and secret$/, /^client_refused/, /copy the key and the secret/);
    });

    test('10 a redirect URI that is not registered', async () =>
        onlyFailure(flags({ '--base-url': 'https://login.example.com' }), /redirect URI$/, /HTTP status 400/,
            /register this callback URL .*https:\/\/login\.example\.com\/callback\//));

    test('11 a token URL that leads elsewhere', async () => {
        const args = await staged('token', { token_url: `${simulator.tls}/nowhere` });
        await onlyFailure(args, /token$/, /^token_malformed/, /token URL is the right one/);
    });

    test('12 a user data URL that leads elsewhere', async () => {
        const args = await staged('profile', { user_info_url: `${simulator.tls}/2.0/nowhere` });
        await onlyFailure(args, /profile$/, /HTTP status 404/, /user data URL/);
    });

    test('13 an email without the scope that opens it', async () => {
        const args = await staged('scopes', { scopes: 'account' });
        await onlyFailure(args, /scopes$/, /without `email`/, /add `email`/);
    });

    test('14 a scope that the client has not been given', async () => {
        const args = await staged('scope', { scopes: 'account email admin:everything' });
        await onlyFailure(args, /scopes$/, /invalid_scope/, /allow the client these scopes/);
    });

    test('15 a clock that is wrong', async () => {
        const tls = { cert: readFileSync(file('cert.pem')), key: readFileSync(file('key.pem')) };
        const late = https.createServer(tls, (request, response) => {
            response.sendDate = false;
            response.writeHead(400, { Date: new Date(Date.now() + 300_000).toUTCString(), 'Content-Type': 'application/json' });
            response.end('{"error":"invalid_grant"}');
        });
        await new Promise((resolve) => late.listen(0, '127.0.0.1', resolve));
        const there = `https://127.0.0.1:${late.address().port}`;
        const args = await staged('clock', { token_url: `${there}/token`, user_info_url: `${there}/user`, email_url: '', groups_url: '' });
        await onlyFailure(args, /clock$/, /^(299|300|301) s away/, /timedatectl/);
        late.close();
    });

    test('16 a folder of the database that is not there', () =>
        onlyFailure(flags({ '--store': `sqlite:${file('none/accounts.sqlite')}` }), /^database$/, /does not exist/, /mkdir -p/));

    test('17 a database that is none', () => {
        writeFileSync(file('text.sqlite'), 'this is not a database, and it is long enough to be looked at\n'.repeat(100));
        return onlyFailure(flags({ '--store': `sqlite:${file('text.sqlite')}` }), /^database$/, /store_/, /database/);
    });

    test('18 a service that nobody can log in to', async () => {
        const own = file('nobody');
        mkdirSync(own);
        for (const part of ['ca.pem', 'cert.pem', 'key.pem']) copyFileSync(file(part), path.join(own, part));
        const other = await startLoginServer(own, simulator);
        await other.admin('POST', `/api/modules/${other.module}/disable?force=true`);
        await other.stop();
        await onlyFailure(flags({ '--store': `sqlite:${path.join(own, 'accounts.sqlite')}` }), /^login page$/, /no module is enabled/, /enable it/);
    });

    test('19 a flag that does not exist', async () => {
        const child = spawn(path.join(process.env.AUTHMOD_BIN, 'login_server'), ['doctor', '--no-such-flag'], { stdio: 'ignore' });
        assert.notEqual(await new Promise((resolve) => child.on('exit', resolve)), 0);
    });
});
