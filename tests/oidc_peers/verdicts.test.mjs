// SPDX-License-Identifier: BSL-1.0
// 1,000 spoiled answers of a provider, judged by openid-client and by us. Where the verdicts differ, a reason stands here.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import * as peer from 'openid-client';
import { client, makeCase, mutations, secret } from './mutations.mjs';

const count = 1000;

/// What openid-client says: `ok` or its error.
async function theirVerdict(one) {
    const fetched = { '/.well-known/openid-configuration': one.discovery, '/token': one.token, '/jwks': one.keys, '/me': one.person };
    const answer = (url) => {
        const { status, body, type = 'application/json' } = fetched[new URL(url).pathname];
        const none = [204, 301, 302].includes(status);
        return new Response(none ? null : body, { status, headers: none ? {} : { 'content-type': type } });
    };
    try {
        const options = { algorithm: 'oidc', execute: [peer.enableNonRepudiationChecks], [peer.customFetch]: async (url) => answer(url) };
        const metadata = { client_secret: secret, [peer.clockTolerance]: 60 };
        const config = await peer.discovery(new URL(one.issuer), client, metadata, peer.ClientSecretBasic(secret), options);
        config[peer.customFetch] = async (url) => answer(url);
        const callback = new URL(`https://service.example/callback?${one.query}`);
        const tokens = await peer.authorizationCodeGrant(config, callback, { expectedState: one.state, expectedNonce: one.nonce,
            pkceCodeVerifier: 'x'.repeat(43), idTokenExpected: true });
        await peer.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
        return 'ok';
    } catch (error) {
        return `${error.code ?? error.name}: ${error.message}`;
    }
}

/// [who takes what the other refuses, mutations, why]. They count for pairs with another mutation too.
const reasons = [
    ['we', ['claim auth_time "x"'], 'auth_time says something only where max_age was asked for (Core 3.1.3.7), which we never do'],
    ['we', ['header kid ""'], 'an empty name names no key: the one key that fits is tried, and its signature must hold'],
    ['we', ['token expires_in -1', 'token expires_in null', 'token expires_in "soon"', 'token expires_in true'], 'a lifetime that is none means that the provider does not say (rule C5); nobody is logged in by it'],
    ['we', ['token refresh_token ""', 'token refresh_token null'], 'providers write so that there is none'],
    ['we', ['token scope 7'], 'no rule of ours looks at it; the scope counts as the one that was asked for'],
    ['we', ['answer response', 'answer id_token'], 'parameters that were not asked for are ignored (RFC 6749 4.1.2)'],
    ['they', ['claim azp "other"', 'claim azp ""', 'claim azp 7'], 'azp names whom the token was made for: us, also where aud is one name (rule D1)'],
    ['they', ['claim iat +600'], 'a token of the future is none (rule D5)'],
    ['they', ['claim at_hash bad', 'claim at_hash ""', 'claim at_hash 7'], 'at_hash must fit where it is given, in the code flow too (rule D5, Core 3.1.3.8)'],
    ['they', ['claim events {"http://schemas.openid.net/event/backchannel-logout":{}}', 'header typ "at+jwt"', 'header typ "logout+jwt"'], 'tokens of another kind come from the same issuer under the same keys (RFC 8725 3.11, 3.12)'],
    ['they', ['header typ 7'], 'typ is a text (RFC 7515 4.1.9)'],
    ['they', ['header b64 false', 'header b64 true'], 'b64 without crit is malformed (RFC 7797 6), and nobody signs ID tokens so (rule D3)'],
    ['they', ['jws with a line end', 'jws plain base64'], 'compact serializations are base64url without anything beside it (RFC 7515 2)'],
    ['they', ['payload a name twice', 'header a name twice', 'body a name twice', 'discovery a name twice', 'person a name twice'], 'of two members with one name each reader may take another (rule C6)'],
    ['they', ['payload a byte order mark'], 'JSON texts on the wire begin with none (RFC 8259 8.1)'],
    ['they', ['token access_token "a b"'], 'a token with a blank cannot be sent in a header field (RFC 6750 2.1)'],
    ['they', ['token token_type "DPoP"'], 'no proof was sent, so such a token cannot be used (rule C4)'],
    ['they', ['token error "invalid_grant"'], 'an answer that names an error is one, whatever its status (rule C4)'],
    ['they', ['metadata authorization_endpoint undefined'], 'nobody can be sent there'],
    ['they', ['metadata id_token_signing_alg_values_supported "RS256"'], 'it is a list (Discovery 3)'],
    ['they', ['metadata response_types_supported ["id_token"]'], 'a provider without the code flow cannot be used'],
    ['they', ['metadata require_pushed_authorization_requests true'], 'requests must be pushed, and it is not said where'],
];

test('1,000 spoiled answers are judged alike, or a reason is written down', async () => {
    const now = Date.now();
    const cases = Array.from({ length: count }, (_, number) => makeCase(number, now));
    const run = spawnSync(process.env.AUTHMOD_OIDC_DRIVER, { input: cases.map((one) => JSON.stringify(one)).join('\n') + '\n', encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.equal(run.status, 0, run.stderr);
    const ours = run.stdout.trim().split('\n').map((line) => JSON.parse(line).verdict);
    assert.equal(ours.length, count);

    const used = new Set(), open = [], seen = { ok: 0, refused: 0, differ: 0 };
    for (const [number, one] of cases.entries()) {
        const theirs = await theirVerdict(one);
        if ((theirs === 'ok') === (ours[number] === 'ok')) {
            ++seen[theirs === 'ok' ? 'ok' : 'refused'];
            continue;
        }
        ++seen.differ;
        const who = ours[number] === 'ok' ? 'we' : 'they';
        const [name] = one.names.filter((name) => reasons.some(([takes, names]) => takes === who && names.includes(name)));
        if (name) used.add(`${who} ${name}`);
        else open.push(`${one.names.join(' + ')}: ${who} take it; ours ${ours[number]}, theirs ${theirs}`);
    }
    assert.deepEqual(open, []);
    const idle = reasons.flatMap(([who, names]) => names.map((name) => `${who} ${name}`)).filter((row) => !used.has(row));
    assert.deepEqual(idle, [], 'reasons that explain nothing');
    console.log(`${mutations.length} mutations; taken by both ${seen.ok}, refused by both ${seen.refused}, by one ${seen.differ}`);
    assert.ok(mutations.length > 200 && seen.ok > 100 && seen.refused > 500, JSON.stringify(seen));
});
