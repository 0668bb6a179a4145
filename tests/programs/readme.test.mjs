// SPDX-License-Identifier: BSL-1.0
// Every code block of the README is used here as it stands, but for the C++ ones, which tests/layers compares with files
// that are compiled. A block of a kind that nobody has thought of fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { scratch, startLoginServer, startSimulator, stopAll } from './harness.mjs';

const source = fileURLToPath(new URL('../../', import.meta.url));
const text = readFileSync(path.join(source, 'README.md'), 'utf8');
const bin = process.env.AUTHMOD_BIN;
const folder = scratch();

const blocks = [...text.matchAll(/(?:<!-- (\w+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, mark, language, body]) => ({ mark, language, body }));

/// Runs a command to its end; fails with all it said.
function run(command, args, options = {}) {
    const done = spawnSync(command, args, { encoding: 'utf8', ...options });
    assert.equal(done.status, 0, `${command} ${args.join(' ')}\n${done.stdout}${done.stderr}`);
    return done.stdout;
}

const help = new Map();
function flagsOf(program) {
    if (!help.has(program)) help.set(program, new Set(run(program, ['--help']).match(/--[a-z][a-z-]*/g)));
    return help.get(program);
}

let simulator, server;
before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator);
});
after(() => stopAll(server, simulator));

