// SPDX-License-Identifier: BSL-1.0
// Starts the programs, talks HTTP to them as a browser does, and cleans up. Node's own modules only.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';

const bin = process.env.AUTHMOD_BIN;
if (!bin) throw new Error('AUTHMOD_BIN must name the folder of the built programs');

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/// A folder that goes when the process ends.
export function scratch() {
    const folder = mkdtempSync(path.join(tmpdir(), 'authmod-test-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

function openssl(folder, ...args) {
    const done = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`openssl ${args[0]}: ${done.stderr}`);
}

/// A throw-away authority (ca.pem) and a certificate of it for loopback names (cert.pem, key.pem).
export function makeCertificates(folder) {
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(folder, 'req', '-x509', ...ec, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=authmod test CA',
        '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
    openssl(folder, 'req', ...ec, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=localhost');
    writeFileSync(path.join(folder, 'san.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
    openssl(folder, 'x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '2',
        '-extfile', 'san.cnf', '-out', 'cert.pem');
}

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/// Starts a program of `bin`, or of a whole path, and waits until it has printed `lines` lines "listening on URL".
export async function start(name, args, lines = 1, env = {}) {
    const child = spawn(path.resolve(bin, name), args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    running.add(child);
    const program = { child, urls: [], output: '', exited: null };
    program.exited = new Promise((resolve) => child.on('exit', (code, signal) => { running.delete(child); resolve({ code, signal }); }));
    program.stop = async (signal = 'SIGTERM') => { child.kill(signal); return program.exited; };
    const ready = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${name} did not get ready in 20 s: ${program.output}`)), 20000);
        const seen = (text) => {
            program.output += text;
            program.urls = [...program.output.matchAll(/listening on (\S+)/g)].map((m) => m[1]);
            if (program.urls.length >= lines) { clearTimeout(timer); resolve(); }
        };
        child.stdout.setEncoding('utf8').on('data', seen);
        child.stderr.setEncoding('utf8').on('data', (text) => { program.output += text; });
        child.on('error', reject);
        child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`${name} ended with ${code}: ${program.output}`)); });
    });
    await ready;
    return program;
}

/// Stops every one of them that was started, the first one first, and only then fails if one did not end well: a program
/// left running would keep its test from ending.
export async function stopAll(...programs) {
    const ends = [];
    for (const program of programs.filter(Boolean)) ends.push({ program, end: await program.stop() });
    for (const { program, end } of ends) assert.deepEqual(end, { code: 0, signal: null }, program.output.slice(-20_000));
}

/// What must be nowhere but in the hands of whom it was given to: no answer, log line, audit row or database file may
/// hold it. Exchanges add cookies, codes and states as they see them (security rule N2).
export const secrets = new Set();
const guarded = new Set(); // origins of login servers

function noteSecrets(response) {
    for (const line of response.headers['set-cookie'] ?? []) {
        const value = line.slice(line.indexOf('=') + 1, line.indexOf(';'));
        if (value.length >= 20) secrets.add(value);
    }
    const location = response.headers.location;
    if (!location || !URL.canParse(location)) return;
    for (const name of ['code', 'state']) {
        const value = new URL(location).searchParams.get(name);
        if (value?.length >= 16) secrets.add(value);
    }
}

/// Throws when one of the secrets is in `bytes`.
export function assertNoSecrets(bytes, where) {
    for (const secret of secrets)
        if (bytes.includes(secret)) throw new Error(`${where} holds ${secret.slice(0, 6)}..., which nobody but its owner may see`);
}

/// One HTTP exchange; redirects are not followed. Gives {status, headers, text, json()}.
export async function fetchRaw(url, options = {}) {
    const response = await exchange(url, options);
    noteSecrets(response);
    if (guarded.has(new URL(url).origin)) {
        const { 'set-cookie': own, location, ...headers } = response.headers;
        assertNoSecrets(JSON.stringify(headers) + response.text, `${options.method ?? 'GET'} ${new URL(url).pathname}`);
    }
    return response;
}

function exchange(url, { method = 'GET', headers = {}, body, ca, agent, timeout = 30000 }) {
    return new Promise((resolve, reject) => {
        const client = url.startsWith('https:') ? https : http;
        const request = client.request(url, { method, headers, ca, agent, timeout }, (response) => {
            const parts = [];
            response.on('data', (part) => parts.push(part));
            response.on('error', reject);
            response.on('end', () => {
                const bytes = Buffer.concat(parts);
                resolve({ status: response.statusCode, headers: response.headers, rawHeaders: response.rawHeaders, bytes,
                    text: bytes.toString('utf8'), json: () => JSON.parse(bytes.toString('utf8')) });
            });
        });
        request.on('timeout', () => request.destroy(new Error(`no answer from ${url} in ${timeout} ms`)));
        request.on('error', reject);
        request.end(body);
    });
}

export const form = (members) => ({
    method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(members).toString() });

export const json = (value, method = 'POST') => ({
    method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });

export const basic = (key, secret) => 'Basic ' + Buffer.from(`${key}:${secret}`).toString('base64');

/// A browser without a window: cookies by host (ports share them, as RFC 6265 has it), redirects on request.
export class Browser {
    constructor({ ca } = {}) { this.ca = ca; this.cookies = new Map(); }

    cookieHeader(url) {
        const host = new URL(url).hostname;
        return [...this.cookies.values()].filter((c) => c.host === host && c.secure <= url.startsWith('https:'))
            .map((c) => `${c.name}=${c.value}`).join('; ');
    }

    keep(url, response) {
        const host = new URL(url).hostname;
        for (const line of response.headers['set-cookie'] ?? []) {
            const [pair, ...attributes] = line.split(';').map((part) => part.trim());
            const name = pair.slice(0, pair.indexOf('='));
            const over = attributes.some((a) => /^max-age=(0|-\d+)$/i.test(a) || /^expires=.*1970/i.test(a));
            const secure = attributes.some((a) => /^secure$/i.test(a));
            if (over) this.cookies.delete(`${host} ${name}`);
            else this.cookies.set(`${host} ${name}`, { host, name, value: pair.slice(pair.indexOf('=') + 1), secure });
        }
    }

    async get(url, options = {}) {
        const cookie = this.cookieHeader(url);
        const headers = { Accept: 'text/html', ...(cookie ? { Cookie: cookie } : {}), ...options.headers };
        const response = await fetchRaw(url, { ca: this.ca, ...options, headers });
        this.keep(url, response);
        return response;
    }

    /// Follows redirects until `stop(url)` says where to end (that URL is not opened) or an answer is no redirect.
    async follow(url, stop = () => false) {
        for (let hop = 0; hop < 12; ++hop) {
            if (stop(url)) return { url };
            const response = await this.get(url);
            if (response.status < 300 || response.status > 399 || !response.headers.location) return { url, response };
            url = new URL(response.headers.location, url).href;
        }
        throw new Error(`too many redirects, last ${url}`);
    }
}

/// The simulator on http and https, and the ways to steer it. Several in one folder share their certificate.
export async function startSimulator(folder, ...more) {
    if (!existsSync(path.join(folder, 'ca.pem'))) makeCertificates(folder);
    const program = await start('bitbucket_simulator',
        ['--tls-listen', '127.0.0.1:0', '--cert', path.join(folder, 'cert.pem'), '--key', path.join(folder, 'key.pem'), ...more], 2);
    const [plain, tls] = ['http:', 'https:'].map((scheme) => program.urls.find((url) => url.startsWith(scheme)));
    const order = async (where, options) => {
        const answer = await fetchRaw(plain + where, options);
        if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
        return answer.json();
    };
    return {
        ...program, plain, tls, caFile: path.join(folder, 'ca.pem'),
        set: (orders) => order('/_faults', json(orders)),
        faults: () => order('/_faults'),
        reset: async () => { await order('/_faults', { method: 'DELETE' }); await order('/_log', { method: 'DELETE' }); },
        log: () => order('/_log'),
        calls: async (endpoint) => (await order('/_log')).requests.filter((r) => r.endpoint === endpoint).length,
        accounts: (orders) => order('/_accounts', json(orders)),
        /// An access token of the provider for this person, as an app of the same consumer has it.
        accessToken: async (handle) => {
            await order('/_faults', json({ auto_approve: handle }));
            const back = 'http://127.0.0.1:1/back';
            const asked = new URLSearchParams({ response_type: 'code', client_id: 'simulator-key', redirect_uri: back, state: 's' });
            const { headers } = await fetchRaw(`${plain}/site/oauth2/authorize?${asked}`);
            const code = new URL(headers.location).searchParams.get('code');
            const given = await fetchRaw(`${plain}/site/oauth2/access_token`, { ...form({ grant_type: 'authorization_code', code, redirect_uri: back }),
                headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: basic('simulator-key', 'simulator-secret') } });
            const { access_token: token } = given.json();
            secrets.add(token);
            return token;
        },
        listAccounts: async () => (await order('/_accounts')).accounts,
    };
}

/// login_server on a SQLite file, with one enabled module that points at the simulator (none: `module` is null).
export async function startLoginServer(folder, simulator, { listen = '127.0.0.1:0', args = [], module = {}, fresh = true, store } = {}) {
    const file = (name) => path.join(folder, name);
    if (fresh) {
        writeFileSync(file('admin-token'), 'test-admin-token-0123456789abcdef0123456789\n', { mode: 0o600 });
        writeFileSync(file('master-key'), Buffer.alloc(32, 7).toString('hex') + '\n', { mode: 0o600 });
    }
    const program = await start('login_server', ['--listen', listen, '--store', store ?? `sqlite:${file('accounts.sqlite')}`,
        '--admin-token-file', file('admin-token'), '--master-key-file', file('master-key'), '--ca-file', simulator.caFile,
        '--allow-loopback-http', ...args]);
    const server = { ...program, url: program.urls[0], database: file('accounts.sqlite'), log: () => program.output };
    guarded.add(server.url);
    for (const secret of [readFileSync(file('admin-token'), 'utf8').trim(), readFileSync(file('master-key'), 'utf8').trim(), 'simulator-secret']) secrets.add(secret);
    server.stop = async (signal) => {
        const end = await program.stop(signal);
        try {
            if (signal !== 'SIGKILL') server.assertNoSecrets();
        } catch (found) {
            for (const child of running) child.kill('SIGKILL'); // else the runner waits for them
            throw found;
        }
        return end;
    };
    server.assertNoSecrets = () => {
        assertNoSecrets(program.output, 'the log');
        for (const name of readdirSync(folder).filter((n) => n.startsWith('accounts.sqlite'))) assertNoSecrets(readFileSync(file(name)), name);
    };
    server.admin = async (method, where, body) => {
        const answer = await fetchRaw(server.url + where, { method, body: body === undefined ? undefined : JSON.stringify(body),
            headers: { Authorization: 'Bearer test-admin-token-0123456789abcdef0123456789', 'Content-Type': 'application/json' } });
        if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${answer.text}`);
        return answer.text ? answer.json() : null;
    };
    server.makeModule = async (changes = {}) => {
        const made = await server.admin('POST', '/api/modules', {
            type: 'bitbucket_cloud', name: 'Bitbucket (simulated)', client_id: 'simulator-key', client_secret: 'simulator-secret',
            authorization_url: `${simulator.plain}/site/oauth2/authorize`, token_url: `${simulator.tls}/site/oauth2/access_token`,
            user_info_url: `${simulator.tls}/2.0/user`, email_url: `${simulator.tls}/2.0/user/emails`,
            groups_url: `${simulator.tls}/2.0/user/workspaces`, ...changes });
        await server.admin('POST', `/api/modules/${made.id}/enable`);
        return made.id;
    };
    server.patchModule = async (changes, id = server.module) => {
        const { revision } = await server.admin('GET', `/api/modules/${id}`);
        return server.admin('PATCH', `/api/modules/${id}`, { ...changes, revision });
    };
    /// Rows of the database, read from outside.
    server.rows = (sql) => {
        const done = spawnSync('sqlite3', ['-json', '-cmd', '.timeout 5000', server.database, sql], { encoding: 'utf8', maxBuffer: 1 << 28 });
        if (done.status !== 0) throw new Error(`sqlite3: ${done.stderr}`);
        return done.stdout.trim() ? JSON.parse(done.stdout) : [];
    };
    server.count = (table) => server.rows(`SELECT count(*) AS n FROM ${table}`)[0].n;
    /// From the start of a login to the address of the callback, which is not opened. The simulator must approve by itself.
    server.reachCallback = async (browser, module = server.module, query = '') => {
        const { url, response } = await browser.follow(`${server.url}/login/${module}${query}`, (u) => u.startsWith(`${server.url}/callback/`));
        if (response) throw new Error(`the login ended at ${url} with ${response.status}: ${response.text}`);
        return url;
    };
    server.me = (browser) => browser.get(`${server.url}/me`);
    if (fresh && module) server.module = await server.makeModule(module);
    return server;
}

/// The stable word on an error page of login_server.
export const wordOf = (answer) => /<code>([a-z_]+)<\/code>/.exec(answer.text)?.[1];
