import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** Puts questions to our side, see driver.cpp; one answer for each. */
export function ask(questions) {
    if (questions.length === 0) return [];
    const input = questions.map((q) => JSON.stringify(q)).join('\n');
    const run = spawnSync(process.env.AUTHMOD_SCIM_DRIVER, { input, maxBuffer: 1 << 30 });
    assert.equal(run.status, 0, String(run.stderr));
    return String(run.stdout).trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** How often each reason was needed. */
export class Reasons {
    counts = new Map();

    note(why) { this.counts.set(why, (this.counts.get(why) ?? 0) + 1); }

    print() {
        for (const [why, n] of [...this.counts].sort((a, b) => b[1] - a[1])) console.log(`#   ${n}: ${why}`);
    }
}
