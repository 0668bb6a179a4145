// SPDX-License-Identifier: BSL-1.0
// A certified OpenID provider (npm oidc-provider) as a process of its own, over TLS. Whoever comes to log in is logged
// in at once as the person that was named last. Steered over a second, plain address:
//   POST /client {...}   registers a client          POST /person {"sub": ..., claims}   who logs in next, or declines
//   POST /rotate {}      signs with new keys, the old ones are gone        POST /set {...}   switches, see `chosen`
//   GET /issued          all tokens and codes that are not over
//   GET /log             what clients asked for, in order; DELETE forgets it
import { generateKeyPair, exportJWK } from 'jose';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Provider } from 'oidc-provider';

const [cert, key] = process.argv.slice(2).map((file) => readFileSync(file));
const stored = new Map(); // what the provider remembers, over changes of its keys
const people = new Map();
const chosen = { person: 'nadia', nonces: false, lifetime: 3600 };
let log = [];
let issuer, current, keys;

/// The smallest store that the provider takes; it outlives changes of keys.
class Memory {
    constructor(model) { this.model = model; }
    static *all(model) { for (const [name, value] of stored) if (name.startsWith(`${model} `)) yield [name, value]; }
    async upsert(id, payload) { stored.set(`${this.model} ${id}`, payload); }
    async find(id) { return stored.get(`${this.model} ${id}`); }
    async findByUid(uid) { for (const [, value] of Memory.all(this.model)) if (value.uid === uid) return value; }
    async findByUserCode() {}
    async consume(id) { stored.get(`${this.model} ${id}`).consumed = Math.floor(Date.now() / 1000); }
    async destroy(id) { stored.delete(`${this.model} ${id}`); }
    async revokeByGrantId(grant) { for (const [name, value] of [...stored]) if (value.grantId === grant) stored.delete(name); }
}

async function newKey(alg) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...await exportJWK(privateKey), alg, use: 'sig', kid: randomBytes(8).toString('hex') };
}

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const newKeys = async () => { keys = await Promise.all(algorithms.map(newKey)); };

function build() {
    const provider = new Provider(issuer, {
        adapter: Memory,
        jwks: { keys },
        cookies: { keys: ['only for tests'] },
        claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'picture', 'groups'], email: ['email', 'email_verified'] },
        conformIdTokenClaims: true,
        pkce: { required: () => true },
        scopes: ['openid', 'offline_access', 'profile', 'email'],
        enabledJWA: { idTokenSigningAlgValues: algorithms, dPoPSigningAlgValues: ['ES256'] },
        issueRefreshToken: async (ctx, client) => client.grantTypeAllowed('refresh_token'),
        rotateRefreshToken: true,
        ttl: { AccessToken: () => chosen.lifetime },
        findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
        interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
        // Clients under test listen on loopback, which this would not call otherwise.
        fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
        features: {
            devInteractions: { enabled: false },
            backchannelLogout: { enabled: true },
            rpInitiatedLogout: {
                enabled: true,
                logoutSource: (ctx, form) => { ctx.body = `<!doctype html>${form.replace('</form>', '<input name="logout" value="yes"></form>')}`; },
                postLogoutSuccessSource: (ctx) => { ctx.body = 'logged out'; },
            },
            revocation: { enabled: true, allowedPolicy: (ctx, client, token) => token.clientId === client.clientId },
            pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
            dPoP: { enabled: chosen.dpop !== false, nonceSecret: randomBytes(32), requireNonce: () => chosen.nonces },
        },
    });
    provider.on('server_error', (ctx, error) => console.error(error));
    for (const event of ['backchannel.success', 'backchannel.error'])
        provider.on(event, (ctx, ...rest) => log.push({ event, why: rest.find((r) => r instanceof Error)?.message }));
    return provider;
}

/// Logs the chosen person in and agrees to everything.
async function interact(provider, request, response) {
    const { params, session, grantId } = await provider.interactionDetails(request, response);
    if (people.get(chosen.person)?.declines) return provider.interactionFinished(request, response, { error: 'access_denied' });
    const accountId = session?.accountId ?? chosen.person;
    const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result = { login: { accountId }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

/// Remembers what was asked for. The provider reads the body itself; a copy of it is kept on its way.
function note(request) {
    const seen = { method: request.method, path: new URL(request.url, issuer).pathname, dpop: 'dpop' in request.headers,
        scheme: request.headers.authorization?.split(' ')[0] ?? null, query: request.url.split('?')[1] ?? '', form: '', status: 0 };
    log.push(seen);
    return seen;
}

const secure = https.createServer({ cert, key }, async (request, response) => {
    const provider = current;
    try {
        const seen = note(request);
        if (chosen.mute && seen.path.endsWith('/openid-configuration')) return; // it is never answered
        response.on('finish', () => { seen.status = response.statusCode; });
        const emit = request.emit.bind(request);
        request.emit = (name, ...rest) => { if (name === 'data') seen.form += rest[0]; return emit(name, ...rest); };
        if (request.url.startsWith('/interaction/')) await interact(provider, request, response);
        else provider.callback()(request, response);
    } catch (error) {
        console.error(error);
        response.writeHead(500).end();
    }
});

const orders = {
    'POST /client': (body) => { stored.set(`Client ${body.client_id}`, body); },
    'POST /person': (body) => { people.set(body.sub, body); chosen.person = body.sub; },
    'POST /rotate': async () => { await newKeys(); current = build(); },
    'POST /set': async (body) => { Object.assign(chosen, body); current = build(); },
    'GET /issued': () => ['AccessToken', 'RefreshToken', 'AuthorizationCode'].flatMap((kind) => [...Memory.all(kind)].map(([name]) => name.split(' ')[1])),
    'GET /log': () => log,
    'DELETE /log': () => { log = []; },
};
const plain = http.createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const answer = await orders[`${request.method} ${request.url}`](text ? JSON.parse(text) : {});
    response.end(JSON.stringify(answer ?? {}));
});

secure.listen(0, '127.0.0.1', async () => {
    issuer = `https://localhost:${secure.address().port}`;
    await newKeys();
    current = build();
    plain.listen(0, '127.0.0.1', () => console.log(`listening on ${issuer}\nlistening on http://127.0.0.1:${plain.address().port}`));
});
process.on('SIGTERM', () => process.exit(0));
