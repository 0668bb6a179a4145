// SPDX-License-Identifier: BSL-1.0
// Tokens of a certified provider that a service keeps: refreshed and rotated without losing any, given back at logout.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import readline from 'node:readline';
import { after, before, beforeEach, describe, test } from 'node:test';
import { Browser, scratch } from '../programs/harness.mjs';
import { startProvider } from './peers.mjs';

let peer, ca;

before(async () => {
    peer = await startProvider(scratch());
    ca = readFileSync(peer.caFile);
    await peer.order('person', { sub: 'nadia-1', preferred_username: 'nferro' });
});
after(async () => assert.deepEqual(await peer?.stop(), { code: 0, signal: null }));
beforeEach(() => peer.forget());

/// The service with somebody signed in.
async function signedIn(client = {}) {
    await peer.order('client', { client_id: 'keeper', client_secret: 'the secret of this client', redirect_uris: ['http://127.0.0.1:1/callback'],
        response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'], ...client });
    const child = spawn(process.env.AUTHMOD_OIDC_KEEPER, [peer.issuer, peer.caFile], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ask = async (order) => {
        child.stdin.write(`${order}\n`);
        return (await lines.next()).value;
    };
    const browser = new Browser({ ca });
    const { url } = await browser.follow(await ask('login'), (u) => u.startsWith('http://127.0.0.1:1/'));
    assert.equal(await ask(`callback ${url}`), 'nferro');
    const ended = new Promise((resolve) => child.on('exit', resolve));
    return { ask, browser, end: async () => { child.stdin.end(); assert.equal(await ended, 0); } };
}
const refreshes = async () => (await peer.log()).filter((one) => one.path === '/token' && one.form.includes('grant_type=refresh_token'));

for (const [kind, client, scheme] of [['bearer', {}, 'Bearer'], ['bound', { dpop_bound_access_tokens: true }, 'DPoP']])
    describe(`kept ${kind} tokens`, () => {
        test('C7 are refreshed by one of many that ask at once, time and again, and no rotated token is lost', async () => {
            await peer.order('set', { lifetime: 59, dpop: kind === 'bound' });
            const service = await signedIn(client);
            // What ends within a minute is refreshed before it is used.
            const [first, again] = [await service.ask('tokens 1'), await service.ask('tokens 1')];
            assert.notEqual(again, first);
            await peer.order('set', { lifetime: 3600 });
            await peer.forget();
            const second = await service.ask('tokens 20');
            assert.match(second, /^[\w-]{20,}$/, 'all of them the same one');
            assert.ok(![first, again].includes(second));
            assert.equal(await service.ask('tokens 20'), second);
            const seen = await refreshes();
            assert.deepEqual(seen.map((one) => [one.status, one.dpop]), [[200, kind === 'bound']]);
            const answer = await peer.fetch('/me', { headers: { Authorization: `Bearer ${second}` }, ca });
            assert.equal(answer.status, scheme === 'Bearer' ? 200 : 401, 'a bound token alone is worth nothing');
            await service.end();
        });

        test('are given back at logout, which ends them all', async () => {
            await peer.order('set', { lifetime: 3600, dpop: kind === 'bound' });
            const service = await signedIn(client);
            const token = await service.ask('tokens 1');
            const location = new URL(await service.ask('logout'));
            assert.deepEqual([...location.searchParams.keys()], ['id_token_hint', 'client_id']);
            assert.equal((await service.browser.get(location.href)).status, 200, 'the provider takes the hint');
            const [revoked] = (await peer.log()).filter((one) => one.path === '/token/revocation');
            assert.equal(revoked.status, 200);
            assert.match(revoked.form, /token_type_hint=refresh_token/);
            const answer = await peer.fetch('/me', { headers: { Authorization: `Bearer ${token}` }, ca });
            assert.equal(answer.status, 401);
            assert.match(await service.ask('tokens 1'), /^failed not_signed_in /);
            await service.end();
        });
    });