describe('the code blocks of the README', () => {
    test('are all of a kind that is used', () => {
        assert.ok(blocks.length >= 9, `${blocks.length}`);
        for (const { mark, language, body } of blocks) {
            assert.ok(['cpp', 'sh', 'cmake', ''].includes(language), `a block of ${language}`);
            if (language === 'cpp') assert.ok(['program', 'provider'].includes(mark), `no file is compiled for: ${body}`);
        }
        assert.equal(blocks.filter((b) => b.language === '').length, 2, 'paths and layers; what is a new one?');
    });

    test('shell: every command is there, every flag is known', () => {
        for (const { body } of blocks.filter((b) => b.language === 'sh')) {
            run('bash', ['-n'], { input: body });
            for (const line of body.replaceAll('\\\n', ' ').split('\n').map((l) => l.replace(/#.*$/, '').trim()).filter(Boolean)) {
                const [command, ...args] = line.split(/\s+/);
                const flags = args.filter((a) => /^--[a-z]/.test(a));
                if (command.startsWith('build/bin/')) {
                    for (const flag of flags) assert.ok(flagsOf(path.join(bin, path.basename(command))).has(flag), line);
                } else if (['tests/run', 'examples/run'].includes(command)) {
                    for (const flag of flags) assert.ok(flagsOf(path.join(source, command)).has(flag), line);
                } else if (command === 'cmake') {
                    const presets = JSON.parse(readFileSync(path.join(source, 'CMakePresets.json'), 'utf8'));
                    for (const kind of ['configurePresets', 'buildPresets', 'testPresets'])
                        assert.ok(presets[kind].some((p) => p.name === 'dev'), kind);
                } else {
                    run('bash', ['-c', `command -v ${command}`]);
                }
            }
        }
    });

    test('shell: the first steps with the admin API make a module', async () => {
        const body = blocks.find((b) => b.body.includes('/api/modules')).body.replaceAll('\\\n', ' ').replaceAll('https://login.example.com', server.url);
        const [make, enable] = body.split('\n').filter((l) => l.startsWith('curl'));
        const home = path.join(folder, 'steps');
        mkdirSync(home);
        writeFileSync(path.join(home, 'admin.token'), readFileSync(path.join(folder, 'admin-token')));
        const made = JSON.parse(run('bash', ['-c', `${make} -sS`], { cwd: home }));
        assert.equal(made.redirect_uri, `${server.url}/callback/${made.id}`);
        run('bash', ['-c', `${enable.replace('/ID/', `/${made.id}/`)} -sS -f`], { cwd: home });
        assert.equal((await server.admin('GET', `/api/modules/${made.id}`)).enabled, true);
        const keys = body.split('\n').filter((l) => l.startsWith('head '));
        assert.equal(keys.length, 2);
        for (const line of keys) run('bash', ['-c', line], { cwd: home });
        for (const name of ['admin.token', 'master.key']) assert.ok(readFileSync(path.join(home, name)).length >= 44);
    });

    test('CMake: a project with these lines configures against an installed library', () => {
        const lines = blocks.filter((b) => b.language === 'cmake').map((b) => b.body);
        assert.equal(lines.length, 1);
        const home = path.join(folder, 'cmake');
        mkdirSync(home);
        run('cmake', ['--install', path.dirname(bin), '--prefix', path.join(home, 'prefix')]);
        writeFileSync(path.join(home, 'main.cpp'), 'int main() {}\n');
        writeFileSync(path.join(home, 'CMakeLists.txt'), `cmake_minimum_required(VERSION 3.25)\nproject(service LANGUAGES CXX)\nadd_executable(your_service main.cpp)\n${lines[0]}`);
        run('cmake', ['-S', home, '-B', path.join(home, 'build'), `-DCMAKE_PREFIX_PATH=${path.join(home, 'prefix')}`]);
    });

    test('attribute paths: each is one', { skip: !readdirSync(bin).includes('map_profile') && 'map_profile is not built' }, () => {
        const paths = blocks.find((b) => b.language === '' && b.body.includes('?:')).body.trim().split('\n').map((l) => l.split(/ {2,}/)[0]);
        assert.ok(paths.length >= 4);
        const profile = path.join(source, 'tests/data/bitbucket/user.json');
        for (const one of paths) run(path.join(bin, 'map_profile'), ['--provider', 'bitbucket_cloud', '--path', `full_name=${one}`, profile]);
        const bad = spawnSync(path.join(bin, 'map_profile'), ['--provider', 'bitbucket_cloud', '--path', 'full_name=a//b', profile]);
        assert.equal(bad.status, 1, 'a bad one would be noticed');
    });

    test('layers: every folder stands at the number that its headers give', () => {
        const body = blocks.find((b) => b.language === '' && b.body.includes('core ')).body;
        let number;
        const told = new Map();
        for (const line of body.trimEnd().split('\n')) {
            const [, digit, name] = /^(\d| ) {2}(\w+) /.exec(line) ?? assert.fail(line);
            number = digit === ' ' ? number : Number(digit);
            told.set(name, number);
        }
        const include = path.join(source, 'include/authmod');
        const folders = readdirSync(include, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name);
        assert.deepEqual([...told.keys()].sort(), folders.sort());
        for (const name of folders) {
            const header = readdirSync(path.join(include, name)).find((f) => f.endsWith('.hpp'));
            const [, layer] = /\/\/ Layer (\d)\./.exec(readFileSync(path.join(include, name, header), 'utf8'));
            assert.equal(told.get(name), Number(layer), name);
        }
    });
});

describe('the tables of the README', () => {
    test('have every flag of login_server and no other', () => {
        const told = new Set([...text.matchAll(/^\| `--[^|]*\|/gm)].flatMap(([cell]) => cell.match(/--[a-z][a-z-]*/g)));
        const known = new Set(flagsOf(path.join(bin, 'login_server')));
        known.delete('--help');
        assert.deepEqual([...told].sort(), [...known].sort());
    });

    /// The words in code of the first column of the table below a heading.
    const firstColumn = (heading) => {
        const part = text.slice(text.indexOf(`\n## ${heading}\n`));
        const rows = part.slice(part.indexOf('\n|') + 1).split(/\n(?!\|)/)[0].split('\n').slice(2);
        return rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, word]) => word));
    };

    test('have every provider, as the library lists them', () => {
        const all = readFileSync(path.join(source, 'include/authmod/provider/all.hpp'), 'utf8');
        const known = /all_providers = registry<([^>]*)>/.exec(all)[1].split(',').map((name) => name.trim());
        assert.deepEqual(firstColumn('Providers').sort(), known.sort());
    });

    test('have every CMake target of the package', () => {
        const script = readFileSync(path.join(source, 'CMakeLists.txt'), 'utf8');
        const known = new Set([...script.matchAll(/add_library\((authmod::\w+) ALIAS/g)].map(([, name]) => name));
        for (const [, name] of script.matchAll(/authmod_add_compiled\((\w+)/g)) if (name !== 'target') known.add(`authmod::${name}`);
        assert.deepEqual(firstColumn('Targets').sort(), [...known].sort());
    });

    test('have a reason for every package from npm', () => {
        const part = text.slice(text.indexOf('\n## Dependencies\n'));
        for (const name of ['browser', 'programs', 'scim_peers', 'oidc_peers']) {
            const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path.join(source, 'tests', name, 'package.json'), 'utf8'));
            for (const needed of Object.keys({ ...dependencies, ...devDependencies })) assert.ok(part.includes(needed), needed);
        }
    });

    test('lead to every section', () => {
        const anchors = new Set([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => '#' + title.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')));
        for (const [, anchor] of text.matchAll(/\]\((#[^)]*)\)/g)) assert.ok(anchors.has(anchor), anchor);
    });

    test('tell how long the transports of the tutorial are, and that is at most 80 lines', () => {
        for (const [, name, lines] of text.matchAll(/`(\d_\w+\.cpp)`, (\d+) lines/g)) {
            assert.equal(readFileSync(path.join(source, 'examples', name), 'utf8').trimEnd().split('\n').length, Number(lines), name);
            assert.ok(Number(lines) <= 80, name);
        }
    });

    test('have every tutorial program', () => {
        for (const name of readdirSync(path.join(source, 'examples')).filter((n) => /^\d_.*\.cpp$/.test(n))) assert.ok(text.includes(name), name);
    });
});
