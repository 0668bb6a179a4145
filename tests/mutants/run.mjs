// SPDX-License-Identifier: BSL-1.0
// Breaks every rule of rules.txt on purpose, one at a time, in a build made for that (AUTHMOD_MUTANTS), and runs the tests
// named after the rule: each break must make one of them fail. Writes the table tests/invariants.md.
//
//   node tests/mutants/run.mjs BUILD_DIR [RULE...]
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [build, ...only] = process.argv.slice(2);
if (!build) { console.error('usage: node tests/mutants/run.mjs BUILD_DIR [RULE...]'); process.exit(2); }
const root = path.resolve(import.meta.dirname, '../..');

const rules = new Map(readFileSync(path.join(import.meta.dirname, 'rules.txt'), 'utf8').trim().split('\n').map((line) => {
    const blank = line.indexOf(' ');
    return [line.slice(0, blank), { text: line.slice(blank + 1), mutants: new Set(), programs: [], scripts: [] }];
}));
const ruleOf = (mutant) => mutant.replace(/[a-z]$/, '');

function files(folder, ending) {
    return readdirSync(folder, { recursive: true }).filter((name) => ending.test(name)).map((name) => path.join(folder, name)).sort();
}

// The breaks, by the marks in the headers.
for (const file of files(path.join(root, 'include'), /\.(hpp|ipp)$/))
    for (const [, mutant] of readFileSync(file, 'utf8').matchAll(/"([A-O][0-9]+[a-z]?)"/g))
        rules.get(ruleOf(mutant))?.mutants.add(mutant);

// The tests: `b2_...` and `b2_b3_...` in C++, 'B2 ...' and 'B2 B3 ...' in scripts.
function leadingRules(words) {
    const found = [];
    for (const word of words) {
        if (!/^[a-oA-O][0-9]+$/.test(word)) break;
        found.push(word.toUpperCase());
    }
    return found;
}
for (const program of readdirSync(path.join(build, 'tests')).filter((name) => /^test_[a-z_]+$/.test(name)).sort()) {
    const listed = spawnSync(path.join(build, 'tests', program), ['--list_content=HRF'], { encoding: 'utf8' });
    const suites = []; // the names around, by their depth
    for (const line of (listed.stderr + listed.stdout).split('\n')) {
        const entry = /^( *)(\w+)\*?( *:.*)?$/.exec(line);
        if (!entry) continue;
        suites.length = entry[1].length / 4;
        suites.push(entry[2]);
        for (const rule of leadingRules(entry[2].split('_')))
            rules.get(rule)?.programs.push({ program, name: suites.join('/'), shown: `${program}: ${entry[2]}` });
    }
}
for (const script of files(path.join(root, 'tests/programs'), /^[a-z_]+\.test\.mjs$/)) {
    for (const [, , name] of readFileSync(script, 'utf8').matchAll(/\btest\((['`])([^'`]+)/g))
        for (const rule of leadingRules(name.split(' ')))
            rules.get(rule)?.scripts.push({ script, shown: `${path.basename(script)}: ${name}` });
}

/// Whether the tests of a rule pass with `broken` broken; stops at the first that does not. Gives the one that failed.
function failing(rule, id, broken) {
    // The same random documents each time: what differs is the break alone.
    const env = { ...process.env, AUTHMOD_SEED: '1', AUTHMOD_BIN: path.join(path.resolve(build), 'bin'), AUTHMOD_BREAK: broken ?? '' };
    const options = { env, encoding: 'utf8', timeout: 120_000, killSignal: 'SIGKILL', maxBuffer: 64 << 20 };
    for (const program of new Set(rule.programs.map((one) => one.program))) {
        const names = rule.programs.filter((one) => one.program === program).map((one) => one.name);
        const run = spawnSync(path.join(build, 'tests', program), [`--run_test=${names.join(':')}`, '--color_output=no'], options);
        if (run.status !== 0) return { in: program, output: run.stdout + run.stderr };
    }
    for (const script of new Set(rule.scripts.map((one) => one.script))) {
        const run = spawnSync(process.execPath, ['--test', `--test-name-pattern=\\b${id}\\b`, script], options);
        if (run.status !== 0) return { in: path.basename(script), output: run.stdout + run.stderr };
    }
    return null;
}

const started = Date.now();
const rows = [];
const faults = [];
let breaks = 0, caught = 0;
for (const [id, rule] of rules) {
    if (only.length > 0 && !only.includes(id)) continue;
    const count = rule.programs.length + rule.scripts.length;
    if (count === 0) faults.push(`${id}: no test is named after it`);
    if (rule.mutants.size === 0) faults.push(`${id}: nothing breaks it`);
    const sound = count === 0 ? null : failing(rule, id, null);
    if (sound) faults.push(`${id}: ${sound.in} fails with nothing broken\n${sound.output.slice(-3000)}`);
    const results = [];
    for (const mutant of [...rule.mutants].sort()) {
        ++breaks;
        const by = count === 0 || sound ? null : failing(rule, id, mutant);
        if (by) ++caught;
        else faults.push(`${mutant}: nothing notices`);
        results.push(by ? `${mutant}: caught by ${by.in}` : `${mutant}: **not noticed**`);
    }
    rows.push(`| ${id} | ${rule.text} | ${count} | ${results.join('<br>')} |`);
    console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s] ${id}: ${count} tests; ${results.join('; ') || 'no mutant'}`);
}
if (only.length === 0)
    writeFileSync(path.join(root, 'tests/invariants.md'), `# Invariants: each rule, its tests, and what happens when it is broken

Made by \`tests/run --mutants\`. A break is a run-time switch at the line that upholds the rule (\`core/enforced.hpp\`), compiled into
one build of the tests only. ${caught} of ${breaks} breaks were noticed by the tests that are named after their rule.

| rule | says | tests | broken on purpose |
|---|---|---|---|
${rows.join('\n')}
`);
for (const fault of faults) console.error(fault);
console.log(`# pass ${caught}\n# fail ${breaks - caught}`);
console.log(`${caught} of ${breaks} breaks caught, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
