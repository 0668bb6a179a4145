// SPDX-License-Identifier: BSL-1.0
// The scripts of the administrators' pages, read out of the headers that ship them: each is a module that Node can parse, and
// what they decide by themselves is right. The pages themselves are tested in a browser (tests/browser).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const headers = fileURLToPath(new URL('../../include/authmod/server/detail/', import.meta.url));
const read = (name) => readFileSync(path.join(headers, name), 'utf8');

/// {file: text} of the scripts that the table of assets names.
function scripts() {
    const table = read('admin_assets.hpp');
    const texts = Object.fromEntries([...table.matchAll(/#include "authmod\/server\/detail\/(\w+_js\.hpp)"/g)]
        .flatMap(([, header]) => [...read(header).matchAll(/string_view (\w+) = R"js\(([\s\S]*?)\)js";/g)].map(([, name, text]) => [name, text])));
    return Object.fromEntries([...table.matchAll(/\{"(\w+\.js)",\s*(\w+)\}/g)].map(([, file, name]) => [file, texts[name]]));
}

const folder = mkdtempSync(path.join(tmpdir(), 'authmod-scripts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const all = scripts();
writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
for (const [file, text] of Object.entries(all)) writeFileSync(path.join(folder, file), text ?? '');

/// What pages expect of a browser when their modules are loaded.
globalThis.addEventListener ??= () => {};
globalThis.location ??= { pathname: '/admin/', search: '', href: 'http://localhost/admin/' };
globalThis.document ??= { addEventListener() {} };
const load = (file) => import(pathToFileURL(path.join(folder, file)));

describe('scripts', () => {
    test('node accepts each of them as a module', () => {
        assert.ok(Object.keys(all).length >= 15);
        for (const file of Object.keys(all)) {
            assert.ok(all[file], `${file} has a text`);
            const checked = spawnSync(process.execPath, ['--check', path.join(folder, file)], { encoding: 'utf8' });
            assert.equal(checked.status, 0, `${file}: ${checked.stderr}`);
        }
    });

    test('a caret counts characters where the service counts bytes', async () => {
        const { codePointsBefore } = await load('lib.js');
        for (const [text, offset, points] of [['a//b', 2, 2], ['/a', 0, 0], ['é//b', 3, 2], ['山田//x', 7, 3], ['🦀/[', 5, 2], ['ab', 99, 2]])
            assert.equal(codePointsBefore(text, offset), points, `${text} at ${offset}`);
    });

    test('clauses become sentences and lists become words', async () => {
        const { count, listed, sentence, withQuery } = await load('lib.js');
        assert.equal(sentence('the name is taken'), 'The name is taken.');
        assert.equal(sentence('What now?'), 'What now?');
        assert.equal(sentence(null), '');
        assert.equal(listed([]), '');
        assert.equal(listed(['a']), 'a');
        assert.equal(listed(['a', 'b', 'c']), 'a, b and c');
        assert.equal(count(1, 'account'), '1 account');
        assert.equal(count(1284, 'account'), '1,284 accounts');
        assert.equal(withQuery('/x', { a: '', b: 'ü&', c: null, d: 0 }), '/x?b=%C3%BC%26&d=0');
        assert.equal(withQuery('/x', {}), '/x');
    });

    test('every setting has a place, a name and a kind', async () => {
        const { fields, tabs } = await load('settings.js');
        const places = tabs.map(([name]) => name);
        for (const [name, about] of Object.entries(fields)) {
            assert.ok(places.includes(about.tab), `${name} stands on a tab`);
            assert.ok(about.label && about.kind, `${name} has a label and a kind`);
        }
        const settings = readFileSync(new URL('../../include/authmod/provider/settings_json.hpp', import.meta.url), 'utf8');
        const listed = /for_each_setting[\s\S]*?\n\}/.exec(settings)[0];
        const names = [...listed.matchAll(/visit\("(\w+)"/g)].map(([, name]) => name);
        assert.ok(names.length > 20);
        assert.deepEqual(names.filter((name) => !fields[name]), [], 'settings that no page shows');
    });

    test('rows of one change stand together, the first field first', async () => {
        const { together } = await load('audit.js');
        const row = (number, more) => ({ number, at: 't', author: 'a', event: 'module_changed', target: 'm', module: 'm', ...more });
        const entries = together([row(5, { at: 'u', field: 'name' }), row(4, { field: 'scopes' }), row(3, { field: 'client_id' }), row(2, { event: 'module_created' })]);
        assert.deepEqual(entries.map((e) => e.changes.map((c) => c.number)), [[5], [3, 4], [2]]);
    });
});
