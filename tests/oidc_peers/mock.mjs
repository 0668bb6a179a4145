// SPDX-License-Identifier: BSL-1.0
// oauth2-mock-server as a process of its own, over TLS: an OpenID provider whose every claim and key can be set. Steered
// over a second, plain address:
//   POST /claims {...}   members of user info and ID tokens     POST /rotate {}   signs with a new key, the old one is gone
//   GET /log             what clients asked for; DELETE forgets it
import { OAuth2Server } from 'oauth2-mock-server';
import http from 'node:http';

const [cert, key] = process.argv.slice(2);
let claims = {}, log = [], keys = 0;
const server = new OAuth2Server(key, cert);
await server.issuer.keys.generate('RS256', { kid: 'key-0' });
await server.start(0, '127.0.0.1');

// The server keeps every key it ever had; here only the newest is shown and signed with.
const { issuer, service } = server;
const all = issuer.keys.toJSON.bind(issuer.keys), pick = issuer.keys.get.bind(issuer.keys);
issuer.keys.toJSON = (secret) => { log.push('jwks'); return all(secret).filter((one) => one.kid === `key-${keys}`); };
issuer.keys.get = () => pick(`key-${keys}`);
service.on('beforeTokenSigning', (token) => Object.assign(token.payload, claims));
service.on('beforeUserinfo', (answer) => { log.push('userinfo'); answer.body = { sub: 'johndoe', ...claims }; });
service.on('beforeResponse', () => log.push('token'));

const orders = {
    'POST /claims': (body) => { claims = body; },
    'POST /rotate': async () => {
        await issuer.keys.generate('RS256', { kid: `key-${keys + 1}` });
        ++keys;
    },
    'GET /log': () => log,
    'DELETE /log': () => { log = []; },
};
const plain = http.createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const answer = await orders[`${request.method} ${request.url}`](text ? JSON.parse(text) : {});
    response.end(JSON.stringify(answer ?? {}));
});
plain.listen(0, '127.0.0.1', () => console.log(`listening on ${issuer.url}\nlistening on http://127.0.0.1:${plain.address().port}`));
process.on('SIGTERM', () => process.exit(0));
