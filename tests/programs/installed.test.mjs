// SPDX-License-Identifier: BSL-1.0
// The tutorial programs and the shipped ones as tests/package built them: from the installed package, outside the source
// tree. They log Nadia Ferro in at the simulator; nothing leaves this machine.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Browser, fetchRaw, scratch, sleep, startLoginServer, startSimulator, stopAll } from './harness.mjs';

const bin = process.env.AUTHMOD_BIN;
const data = fileURLToPath(new URL('../data/bitbucket/', import.meta.url));
const folder = scratch();
let simulator, ca;

before(async () => {
    simulator = await startSimulator(folder);
    ca = readFileSync(simulator.caFile);
    await simulator.set({ auto_approve: 'nadia' });
});
after(() => stopAll(simulator));

/// All that a program sees of its surroundings: with these it talks to the simulator instead of its provider.
function environment(prefix, redirectUri, more = {}) {
    const settings = {
        CLIENT_ID: 'simulator-key', CLIENT_SECRET: 'simulator-secret', REDIRECT_URI: redirectUri,
        AUTHORIZATION_URL: `${simulator.tls}/site/oauth2/authorize`, TOKEN_URL: `${simulator.tls}/site/oauth2/access_token`,
        USER_INFO_URL: `${simulator.tls}/2.0/user`, ...more };
    const bitbucket = { EMAIL_URL: `${simulator.tls}/2.0/user/emails`, GROUPS_URL: `${simulator.tls}/2.0/user/workspaces` };
    const named = Object.entries(prefix === 'BITBUCKET_' ? { ...settings, ...bitbucket } : settings).map(([name, value]) => [prefix + name, value]);
    return { PATH: '/usr/bin:/bin', SSL_CERT_FILE: simulator.caFile, ...Object.fromEntries(named) };
}

/// Starts a program and gives what it has said so far, and its end.
function run(name, args, env) {
    const child = spawn(path.join(bin, name), args, { env });
    const program = { child, output: '', end: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal }))) };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { program.output += text; });
    return program;
}

async function until(what, holds) {
    for (let tries = 0; tries < 200; ++tries, await sleep(50)) if (await holds()) return;
    assert.fail(what());
}

const addressIn = (program) => /Open (https:\S+)\n/.exec(program.output)?.[1];

async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

describe('programs of an installed library', () => {
    const greetings = [
        ['1_hello_login', 'BITBUCKET_', /Hello, Nadia Ferro\n$/],
        ['3_own_provider', 'FORGE_', /Hello, nferro <>\n$/, { SCOPES: 'account email', USER_ID: 'uuid', USERNAME: 'username' }],
        ['4_edit_settings', 'BITBUCKET_', /Refused: full_name: .*\nThen paste [^\n]*Hello, nadia, kind: user\n$/],
        ['5_own_store', 'BITBUCKET_', /nferro is in\nHello, Nadia Ferro\n$/],
    ];
    for (const [name, prefix, greeting, more] of greetings) {
        test(`${name} greets whom the simulator signs in`, async () => {
            const callback = 'http://localhost:8080/callback';
            const program = run(name, [], environment(prefix, callback, more));
            await until(() => program.output, () => addressIn(program) && program.output.includes('paste'));
            assert.ok(addressIn(program).startsWith(`${simulator.tls}/site/oauth2/authorize?`), program.output);
            const { status, headers } = await fetchRaw(addressIn(program), { ca });
            assert.equal(status, 302);
            assert.ok(headers.location.startsWith(`${callback}?`), headers.location);
            program.child.stdin.end(`${headers.location}\n`);
            assert.deepEqual(await program.end, { code: 0, signal: null }, program.output);
            assert.match(program.output, greeting);
        });
    }

    for (const name of ['2_callback_server', '6_mount_handlers']) {
        test(`${name} signs a browser in and knows it`, async () => {
            const port = await freePort();
            const site = `http://localhost:${port}`;
            const program = run(name, [String(port)], environment('BITBUCKET_', `${site}/callback/bitbucket_cloud`));
            try {
                const browser = new Browser({ ca });
                await until(() => program.output, () => browser.get(`${site}/login?choose=1`).then((page) => page.status === 200, () => false));
                const { url, response } = await browser.follow(`${site}/login/bitbucket_cloud?return_to=/me`);
                assert.equal(url, `${site}/me`);
                assert.equal(response.json().full_name, 'Nadia Ferro');
                if (name.startsWith('6')) assert.match((await browser.get(`${site}/report`)).text, /Nadia Ferro/);
            } finally {
                program.child.kill();
                await program.end;
            }
        });
    }

    for (const name of ['7_other_http_client', '8_plain_asio']) {
        test(`${name} begins a login`, { skip: !existsSync(path.join(bin, name)) && 'cpp-httplib is not here' }, async () => {
            const program = run(name, [], environment('BITBUCKET_', 'http://localhost:8080/callback'));
            assert.deepEqual(await program.end, { code: 0, signal: null }, program.output);
            assert.ok(addressIn(program).startsWith(`${simulator.tls}/site/oauth2/authorize?`), program.output);
        });
    }

    test('a program without its settings says which one it lacks', async () => {
        const program = run('1_hello_login', [], { PATH: '/usr/bin:/bin', BITBUCKET_CLIENT_ID: 'key' });
        assert.notDeepEqual(await program.end, { code: 0, signal: null });
        assert.match(program.output, /BITBUCKET_CLIENT_SECRET is not set/);
    });

    test('map_profile maps', () => {
        const done = spawnSync(path.join(bin, 'map_profile'), ['--provider', 'bitbucket_cloud', path.join(data, 'user.json')], { encoding: 'utf8', env: {} });
        assert.equal(done.status, 0, done.stderr);
        assert.ok(JSON.parse(done.stdout).user_id);
    });

    test('login_server signs a browser in', async () => {
        const server = await startLoginServer(folder, simulator);
        const browser = new Browser({ ca });
        await browser.get(await server.reachCallback(browser));
        assert.equal((await server.me(browser)).json().full_name, 'Nadia Ferro');
        assert.deepEqual(await server.stop(), { code: 0, signal: null });
    });
});
