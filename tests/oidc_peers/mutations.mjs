// What an honest provider answers in one login, and the ways in which it is spoiled. Everything comes out of a seed.
import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { Random } from '../scim_peers/random.mjs';

export const issuer = 'https://op.example', client = 'client-1', secret = 'a secret of this client that is long enough';
const state = 'state-of-this-login', nonce = 'nonce-of-this-login';
const b64 = (value) => Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url');

/// By way of PEM: a collection of garbage while a key of generateKeyPairSync itself is exported locks Node 20 up for good.
function keyPair(type, options) {
    const pem = generateKeyPairSync(type, { ...options, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    return { publicKey: createPublicKey(pem.publicKey), privateKey: createPrivateKey(pem.privateKey) };
}
const rsa = keyPair('rsa', { modulusLength: 2048 }), otherRsa = keyPair('rsa', { modulusLength: 2048 });
const ec = keyPair('ec', { namedCurve: 'P-256' });
const jwk = (pair, more) => ({ ...pair.publicKey.export({ format: 'jwk' }), use: 'sig', ...more });

/// The honest answers; texts are made of them at the end.
function honest(now) {
    const seconds = Math.floor(now / 1000);
    return {
        metadata: { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/me`,
            jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'], subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256', 'ES256'], authorization_response_iss_parameter_supported: true,
            code_challenge_methods_supported: ['S256'] },
        discovery: { status: 200 }, keys: { status: 200 },
        jwks: { keys: [jwk(rsa, { kid: 'k1', alg: 'RS256' }), jwk(ec, { kid: 'k2', alg: 'ES256' })] },
        query: [['code', 'c-1'], ['state', state], ['iss', issuer]],
        header: { alg: 'RS256', kid: 'k1', typ: 'JWT' }, key: rsa,
        claims: { iss: issuer, sub: 'person-1', aud: client, exp: seconds + 300, iat: seconds, nonce },
        token: { status: 200, type: 'application/json', members: { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600 } },
        person: { status: 200, members: { sub: 'person-1', preferred_username: 'nferro' } },
    };
}

function signed(answers) {
    const { alg } = answers.header, header = JSON.stringify(answers.header);
    const text = `${b64(answers.spoilHeader?.(header) ?? header)}.${answers.payload ?? b64(answers.claims)}`;
    let signature = '';
    if (alg === 'HS256') signature = createHmac('sha256', answers.hmac ?? secret).update(text).digest('base64url');
    else if (alg === 'ES256') signature = sign('sha256', Buffer.from(text), { key: answers.key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    else if (alg !== 'none') signature = sign(alg === 'RS512' ? 'sha512' : 'sha256', Buffer.from(text), answers.key.privateKey).toString('base64url');
    return `${text}.${signature}`;
}

const halfHash = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
const claim = (name, value, label = JSON.stringify(value)) => [`claim ${name} ${label}`, (a, seconds) => {
    const given = typeof value === 'function' ? value(seconds) : value;
    if (given === undefined) delete a.claims[name];
    else a.claims[name] = given;
}];
const header = (name, value) => [`header ${name} ${JSON.stringify(value)}`, (a) => { if (value === undefined) delete a.header[name]; else a.header[name] = value; }];
const member = (name, value) => [`token ${name} ${JSON.stringify(value)}`, (a) => { if (value === undefined) delete a.token.members[name]; else a.token.members[name] = value; }];
const said = (name, value) => [`metadata ${name} ${JSON.stringify(value)}`, (a) => { if (value === undefined) delete a.metadata[name]; else a.metadata[name] = value; }];
const asked = (label, change) => [`answer ${label}`, (a) => { a.query = change(a.query); }];
const without = (name) => (query) => query.filter(([n]) => n !== name);
const put = (name, value) => (query) => [...without(name)(query), [name, value]];
const add = (name, value) => (query) => [...query, [name, value]];
const person = (name, value) => [`person ${name} ${JSON.stringify(value)}`, (a) => { if (value === undefined) delete a.person.members[name]; else a.person.members[name] = value; }];
const jws = (label, change) => [`jws ${label}`, (a) => { a.spoil = change; }];
const body = (label, change) => [`body ${label}`, (a) => { a.token.spoil = change; }];
const key = (label, change) => [`key ${label}`, (a) => change(a)];

/// [name, what it does to the answers].
export const mutations = [
    ['nothing', () => {}],
    claim('iss', `${issuer}/`), claim('iss', undefined), claim('iss', ''), claim('iss', 7), claim('iss', 'https://OP.example'), claim('iss', [issuer]),
    claim('aud', 'other'), claim('aud', undefined), claim('aud', []), claim('aud', [client]), claim('aud', [client, 'other']), claim('aud', ['other', client]),
    claim('aud', 7), claim('aud', null), claim('aud', [7, client]), claim('aud', { 0: client }), claim('aud', client.toUpperCase()),
    claim('azp', client), claim('azp', 'other'), claim('azp', ''), claim('azp', 7),
    claim('exp', (s) => s - 120, '-120'), claim('exp', (s) => s - 30, '-30'), claim('exp', undefined), claim('exp', (s) => `${s + 300}`, 'text'), claim('exp', -1), claim('exp', 0),
    claim('exp', (s) => s + 300.5, 'fraction'), claim('exp', null), claim('exp', true), claim('exp', 1e20),
    claim('iat', (s) => s + 30, '+30'), claim('iat', (s) => s + 600, '+600'), claim('iat', undefined), claim('iat', (s) => `${s}`, 'text'), claim('iat', 0), claim('iat', -5),
    claim('nbf', (s) => s - 5, '-5'), claim('nbf', (s) => s + 600, '+600'), claim('nbf', (s) => s + 30, '+30'), claim('nbf', 'x'), claim('nbf', null),
    claim('nonce', 'another'), claim('nonce', undefined), claim('nonce', ''), claim('nonce', 7), claim('nonce', nonce.toUpperCase()), claim('nonce', [nonce]),
    claim('sub', 'person-2'), claim('sub', undefined), claim('sub', ''), claim('sub', 7), claim('sub', null), claim('sub', 'x'.repeat(300), 'x300'), claim('sub', ['person-1']),
    claim('at_hash', halfHash('at-1'), 'good'), claim('at_hash', halfHash('at-2'), 'bad'), claim('at_hash', ''), claim('at_hash', 7),
    claim('auth_time', 'x'), claim('auth_time', (s) => s - 5, '-5'), claim('amr', ['pwd']), claim('acr', '1'), claim('jti', 7), claim('sid', 's-1'), claim('sid', 7),
    claim('events', { 'http://schemas.openid.net/event/backchannel-logout': {} }), claim('name', 'Zoë ⚡'), claim('__proto__x', { a: [1, { b: null }] }),
    header('alg', 'none'), header('alg', 'HS256'), header('alg', 'ES256'), header('alg', 'RS512'), header('alg', 'rs256'), header('alg', undefined), header('alg', ['RS256']),
    header('kid', 'k2'), header('kid', 'k9'), header('kid', undefined), header('kid', ''), header('kid', 7),
    header('typ', undefined), header('typ', 'jwt'), header('typ', 'at+jwt'), header('typ', 'logout+jwt'), header('typ', 'application/jwt'), header('typ', 7), header('typ', 'JWE'),
    header('crit', ['exp']), header('crit', []), header('crit', ['b64']), header('b64', false), header('b64', true), header('jku', 'https://evil.example/jwks'), header('x5u', 'https://evil.example/x'),
    header('jwk', jwk(otherRsa, {})), header('cty', 'JWT'), header('enc', 'A128GCM'), header('zip', 'DEF'),
    key('of another pair', (a) => { a.key = otherRsa; }), key('es256', (a) => { a.key = ec; a.header = { alg: 'ES256', kid: 'k2' }; }),
    key('hmac with the public key', (a) => { a.header = { alg: 'HS256', kid: 'k1' }; a.hmac = rsa.publicKey.export({ format: 'pem', type: 'spki' }); }),
    key('none there', (a) => { a.jwks.keys = []; }), key('no list', (a) => { a.jwks = {}; }), key('only the other', (a) => { a.jwks.keys.shift(); }),
    key('for encryption', (a) => { a.jwks.keys[0].use = 'enc'; }), key('without use', (a) => { delete a.jwks.keys[0].use; }), key('without kid', (a) => { delete a.jwks.keys[0].kid; }),
    key('without alg', (a) => { delete a.jwks.keys[0].alg; }), key('for ps256', (a) => { a.jwks.keys[0].alg = 'PS256'; }), key('twice', (a) => { a.jwks.keys.push(jwk(otherRsa, { kid: 'k1', alg: 'RS256' })); }),
    key('beside an unknown kind', (a) => { a.jwks.keys.unshift({ kty: 'XYZ', kid: 'k0' }); }), key('beside a symmetric one', (a) => { a.jwks.keys.unshift({ kty: 'oct', k: 'AAAA', kid: 'k0' }); }),
    key('to sign with', (a) => { a.jwks.keys[0].key_ops = ['sign']; }), key('to verify with', (a) => { a.jwks.keys[0].key_ops = ['verify']; }), key('status 500', (a) => { a.keys.status = 500; }),
    key('with e of one', (a) => { a.jwks.keys[0].e = 'AQ'; }), key('with broken n', (a) => { a.jwks.keys[0].n = '!!'; }),
    jws('of two parts', (t) => t.split('.').slice(0, 2).join('.')), jws('of four parts', (t) => `${t}.x`), jws('of five parts', (t) => `${t}.x.y`), jws('empty', () => ''),
    jws('without signature', (t) => `${t.split('.').slice(0, 2).join('.')}.`), jws('padded', (t) => `${t}=`), jws('with a blank', (t) => t.replace('.', '. ')), jws('with a line end', (t) => `${t}\n`),
    jws('one bit', (t) => { const [h, p, s] = t.split('.'); const raw = Buffer.from(s, 'base64url'); raw[9] ^= 1; return [h, p, b64(raw)].join('.'); }),
    jws('other claims', (t) => { const [h, , s] = t.split('.'); return [h, b64({ ...JSON.parse(Buffer.from(t.split('.')[1], 'base64url')), sub: 'person-2' }), s].join('.'); }),
    jws('plain base64', (t) => { const [h, p, s] = t.split('.'); return [h, p, Buffer.from(s, 'base64url').toString('base64')].join('.'); }),
    ['payload no object', (a) => { a.payload = b64([1]); }], ['payload no json', (a) => { a.payload = b64('{'); }], ['payload empty', (a) => { a.payload = ''; }],
    ['payload a name twice', (a) => { a.payload = b64(JSON.stringify(a.claims).replace('{', '{"sub":"person-2",')); }],
    ['payload a byte order mark', (a) => { a.payload = b64('\ufeff' + JSON.stringify(a.claims)); }],
    ['header a name twice', (a) => { a.spoilHeader = (t) => t.replace('{', '{"alg":"none",'); }],
    member('access_token', undefined), member('access_token', ''), member('access_token', 7), member('access_token', null), member('access_token', 'a b'), member('access_token', 'x'.repeat(4000)),
    member('token_type', undefined), member('token_type', 'bearer'), member('token_type', 'BEARER'), member('token_type', 'mac'), member('token_type', 7), member('token_type', ''), member('token_type', 'DPoP'),
    member('expires_in', '3600'), member('expires_in', -1), member('expires_in', 0), member('expires_in', 1.5), member('expires_in', null), member('expires_in', 'soon'), member('expires_in', undefined), member('expires_in', true),
    member('refresh_token', 'rt-1'), member('refresh_token', 7), member('refresh_token', ''), member('refresh_token', null), member('scope', 'openid'), member('scope', 7), member('scope', ''),
    ['token without id_token', (a) => { a.withoutIdToken = true; }], member('id_token', 7), member('id_token', null), member('error', 'invalid_grant'), member('error', null), member('extra', { a: [1] }),
    ...[201, 204, 302, 400, 401, 403, 429, 500, 503].map((status) => [`token status ${status}`, (a) => { a.token.status = status; }]),
    ['token refused', (a) => { a.token.status = 400; a.token.members = { error: 'invalid_grant', error_description: 'no' }; a.withoutIdToken = true; }],
    ['token type text/html', (a) => { a.token.type = 'text/html'; }], ['token type with charset', (a) => { a.token.type = 'application/json;charset=UTF-8'; }],
    body('empty', () => ''), body('cut', (t) => t.slice(0, -5)), body('in a list', (t) => `[${t}]`), body('twice', (t) => t + t), body('a name twice', (t) => t.replace('{', '{"access_token":"x",')),
    body('form', () => 'access_token=at-1&token_type=bearer'), body('blanks around', (t) => ` \n${t}\n `), body('null', () => 'null'), body('escapes', (t) => t.replace('at-1', '\\u0061t-1')),
    body('a comma at the end', (t) => t.replace(/}$/, ',}')), body('deep', (t) => t.replace(/}$/, `,"d":${'['.repeat(20)}${']'.repeat(20)}}`)),
    asked('no code', without('code')), asked('empty code', put('code', '')), asked('two codes', add('code', 'c-2')), asked('odd code', put('code', 'c%/+ ~')), asked('no state', without('state')),
    asked('empty state', put('state', '')), asked('another state', put('state', 'x')), asked('two states', add('state', state)), asked('no iss', without('iss')), asked('empty iss', put('iss', '')),
    asked('another iss', put('iss', 'https://evil.example')), asked('two iss', add('iss', issuer)), asked('iss with a slash', put('iss', `${issuer}/`)), asked('error', put('error', 'access_denied')),
    asked('error alone', (q) => put('error', 'access_denied')(without('code')(q))), asked('unknown error alone', (q) => put('error', 'whatever')(without('code')(q))), asked('two errors', (q) => add('error', 'x')(add('error', 'y')(without('code')(q)))),
    asked('session_state', add('session_state', 'abc')), asked('unknown', add('foo', 'bar')), asked('unknown twice', (q) => add('foo', 'b')(add('foo', 'a')(q))), asked('scope', add('scope', 'openid')),
    asked('response', add('response', 'a.b.c')), asked('id_token', add('id_token', 'a.b.c')), asked('access_token', add('access_token', 'x')),
    said('issuer', `${issuer}/`), said('issuer', undefined), said('issuer', 'https://evil.example'), said('issuer', 7), said('issuer', 'http://op.example'),
    said('authorization_endpoint', undefined), said('token_endpoint', undefined), said('token_endpoint', 7), said('token_endpoint', 'not a url'), said('token_endpoint', 'http://op.example/token'), said('jwks_uri', undefined),
    said('jwks_uri', 'http://op.example/jwks'), said('jwks_uri', ''), said('userinfo_endpoint', 7), said('id_token_signing_alg_values_supported', ['ES256']), said('id_token_signing_alg_values_supported', ['RS256']),
    said('id_token_signing_alg_values_supported', ['HS256', 'none']), said('id_token_signing_alg_values_supported', []), said('id_token_signing_alg_values_supported', undefined), said('id_token_signing_alg_values_supported', 'RS256'),
    said('authorization_response_iss_parameter_supported', false), said('authorization_response_iss_parameter_supported', undefined), said('response_types_supported', ['id_token']), said('response_types_supported', ['id_token', 'code']),
    said('response_types_supported', undefined), said('code_challenge_methods_supported', ['plain']), said('code_challenge_methods_supported', undefined), said('require_pushed_authorization_requests', true), said('made_up', [1, 2]),
    ['discovery status 404', (a) => { a.discovery.status = 404; }], ['discovery status 500', (a) => { a.discovery.status = 500; }], ['discovery status 301', (a) => { a.discovery.status = 301; }],
    ['discovery no json', (a) => { a.discovery.spoil = (t) => t.slice(1); }], ['discovery list', (a) => { a.discovery.spoil = (t) => `[${t}]`; }], ['discovery a name twice', (a) => { a.discovery.spoil = (t) => t.replace('{', '{"issuer":"https://evil.example",'); }],
    person('sub', 'person-2'), person('sub', undefined), person('sub', ''), person('sub', 7), person('email', 'x@example.com'), person('sub', 'PERSON-1'), person('groups', [1, null]),
    ...[204, 302, 401, 403, 500].map((status) => [`person status ${status}`, (a) => { a.person.status = status; }]),
    ['person no json', (a) => { a.person.spoil = () => 'x'; }], ['person list', (a) => { a.person.spoil = (t) => `[${t}]`; }], ['person a name twice', (a) => { a.person.spoil = (t) => t.replace('{', '{"sub":"person-2",'); }],
    ['person empty', (a) => { a.person.spoil = () => '{}'; }],
];

/// The case of this number: first every mutation alone, then pairs of them.
export function makeCase(number, now) {
    const r = new Random(20261124 + number);
    const chosen = number < mutations.length ? [mutations[number]] : [r.one(mutations), r.one(mutations)];
    const answers = honest(now);
    for (const [, change] of chosen) change(answers, Math.floor(now / 1000));
    let idToken = signed(answers);
    if (answers.spoil) idToken = answers.spoil(idToken);
    const members = { ...answers.token.members };
    if (!answers.withoutIdToken && !('id_token' in members)) members.id_token = idToken;
    const text = (value, { spoil } = {}) => (spoil ? spoil(JSON.stringify(value)) : JSON.stringify(value));
    return {
        names: chosen.map(([name]) => name), issuer, client_id: client, state, nonce, now, query: answers.query.map(([n, v]) => `${n}=${encodeURIComponent(v)}`).join('&'),
        discovery: { status: answers.discovery.status, body: text(answers.metadata, answers.discovery) },
        token: { status: answers.token.status, type: answers.token.type, body: text(members, answers.token) },
        keys: { status: answers.keys.status, body: JSON.stringify(answers.jwks) }, person: { status: answers.person.status, body: text(answers.person.members, answers.person) },
    };
}
