// SPDX-License-Identifier: BSL-1.0
// Every row of the collected samples, mapped by map_profile with the shipped preset of its provider.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratch } from './harness.mjs';

const program = path.join(process.env.AUTHMOD_BIN, 'map_profile');
const samples = path.join(import.meta.dirname, '../../../shared/samples');
const presets = { bitbucket: 'bitbucket_cloud', microsoft: 'microsoft_entra' };
const nobody = path.join(scratch(), 'nobody.json');
writeFileSync(nobody, '{}');
const kinds = [[/^emails-/, '--email-doc'], [/^(user-workspaces|orgs)-/, '--groups-doc']];

function map(args) {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    return JSON.parse(stdout);
}

test('every provider is known', () => {
    const { status, stderr } = spawnSync(program, ['--provider', 'nobody', 'x.json'], { encoding: 'utf8' });
    assert.equal(status, 2);
    assert.match(stderr, /known are: bitbucket_cloud github gitlab google microsoft_entra microsoft_account keycloak okta amazon facebook paypal yandex oauth2 oidc\n/);
});

test('the samples', { skip: !existsSync(samples) && `there are none at ${samples}` }, async (t) => {
    const rows = JSON.parse(readFileSync(path.join(samples, 'expected.json'), 'utf8'));
    assert.ok(rows.length > 30);
    for (const { files, id, username, full_name, email, email_verified, avatar, groups } of rows)
        await t.test(files.join(' '), () => {
            const folder = files[0].split('/')[0];
            const args = ['--provider', presets[folder] ?? folder];
            let profile = nobody; // where there are lists alone
            for (const file of files) {
                const [, flag] = kinds.find(([name]) => name.test(path.basename(file))) ?? [];
                if (flag) args.push(flag, path.join(samples, file));
                else profile = path.join(samples, file);
            }
            assert.deepEqual(map([...args, profile]), { user_id: id, username, full_name, email, email_verified, avatar, groups });
        });
});
