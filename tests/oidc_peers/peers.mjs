// SPDX-License-Identifier: BSL-1.0
// Starts the OpenID providers of this folder and login_server beside them.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Browser, fetchRaw, json, makeCertificates, start, startLoginServer } from '../programs/harness.mjs';

const here = import.meta.dirname;

/// A provider and the ways to steer it; `caFile` is what `startLoginServer` wants of one.
async function startPeer(script, folder) {
    const file = (name) => path.join(folder, name);
    if (!existsSync(file('ca.pem'))) makeCertificates(folder);
    const program = await start(process.execPath, [path.join(here, script), file('cert.pem'), file('key.pem')], 2);
    const [issuer, control] = program.urls;
    const order = async (where, options) => {
        const answer = await fetchRaw(control + where, options);
        if (answer.status !== 200) throw new Error(`${where}: ${answer.text} ${program.output}`);
        return answer.json();
    };
    return { ...program, issuer, caFile: file('ca.pem'), fetch: (where, options) => fetchRaw(issuer + where, { ca: program.ca, ...options }),
        order: (where, value) => order(`/${where}`, json(value)), log: () => order('/log'), issued: () => order('/issued'), forget: () => order('/log', { method: 'DELETE' }) };
}
export const startProvider = (folder) => startPeer('provider.mjs', folder);
export const startMock = (folder) => startPeer('mock.mjs', folder);

/// login_server with no module yet.
export async function startServer(folder, peer) {
    const server = await startLoginServer(folder, peer, { module: null });
    server.openModule = async (changes = {}) => {
        const made = await server.admin('POST', '/api/modules', { type: 'oidc', name: `Module ${Math.random()}`, client_id: 'authmod',
            client_secret: 'the secret of this client', issuer: peer.issuer, ...changes });
        await server.admin('POST', `/api/modules/${made.id}/enable`);
        return made;
    };
    return server;
}

/// One login from start to end, or as far as it gets.
export async function logIn(server, module, ca, browser = new Browser({ ca })) {
    const begun = await browser.get(`${server.url}/login/${module}`);
    if (begun.status !== 303) return { browser, answer: begun };
    const location = new URL(begun.headers.location);
    const { url, response } = await browser.follow(location.href, (u) => u.startsWith(`${server.url}/callback/`));
    if (response) return { browser, location, answer: response };
    return { browser, location, callback: new URL(url), answer: await browser.get(url) };
}
