// SPDX-License-Identifier: BSL-1.0
// Every page of the administrators with what opens on it, at a desk and on a phone, by day and by night: nothing sticks out, the
// content security policy refuses nothing, axe-core finds nothing serious. Screenshots go to the folder AUTHMOD_SCREENSHOTS.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { startLoginServer, startSimulator } from '../programs/harness.mjs';
import * as support from './support.mjs';

const { button, desk, fits, folder, more, phone, shoot } = support;
let simulator, server, browser;
const made = {};

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { module: { avatar_url: `${simulator.tls}/avatars/me.png` } });
    browser = await support.launch();
    await furnish();
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await server?.stop(), { code: 0, signal: null });
    assert.deepEqual(await simulator?.stop(), { code: 0, signal: null });
});

const administrator = (options) => support.administrator(browser, server, '/admin/', options);

/// `show` makes a state that deserves a look of its own.
const pages = () => [
    { name: 'modules', path: '/admin/' },
    { name: 'new-module', path: '/admin/modules/new', show: async (page) => { await page.getByRole('radio', { name: 'Bitbucket Cloud' }).check(); } },
    { name: 'general', path: `/admin/modules/${server.module}` },
    { name: 'incomplete', path: `/admin/modules/${made.incomplete}` },
    { name: 'unsaved', path: `/admin/modules/${server.module}`, show: async (page) => { await page.getByLabel('Client ID').fill('another-key'); } },
    { name: 'more', path: `/admin/modules/${server.module}`, show: (page) => button(page, 'More').click() },
    { name: 'rename', path: `/admin/modules/${server.module}`, show: (page) => more(page, 'Rename') },
    { name: 'delete', path: `/admin/modules/${server.module}`, show: (page) => more(page, 'Delete') },
    { name: 'disable', path: `/admin/modules/${server.module}`, show: (page) => button(page, 'Disable').click() },
    { name: 'mapping', path: `/admin/modules/${server.module}/mapping` },
    { name: 'mapping-refused', path: `/admin/modules/${server.module}/mapping`, show: async (page) => {
        await page.getByLabel('User ID').fill('uuid//x');
        await button(page, 'Add attribute').click();
        await button(page, 'Save', { exact: true }).click();
        await page.getByText('empty_segment').first().waitFor();
    } },
    { name: 'group-mappings', path: `/admin/modules/${server.module}/groups`, show: (page) => button(page, 'Add mapping').click() },
    { name: 'scim', path: `/admin/modules/${server.module}/scim`, show: async (page) => {
        await page.getByText('Tokens, requests and changes of Okta').click();
        await page.getByText('404').waitFor();
    } },
    { name: 'scim-unused', path: `/admin/modules/${server.module}/scim`, show: async (page) => {
        await page.getByText('Tokens, requests and changes of Entra ID').click();
        await page.getByText('It has asked for nothing yet.').waitFor();
    } },
    { name: 'additional', path: `/admin/modules/${server.module}/additional` },
    { name: 'changes', path: `/admin/modules/${server.module}/changes` },
    { name: 'accounts', path: '/admin/accounts' },
    { name: 'accounts-none', path: '/admin/accounts?search=nobody-is-called-this' },
    { name: 'new-account', path: '/admin/accounts', show: (page) => button(page, 'New account').click() },
    { name: 'account', path: `/admin/accounts/${made.account}` },
    { name: 'ban', path: `/admin/accounts/${made.account}`, show: (page) => button(page, 'Ban').click() },
    { name: 'groups', path: '/admin/groups' },
    { name: 'new-group', path: '/admin/groups', show: (page) => button(page, 'New group').click() },
    { name: 'group', path: `/admin/groups/${made.group}`, show: async (page) => {
        await page.getByLabel('Add a member').fill('nf');
        await page.getByText(/accounts? found/).waitFor({ state: 'attached' });
    } },
    { name: 'services', path: '/admin/services' },
    { name: 'audit', path: '/admin/audit' },
    { name: 'audit-none', path: '/admin/audit?event=nothing_like_this' },
    { name: 'no-module', path: '/admin/modules/nothing' },
    { name: 'no-page', path: '/admin/audit/nothing' },
];
/// Something on every page: a second module that lacks its credentials, a group with a member, a person with groups.
async function furnish() {
    const { token } = await server.admin('POST', '/api/scim-clients', { name: 'Okta', module: server.module });
    await server.admin('POST', '/api/scim-clients', { name: 'Entra ID', module: server.module });
    for (const path of ['Users?filter=userName+eq+%22ann%22', 'Users?filter=wrong', 'Groups?excludedAttributes=members', `Users/${'long-id-'.repeat(20)}`])
        await fetch(`${server.url}/scim/v2/${path}`, { headers: { Authorization: `Bearer ${token}` } });
    made.incomplete = (await server.admin('POST', '/api/modules', { type: 'bitbucket_cloud', name: 'A second, much longer name of a module' })).id;
    made.group = (await server.admin('POST', '/api/groups', { name: 'Furnished' })).id;
    await server.patchModule({ group_mappings: [{ external_group: 'ferro-team', group: made.group }] });
    made.account = (await support.logIn(browser, server, /Nadia Ferro/, 'Bitbucket (simulated)')).id;
    await support.logIn(browser, server, /Ünïcöde/, 'Bitbucket (simulated)');
}

