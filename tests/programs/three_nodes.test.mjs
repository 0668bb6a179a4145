// SPDX-License-Identifier: BSL-1.0
// examples/three_nodes/run as people start it: logs in by itself, and leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fetchRaw, scratch, sleep } from './harness.mjs';

const script = fileURLToPath(new URL('../../examples/three_nodes/run', import.meta.url));
const there = (program) => spawnSync('bash', ['-c', `PATH=$PATH:/usr/sbin; command -v ${program} || ls /usr/lib/postgresql/*/bin/${program}`]).status === 0;
const missing = ['nginx', 'initdb'].filter((program) => !there(program));
const skip = missing.length ? `${missing.join(' and ')} not installed` : false;

function run(...args) {
    const folder = scratch();
    const child = spawn('bash', [script, ...args], { env: { ...process.env, AUTHMOD_RUN: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
    const program = { child, folder, out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => { program.out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { program.err += text; });
    program.ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    return program;
}

/// Processes whose command line names the folder of a run.
const left = (folder) => spawnSync('pgrep', ['-f', folder], { encoding: 'utf8' }).stdout.trim();

test('--check logs in over different nodes, and over those that are left when one is killed', { skip }, async () => {
    const program = run('--check');
    assert.equal(await program.ended, 0, program.err);
    assert.equal(JSON.parse(program.out).username, 'nferro');
    assert.equal([...program.err.matchAll(/requests of the session answered by 127\.0\.0\.1:\d+/g)].length, 3);
    assert.equal(left(program.folder), '');
});

test('it says where it serves, and SIGINT ends all of it', { skip }, async () => {
    const program = run();
    for (let i = 0; i < 600 && !/Ctrl-C/.test(program.err) && program.child.exitCode === null; ++i) await sleep(100);
    const [, site] = /Open {2}(http:\S+)\/login/.exec(program.err) ?? assert.fail(program.err);
    assert.equal((await fetchRaw(`${site}/login?choose=1`)).status, 200);
    assert.equal((await fetchRaw(`${site}/metrics`)).status, 404);
    const [, database] = /Database: postgresql:\/\/\S+:(\d+)/.exec(program.err);
    program.child.kill('SIGINT');
    assert.equal(await program.ended, 0, program.err);
    assert.match(program.err, /stopped/);
    assert.equal(left(program.folder), '');
    await assert.rejects(fetchRaw(`${site}/login`));
    await assert.rejects(fetchRaw(`http://127.0.0.1:${database}/`));
});

test('what cannot be is refused with a word and a cure', async () => {
    for (const [args, word] of [[['--port', 'x'], /--port takes a number/], [['--store', 'sqlite:x'], /--store takes a postgresql/], [['--frob'], /usage/]]) {
        const program = run(...args);
        assert.equal(await program.ended, 2);
        assert.match(program.err, word);
    }
});
