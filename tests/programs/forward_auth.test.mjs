// SPDX-License-Identifier: BSL-1.0
// The proxies of examples/forward_auth as their configurations stand, in front of a real login server and an application
// that shows what it was sent. Traefik is not among them: Debian has no package of it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Browser, fetchRaw, scratch, sleep, startLoginServer, startSimulator } from './harness.mjs';

const configurations = fileURLToPath(new URL('../../examples/forward_auth/', import.meta.url));
const there = (program) => spawnSync(program, ['version'], { encoding: 'utf8' }).error === undefined;

async function freePort() {
    const server = net.createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/// The configuration with the ports of this run.
function configuration(name, ports) {
    return readFileSync(path.join(configurations, name), 'utf8').replace(/127\.0\.0\.1:(8000|8080|9000)\b/g, (_, port) => `127.0.0.1:${ports[port]}`);
}

const proxies = {
    nginx: (folder, ports) => {
        const inside = (name) => path.join(folder, name);
        writeFileSync(inside('site.conf'), configuration('nginx.conf', ports));
        const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${inside(n)};`).join(' ');
        writeFileSync(inside('nginx.conf'), `${process.getuid() === 0 ? 'user root;' : ''} daemon off; pid ${inside('pid')}; error_log stderr;
            events {} http { access_log off; ${temporary} include ${inside('site.conf')}; }`);
        return spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', inside('nginx.conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
    },
    caddy: (folder, ports) => {
        const file = path.join(folder, 'Caddyfile');
        writeFileSync(file, `{\n\tadmin off\n}\n${configuration('Caddyfile', ports)}`);
        return spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'],
            { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
    },
};

// Hyphens and underscores are one to CGI and WSGI, and case is nothing to anybody.
function spellings(name) {
    const parts = name.split('-');
    let all = [parts[0]];
    for (const part of parts.slice(1)) all = all.flatMap((head) => [`${head}-${part}`, `${head}_${part}`]);
    return all.flatMap((n) => [n, n.toLowerCase(), n.toUpperCase()]);
}

for (const [name, startProxy] of Object.entries(proxies)) {
    describe(`${name} with forward auth`, { skip: there(name === 'nginx' ? 'nginx' : 'caddy') ? false : `${name} is not installed` }, () => {
        const folder = scratch();
        const seen = []; // what the application was asked
        let simulator, server, application, proxy, site, log = '';

        before(async () => {
            const ports = { 8000: await freePort() };
            site = `http://127.0.0.1:${ports[8000]}`;
            simulator = await startSimulator(folder);
            server = await startLoginServer(folder, simulator, { args: ['--base-url', site, '--trusted-proxy', '127.0.0.1'] });
            ports[8080] = new URL(server.url).port;
            application = http.createServer((request, response) => {
                seen.push(request);
                response.end('the application');
            });
            await new Promise((resolve) => application.listen(0, '127.0.0.1', resolve));
            ports[9000] = application.address().port;
            mkdirSync(path.join(folder, 'proxy_home'));
            proxy = startProxy(path.join(folder, 'proxy_home'), ports);
            proxy.stderr.setEncoding('utf8').on('data', (text) => { log += text; });
            for (let i = 0; ; ++i) {
                if (await fetchRaw(`${site}/login?choose=1`).then((a) => a.status === 200, () => false)) break;
                assert.ok(i < 100 && proxy.exitCode === null, `${name} does not serve: ${log}`);
                await sleep(100);
            }
            server.inside = server.url;
            server.url = site;
        });
        after(async () => {
            proxy?.kill('SIGTERM');
            application?.close();
            application?.closeAllConnections();
            if (server?.inside) server.url = server.inside;
            await server?.stop();
            await simulator?.stop();
        });

        async function logIn(handle, where = '/private/page?x=1') {
            const browser = new Browser();
            await simulator.reset();
            await simulator.set({ auto_approve: handle });
            seen.length = 0;
            const first = await browser.get(site + where);
            assert.equal(first.status, 303, first.text);
            const page = await browser.get(new URL(first.headers.location, site).href);
            const [, button] = /href="(\/login\/[^"]+)"/.exec(page.text) ?? assert.fail(page.text);
            const end = await browser.follow(new URL(button.replaceAll('&amp;', '&'), site).href);
            assert.equal(end.url, site + where);
            assert.equal(end.response.text, 'the application');
            return browser;
        }

        test('sends strangers to the login page and back to where they wanted to go', async () => {
            await logIn('nadia');
            assert.equal(seen.length, 1, 'the application never saw the stranger');
            assert.equal(seen[0].url, '/private/page?x=1');
            assert.equal(seen[0].headers['x-auth-user'], 'nferro');
            assert.match(seen[0].headers['x-auth-email'], /@/);
            assert.equal(seen[0].headers['x-auth-email-verified'], 'true');
            assert.match(seen[0].headers['x-auth-groups'], /All%20Users|All Users/);
        });

        test('lets no identity of the client through, in whatever spelling', async () => {
            const browser = await logIn('nadia');
            const names = ['X-Auth-User', 'X-Auth-Email', 'X-Auth-Email-Verified', 'X-Auth-Groups'].flatMap(spellings);
            for (const spelt of names) {
                seen.length = 0;
                const answer = await browser.get(`${site}/private`, { headers: { [spelt]: 'forged' } });
                assert.equal(answer.text, 'the application', spelt);
                assert.ok(!JSON.stringify(seen[0].rawHeaders).includes('forged'), `${spelt}: ${seen[0].rawHeaders}`);
                assert.equal(seen[0].headers['x-auth-user'], 'nferro');
            }
            seen.length = 0;
            await browser.get(`${site}/private`, { headers: Object.fromEntries(names.map((n) => [n, 'forged'])) });
            assert.ok(!JSON.stringify(seen[0].rawHeaders).includes('forged'));
            assert.equal(seen[0].rawHeaders.filter((h) => /^x-auth-user$/i.test(h)).length, 1);
            // An answer without an email leaves no room for the client's.
            const nobody = await logIn('noemail');
            seen.length = 0;
            await nobody.get(`${site}/private`, { headers: { 'X-Auth-Email': 'forged@example.com' } });
            assert.ok(!JSON.stringify(seen[0].rawHeaders).includes('forged'), `${seen[0].rawHeaders}`);
        });

        test('shows neither metrics nor the check itself to the world', async () => {
            for (const where of ['/metrics', '/readyz', '/verify', '/forward_auth']) {
                const answer = await fetchRaw(site + where);
                assert.ok([303, 404].includes(answer.status), `${where}: ${answer.status}`);
                assert.ok(!answer.text.includes('# EOF'));
            }
        });

        test('tells the login server the address of the client, not what the client says', async () => {
            const browser = new Browser();
            await browser.get(`${site}/login/none`, { headers: { 'X-Forwarded-For': '6.6.6.6' } });
            for (let i = 0; i < 250 && !server.log().includes('path=/login/none'); ++i) await sleep(20); // the line is on its way
            assert.match(server.log(), /path=\/login\/none address=127\.0\.0\.1 /);
            assert.ok(!server.log().includes('6.6.6.6'));
        });

        test('keeps everybody out while the login server is away', async () => {
            const browser = await logIn('nadia');
            const url = server.url;
            server.url = server.inside;
            await server.stop();
            server.url = url;
            seen.length = 0;
            const answer = await browser.get(`${site}/private`);
            assert.ok(answer.status >= 500, `${answer.status}`);
            assert.deepEqual(seen, []);
            server = undefined;
        });
    });
}