/// Opens a page, brings it into the state to look at, and waits until nothing loads any more.
async function visit(page, { path, show }) {
    await page.goto(server.url + path);
    await page.locator('main h1').first().waitFor();
    await show?.(page);
    await page.waitForFunction(() => !document.querySelector('.loading, [aria-busy=true]'));
}

/// Leaves a page as it was found, so that nothing asks before the next one.
const tidy = (page) => page.evaluate(() => {
    document.querySelector('dialog[open] button.secondary')?.click();
    [...document.querySelectorAll('.savebar button')].find((b) => b.textContent === 'Discard')?.click();
});

describe('pages of administrators', () => {
    for (const [window, size] of Object.entries({ desk, phone }))
        for (const colorScheme of ['light', 'dark'])
            test(`every page at a ${window}, ${colorScheme}: nothing sticks out, nothing is refused by the policy`, async () => {
                const admin = await administrator({ ...size, colorScheme });
                for (const one of pages()) {
                    await visit(admin.page, one);
                    await fits(admin.page);
                    await shoot(admin.page, `admin-${window}-${colorScheme}-${one.name}`);
                    assert.deepEqual(await admin.page.evaluate(() => window.violations), [], one.name);
                    if (window === 'phone') {
                        const small = await admin.page.evaluate(() => [...document.querySelectorAll('main button, main [role=button], header button')]
                            .filter((e) => e.getClientRects().length && !e.matches('.link, .chips button') && e.getBoundingClientRect().height < 35).map((e) => e.innerText || e.ariaLabel));
                        assert.deepEqual(small, [], `large enough for a thumb on ${one.name}`);
                    }
                    await tidy(admin.page);
                }
                const ground = await admin.page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number));
                const sum = ground.slice(0, 3).reduce((a, b) => a + b);
                assert.ok(colorScheme === 'dark' ? sum < 150 : sum > 600, `the background is ${ground}`);
                await admin.end();
            });

    // axe-core is a file of its own in the page; only these profiles ignore the policy, so that it may be put there.
    for (const [window, size, colorScheme] of [['desk', desk, 'light'], ['desk', desk, 'dark'], ['phone', phone, 'light'], ['phone', phone, 'dark']])
        test(`axe-core finds nothing serious on any page at a ${window}, ${colorScheme}`, async () => {
            const admin = await administrator({ ...size, colorScheme, bypassCSP: true });
            const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
            const found = [];
            const judge = async (page, name) => {
                await page.addScriptTag({ path: axe });
                const { violations, passes } = await page.evaluate(() => axe.run());
                assert.ok(passes.length > 5, `axe-core looked at ${name}`);
                for (const v of violations)
                    if (['serious', 'critical'].includes(v.impact)) found.push(`${name}: ${v.id} at ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3)}`);
            };
            for (const one of pages()) {
                await visit(admin.page, one);
                await judge(admin.page, one.name);
                await tidy(admin.page);
            }
            await simulator.set({ auto_approve: 'nadia' });
            await admin.page.goto(`${server.url}/admin/modules/${server.module}`);
            const report = await support.testLogin(admin.page);
            await report.locator('summary').first().click();
            await judge(report, 'test-login');
            await fits(report);
            await shoot(report, `admin-${window}-${colorScheme}-test-login`);
            await report.close();
            await admin.page.goto(`${server.url}/admin/sign-in`);
            await judge(admin.page, 'sign-in');
            assert.deepEqual(found, []);
            await admin.end();
        });
});
