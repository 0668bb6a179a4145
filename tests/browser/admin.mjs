// SPDX-License-Identifier: BSL-1.0
// An administrator with a real browser: makes a module, mends what is refused, tests logins that fail, maps a group, sees a person
// land in it, puts modules in order without a mouse, is slower than a colleague. Screenshots go to the folder AUTHMOD_SCREENSHOTS.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startLoginServer, startSimulator } from '../programs/harness.mjs';
import * as support from './support.mjs';

const { button, desk, dialog, fits, folder, heading, link, more, save, saved, shoot, tab, token } = support;
let simulator, server, browser;

before(async () => {
    simulator = await startSimulator(folder);
    server = await startLoginServer(folder, simulator, { module: { avatar_url: `${simulator.tls}/avatars/me.png` } });
    browser = await support.launch();
});
after(async () => {
    await browser?.close();
    assert.deepEqual(await server?.stop(), { code: 0, signal: null });
    assert.deepEqual(await simulator?.stop(), { code: 0, signal: null });
});
beforeEach(() => simulator.reset());

const administrator = (path, options) => support.administrator(browser, server, path, options);

/// What the report of a test login says. The simulator must approve by itself.
async function testLogin(page, name = 'ok') {
    const report = await support.testLogin(page);
    await shoot(report, `admin-test-login-${name}`);
    await fits(report);
    const text = await report.locator('main').innerText();
    await report.close();
    return text;
}

const logIn = (name, module) => support.logIn(browser, server, name, module);

describe('administration', () => {
    test('strangers get the way in, and only the right token opens', async () => {
        const { context, page, complaints } = await support.person(browser, desk);
        await page.goto(`${server.url}/admin/accounts?search=a`);
        await page.waitForURL(/\/admin\/sign-in\?return_to=/);
        await page.getByLabel('Admin token').fill('wrong');
        await button(page, 'Sign in').click();
        await page.getByText('not the admin token').waitFor();
        await shoot(page, 'admin-sign-in-refused');
        await page.getByLabel('Admin token').fill(token);
        await button(page, 'Sign in').click();
        await heading(page, 'Accounts').waitFor();
        assert.equal(page.url(), `${server.url}/admin/accounts?search=a`);
        const cookie = (await context.cookies()).find((c) => c.name === 'authmod_admin');
        assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'Strict', '/']);
        await button(page, 'Sign out').click();
        await page.waitForURL(/\/admin\/sign-in/);
        assert.deepEqual(complaints.filter((text) => !/status of 40[13]/.test(text)), []);
        await context.close();
    });

    test('an account administrates only as a member of authmod-admins', async () => {
        const { context, page, complaints } = await support.person(browser, { reducedMotion: 'reduce', ...desk });
        await page.goto(`${server.url}/admin/groups`);
        await button(page, 'Log in with an account').click();
        await button(page, 'Log in with Bitbucket (simulated)').click();
        await button(page, /Sam Several/).click();
        await button(page, 'Grant access').click();
        await page.getByText('is signed in but does not belong to the group').waitFor();
        await shoot(page, 'admin-no-administrator');

        const sam = (await server.admin('GET', '/api/accounts')).items.find((a) => a.full_name === 'Sam Several');
        await server.admin('PUT', `/api/groups/authmod-admins/members/${sam.id}`);
        await page.goto(`${server.url}/admin/groups`);
        await heading(page, 'Groups').waitFor();
        await page.locator('.me').getByText('Sam Several').waitFor();
        await button(page, 'New group').click();
        await dialog(page).getByLabel('Name').fill('Made by Sam');
        await dialog(page).getByRole('button', { name: 'Create' }).click();
        await link(page, 'Made by Sam').waitFor();
        assert.equal((await server.admin('GET', '/api/audit?event=group_created')).items[0].author, sam.id);
        await link(page, 'Your account').click();
        await button(page, 'Log out').click();
        await button(page, 'Log in with Bitbucket (simulated)').waitFor();
        assert.deepEqual(complaints.filter((text) => !/status of 40[13]/.test(text)), []);
        await context.close();
        for (const { id, name } of (await server.admin('GET', '/api/groups')).items)
            if (name === 'Made by Sam') await server.admin('DELETE', `/api/groups/${id}`);
        await server.admin('DELETE', `/api/accounts/${sam.id}`);
    });

    test('a module from the first click to the last', async () => {
        const admin = await administrator();
        const { page } = admin;
        await server.admin('POST', '/api/groups', { name: 'Developers' });

        // Choose and create.
        await button(page, 'New module').click();
        await page.getByLabel('Search providers').fill('bitb');
        await page.getByRole('radio', { name: 'Bitbucket Cloud' }).check();
        await page.getByLabel('Name').fill('Acme Bitbucket');
        await button(page, 'Create module').click();
        await heading(page, 'Acme Bitbucket').waitFor();
        await page.getByText('Before this module can be enabled, fill in').waitFor();
        const id = page.url().split('/').pop();

        // The redirect URI goes to the provider, key and secret come from there.
        await button(page, 'Copy redirect URI').click();
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${server.url}/callback/${id}`);
        assert.equal(await page.getByRole('textbox', { name: 'Redirect URI' }).inputValue(), `${server.url}/callback/${id}`);
        await page.getByText('Callback URL').first().waitFor();
        await button(page, 'Enable').click();
        await page.getByRole('alert').first().waitFor();
        await page.getByLabel('Client ID').fill('simulator-key');
        await page.getByLabel('Client secret').fill('simulator-secret');
        await page.getByLabel('Authorization URL').fill('ftp://bitbucket.org');
        await button(page, 'Save', { exact: true }).click();
        await page.getByText('Not saved.').waitFor();
        assert.equal(await page.getByLabel('Authorization URL').getAttribute('aria-invalid'), 'true');
        assert.equal(await page.evaluate(() => document.activeElement.id), 'set-authorization_url');
        assert.equal(await page.getByLabel('Client secret').inputValue(), 'simulator-secret', 'what was typed stays');
        await shoot(page, 'admin-field-refused');
        await page.getByLabel('Authorization URL').fill(`${simulator.plain}/site/oauth2/authorize`);
        await page.getByLabel('Token URL').fill(`${simulator.tls}/site/oauth2/access_token`);
        await page.getByLabel('User data URL').fill(`${simulator.tls}/2.0/user`);
        await page.getByLabel('Email URL').fill(`${simulator.tls}/2.0/user/emails`);
        await page.getByLabel('Groups URL').fill(`${simulator.tls}/2.0/user/workspaces`);
        await page.getByLabel('Avatar URL').fill(`${simulator.tls}/avatars/me.png`);
        await save(page);
        assert.equal(await page.getByLabel('Client secret').inputValue(), '');
        await page.getByText('A secret is stored').waitFor();
        await button(page, 'Enable').click();
        await button(page, 'Disable').waitFor();

        // Test logins: one that works, and failures that each say what to do.
        await simulator.set({ auto_approve: 'nadia' });
        const people = async () => (await server.admin('GET', '/api/accounts')).items.length;
        const before = await people();
        const good = await testLogin(page);
        for (const words of ['A person could log in', 'Would create', 'User ID', 'Email verified', 'Nadia Ferro', 'nadia@nadia.example', 'ferro-team']) assert.ok(good.includes(words), `${words} is missing in: ${good}`);
        assert.equal(await people(), before, 'a test login creates nobody');
        const failures = [
            ['access_denied', 'grant access', () => simulator.set({ consent: 'denied' })],
            ['provider_failed', 'try again', () => simulator.set({ endpoint: 'token', fault: 'status', status: 500 })],
            ['user_info_refused', 'check the scopes', () => simulator.set({ endpoint: 'user', fault: 'status', status: 403 })],
            ['email_list_failed', 'email URL', () => simulator.set({ endpoint: 'emails', fault: 'status', status: 500 })],
            ['user_id_missing', 'User ID path', () => server.patchModule({ user_id: 'nothing' }, id)],
            ['client_refused', 'copy the key and the secret', () => server.patchModule({ user_id: 'uuid', client_secret: 'wrong' }, id)],
        ];
        for (const [code, cure, arrange] of failures) {
            await simulator.reset();
            await simulator.set({ auto_approve: 'nadia' });
            await arrange();
            await page.reload();
            const report = await testLogin(page, code);
            assert.ok(report.includes('A person could not log in') && report.includes('What to do:') && report.includes('Failed'), report);
            assert.ok(report.includes(code) && report.toLowerCase().includes(cure.toLowerCase()), `${code}, ${cure}: ${report}`);
            assert.ok(!report.includes('simulator-secret'));
        }
        await simulator.reset();
        await page.reload();
        await page.getByLabel('Client secret').fill('simulator-secret');
        await save(page);

        // Default, and a group mapping that a person feels.
        await more(page, 'Make default');
        await page.locator('.page-head').getByText('Default').waitFor();
        await tab(page, 'Group mappings');
        await button(page, 'Add mapping').click();
        await page.getByLabel('External group 1').fill('ferro-team');
        await page.getByLabel('Local group 1').selectOption({ label: 'Developers' });
        await save(page);
        const me = await logIn(/Nadia Ferro/, 'Acme Bitbucket');
        assert.ok(me.groups.includes('Developers'), `Nadia is in ${me.groups}`);
        await link(page, 'Groups').click();
        await page.getByRole('link', { name: 'Developers' }).click();
        await page.getByText('nferro').waitFor();

        // Changes tell it all, and never the secret.
        await page.goto(`${server.url}/admin/modules/${id}/changes`);
        await page.getByText('Module changed').first().waitFor();
        const changes = await page.locator('main').innerText();
        for (const words of ['Group mappings', 'Client secret', 'Login', 'Module enabled', 'Module created']) assert.ok(changes.includes(words), `${words} is missing in: ${changes}`);
        assert.ok(!changes.includes('simulator-secret'));
        await shoot(page, 'admin-changes');

        // Rename, disable, delete.
        await more(page, 'Rename');
        await dialog(page).getByLabel('Name').fill('Bitbucket of Acme');
        await dialog(page).getByRole('button', { name: 'Rename' }).click();
        await heading(page, 'Bitbucket of Acme').waitFor();
        await button(page, 'Disable').click();
        await dialog(page).getByRole('button', { name: 'Disable' }).click();
        await button(page, 'Enable').waitFor();
        await more(page, 'Delete');
        await dialog(page).getByText('Its settings and secret are gone for good').waitFor();
        await shoot(page, 'admin-delete');
        await button(page, 'Cancel').click();
        assert.equal((await server.admin('GET', `/api/modules/${id}`)).name, 'Bitbucket of Acme');
        await more(page, 'Delete');
        await dialog(page).getByRole('button', { name: 'Delete' }).click();
        await heading(page, 'Auth modules').waitFor();
        assert.equal((await server.admin('GET', '/api/modules')).items.some((m) => m.id === id), false);
        await admin.end();
    });

    test('the last way in asks twice', async () => {
        const admin = await administrator(`/admin/modules/${server.module}`);
        const { page } = admin;
        await button(page, 'Disable').click();
        await dialog(page).getByRole('button', { name: 'Disable' }).click();
        await heading(page, 'This is the last way in').waitFor();
        await button(page, 'Cancel').click();
        assert.equal((await server.admin('GET', `/api/modules/${server.module}`)).enabled, true);
        await button(page, 'Disable').click();
        await dialog(page).getByRole('button', { name: 'Disable' }).click();
        await button(page, 'Disable it all the same').click();
        await button(page, 'Enable').click();
        await button(page, 'Disable').waitFor();
        await admin.end();
    });

    test('a bad path is refused with a caret under its character', async () => {
        const admin = await administrator(`/admin/modules/${server.module}/mapping`);
        const { page } = admin;
        await page.getByLabel('Full name').fill('zoë/山田//x');
        await button(page, 'Save', { exact: true }).click();
        await page.locator('#set-full_name-fault').getByText('empty_segment').waitFor();
        assert.equal(await page.locator('#set-full_name-fault pre').textContent(), `zoë/山田//x\n${' '.repeat(7)}^`);
        assert.equal(await page.getByLabel('Full name').getAttribute('aria-invalid'), 'true');
        await button(page, 'Discard').click();
        await saved(page);
        await admin.end();
    });

    test('a colleague was faster: reload keeps what was typed', async () => {
        const admin = await administrator(`/admin/modules/${server.module}`);
        const { page } = admin;
        await page.getByLabel('Scopes').fill('account email team');
        await server.patchModule({ scopes: 'account', logout_url: 'https://bitbucket.org/account/signout/' });
        await button(page, 'Save', { exact: true }).click();
        await page.getByText('Somebody else changed this module').waitFor();
        await shoot(page, 'admin-conflict');
        await button(page, 'Reload and keep what I typed').click();
        await page.getByText('Changed by somebody else').waitFor();
        assert.equal(await page.getByLabel('Scopes').inputValue(), 'account email team');
        assert.equal(await page.getByLabel('Logout URL').inputValue(), 'https://bitbucket.org/account/signout/');
        await page.getByText('Somebody else set this to “account” meanwhile.').waitFor();
        await save(page);
        const now = await server.admin('GET', `/api/modules/${server.module}`);
        assert.deepEqual([now.scopes, now.logout_url], ['account email team', 'https://bitbucket.org/account/signout/']);
        await server.patchModule({ scopes: 'account email', logout_url: '' });
        await admin.end();
    });

    test('unsaved changes are not lost by a click, and a lost session loses nothing', async () => {
        const admin = await administrator();
        const { page, context } = admin;
        await link(page, 'Bitbucket (simulated)').click();
        await page.getByLabel('Scopes').fill('account');
        await tab(page, 'Additional settings');
        await page.getByLabel('Read timeout').fill('4000');
        await page.getByText('Unsaved changes in General and Additional settings').waitFor();
        await link(page, 'Accounts').click();
        await heading(page, 'Leave without saving?').waitFor();
        await shoot(page, 'admin-leave');
        await button(page, 'Cancel').click();
        assert.equal(await page.getByLabel('Read timeout').inputValue(), '4000');
        await page.goBack(); // to the first tab, which is still the same module
        await page.goBack(); // to the list
        await heading(page, 'Leave without saving?').waitFor();
        await button(page, 'Cancel').click();
        assert.equal(page.url(), `${server.url}/admin/modules/${server.module}`);

        const kept = await context.cookies();
        await context.clearCookies();
        await button(page, 'Save', { exact: true }).click();
        await page.getByText('You are signed out.').waitFor();
        await shoot(page, 'admin-signed-out');
        await context.addCookies(kept);
        await button(page, 'I have signed in').click();
        await save(page);
        assert.equal((await server.admin('GET', `/api/modules/${server.module}`)).read_timeout_ms, 4000);
        await server.patchModule({ scopes: 'account email', read_timeout_ms: 5000 });
        await admin.end();
    });

    test('modules are put in order by keyboard alone and by mouse', async () => {
        const ids = [];
        for (const name of ['Second', 'Third']) ids.push((await server.admin('POST', '/api/modules', { type: 'bitbucket_cloud', name })).id);
        const order = async () => (await server.admin('GET', '/api/modules')).items.map((m) => m.name);
        const first = (await order())[0];
        const admin = await administrator();
        const { page } = admin;
        const rows = page.locator('.rows li');
        const shows = async (...names) => {
            for (const [n, name] of names.entries()) await rows.nth(n).getByRole('link', { name }).waitFor();
            for (let tries = 0; ; ++tries) { // the writes follow one after the other
                const now = await order();
                if (now.join() === names.join()) break;
                assert.ok(tries < 100, `the order is ${now}`);
                await page.waitForTimeout(50);
            }
        };
        for (let tabs = 0; !await page.evaluate(() => document.activeElement.matches('.handle')); ++tabs) {
            assert.ok(tabs < 30, 'Tab reaches the handle');
            await page.keyboard.press('Tab');
        }
        await page.keyboard.press('ArrowDown');
        await shows('Second', first, 'Third');
        await page.getByText(`${first}: place 2 of 3`).waitFor({ state: 'attached' });
        assert.ok(await page.evaluate(() => document.activeElement.matches('.handle')), 'the handle keeps the focus');
        await page.keyboard.press('ArrowDown');
        await shows('Second', 'Third', first);

        const box = await rows.nth(2).locator('.handle').boundingBox();
        const goal = await rows.nth(0).boundingBox();
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x + box.width / 2, goal.y + 30, { steps: 8 });
        await page.mouse.move(box.x + box.width / 2, goal.y + 5, { steps: 4 });
        await page.mouse.up();
        await shows(first, 'Second', 'Third');
        await button(page, 'Move Third up').click();
        await shows(first, 'Third', 'Second');
        await rows.nth(2).locator('.handle').focus(); // faster than the writes
        for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
        await shows('Second', first, 'Third');
        assert.equal(await page.getByRole('alert').count(), 0);
        for (const id of ids) await server.admin('DELETE', `/api/modules/${id}`);
        await admin.end();
    });

    test('accounts and groups by hand', async () => {
        const admin = await administrator('/admin/groups');
        const { page } = admin;
        await button(page, 'New group').click();
        await dialog(page).getByLabel('Name').fill('Reviewers');
        await dialog(page).getByRole('button', { name: 'Create' }).click();
        await link(page, 'Reviewers').waitFor();
        await button(page, 'New group').click();
        await dialog(page).getByLabel('Name').fill('Reviewers');
        await dialog(page).getByRole('button', { name: 'Create' }).click();
        await dialog(page).getByText('name_taken').waitFor();
        await page.keyboard.press('Escape');
        await dialog(page).waitFor({ state: 'detached' });

        await link(page, 'Accounts').click();
        await button(page, 'New account').click();
        await dialog(page).getByLabel('Username').fill('ann');
        await dialog(page).getByLabel('Email').first().fill('ann@example.com');
        await dialog(page).getByRole('button', { name: 'Create' }).click();
        await heading(page, 'ann').waitFor();
        await button(page, 'Set to verified').click();
        await button(page, 'Set to not verified').waitFor();
        await page.getByLabel('Add to a group').selectOption({ label: 'Reviewers' });
        await button(page, 'Remove from Reviewers').waitFor();
        await button(page, 'Ban').click();
        await dialog(page).getByLabel('Reason').fill('left the company');
        await shoot(page, 'admin-ban');
        await dialog(page).getByRole('button', { name: 'Ban' }).click();
        await page.getByText('Left the company').waitFor();
        const id = page.url().split('/').pop();
        assert.equal((await server.admin('GET', `/api/accounts/${id}`)).banned, true);
        await button(page, 'Lift the ban').click();
        await button(page, 'Ban').waitFor();

        await link(page, 'Groups').click();
        await link(page, 'Reviewers').click();
        await button(page, 'Remove ann from Reviewers').click();
        await page.getByText('Nobody belongs to this group.').waitFor();
        await page.getByLabel('Add a member').fill('an');
        await button(page, 'Add ann').click();
        await button(page, 'Remove ann from Reviewers').waitFor();
        await button(page, 'Delete').click();
        await dialog(page).getByRole('button', { name: 'Delete' }).click();
        await heading(page, 'Groups').waitFor();
        await page.goto(`${server.url}/admin/accounts/${id}`);
        await button(page, 'Delete').click();
        await dialog(page).getByRole('button', { name: 'Delete' }).click();
        await heading(page, 'Accounts').waitFor();
        assert.equal((await server.admin('GET', '/api/accounts')).items.some((a) => a.id === id), false);
        await page.goto(`${server.url}/admin/accounts/${id}`);
        await heading(page, 'No such account').waitFor();
        await admin.end();
    });

    test('paths show what they give, from the last test login and from a pasted answer', async () => {
        await simulator.set({ auto_approve: 'nadia' });
        const admin = await administrator(`/admin/modules/${server.module}/mapping`);
        const { page } = admin;
        const gives = (name, text) => page.locator('.field', { has: page.locator(`#set-${name}`) }).locator('output', { hasText: text }).waitFor();
        await page.getByText('Run a test login once').waitFor();
        await page.getByLabel('Profile').fill('{"uuid":"{1}","display_name":"Ann Pasted","nested":{"zone":"Europe/Rome"}}');
        await gives('user_id', '{1}');
        await gives('full_name', 'Ann Pasted');
        await gives('username', 'nothing');
        await page.getByLabel('Full name').fill('nested/zone');
        await gives('full_name', 'Europe/Rome');
        await page.getByLabel('Full name').fill('é/[x');
        await page.locator('#set-full_name-fault').getByText('unclosed_selector').waitFor();
        assert.match(await page.locator('#set-full_name-fault pre').textContent(), /^é\/\[x\n {2,4}\^$/);
        await button(page, 'Add attribute').click();
        await page.getByLabel('Name of attribute 1').fill('zone');
        await page.getByLabel('Path of attribute 1').fill('nested/zone');
        await page.locator('.pair output', { hasText: 'Europe/Rome' }).waitFor();
        await shoot(page, 'admin-preview');
        await page.getByLabel('Profile').fill('{"uuid":');
        await page.locator('#doc-profile-fault').waitFor();
        await button(page, 'Discard').click();

        await testLogin(page);
        await page.reload(); // coming back to the tab does the same; a browser without windows is never away
        await gives('full_name', 'Nadia Ferro');
        await gives('email', 'nadia@nadia.example');
        await gives('email_verified', 'verified');
        await gives('groups', 'ferro-team');
        await admin.end();
    });

    test('a service shows its secret once', async () => {
        const admin = await administrator('/admin/services');
        const { page } = admin;
        await button(page, 'New service').click();
        await dialog(page).getByLabel('Name').fill('Mobile backend');
        await dialog(page).getByLabel('Bitbucket (simulated)').check();
        await dialog(page).getByRole('button', { name: 'Create' }).click();
        await heading(page, 'Copy the secret now').waitFor();
        const secret = await page.getByRole('textbox', { name: 'Secret' }).inputValue();
        assert.ok(secret.length >= 32);
        await button(page, 'I have copied it').click();
        await page.getByText('Mobile backend').waitFor();
        await page.reload();
        await page.getByText('Mobile backend').waitFor();
        assert.ok(!(await page.content()).includes(secret));
        await button(page, 'Delete Mobile backend').click();
        await dialog(page).getByRole('button', { name: 'Delete' }).click();
        await heading(page, 'No services yet').waitFor();
        await admin.end();
    });

    test('SCIM clients: made, renewed, a token revoked, deleted, or told to be absent', async () => {
        const admin = await administrator();
        const { page } = admin;
        const api = '**/api/scim-clients**';
        await page.route(api, (route) => route.fulfill({ status: 404, json: { error: { code: 'not_found', field: null, offset: null, message: 'there is no such thing' } } }));
        await page.goto(`${server.url}/admin/modules/${server.module}/scim`);
        await heading(page, 'SCIM 2.0 is not available').waitFor();
        await page.unroute(api);
        await page.reload();
        assert.equal(await page.getByRole('textbox', { name: 'Base URL' }).inputValue(), `${server.url}/scim/v2`);
        const takeToken = async () => {
            const token = await page.getByRole('textbox', { name: 'Token' }).inputValue();
            await button(page, 'I have copied it').click();
            return token;
        };
        const status = async (token) => (await fetch(`${server.url}/scim/v2/Users`, { headers: { Authorization: `Bearer ${token}` } })).status;
        await button(page, 'New client').click();
        await dialog(page).getByLabel('Name').fill('Okta');
        await dialog(page).getByRole('button', { name: 'Create' }).click();
        const first = await takeToken();
        await button(page, 'New token for Okta').click();
        await button(page, 'Make a new token').click();
        const second = await takeToken();
        assert.deepEqual([await status(first), await status(second)], [200, 200]);
        const made = await fetch(`${server.url}/scim/v2/Users`, { method: 'POST', headers: { Authorization: `Bearer ${second}`, 'Content-Type': 'application/scim+json' },
            body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'provisioned' }) });
        assert.equal(made.status, 201);
        await page.reload();
        await page.getByText('1 user, 0 groups').waitFor();
        await page.getByText('Tokens, requests and changes of Okta').press('Enter'); // as a keyboard opens it
        await page.getByText('Scim user created').waitFor();
        const requests = page.getByRole('table', { name: 'Last requests' });
        const rows = async () => (await requests.getByRole('row').allInnerTexts()).map((row) => row.replace(/\s+/g, ' '));
        const asked = await rows();
        assert.equal(asked.length, 4, 'a head and three requests');
        assert.match(asked[1], /\d{2}:\d{2}:\d{2} POST \/scim\/v2\/Users 201 (\d+|below 1) ms/);
        assert.match(asked[3], /GET \/scim\/v2\/Users 200/);
        const odd = '/scim/v2/Users/<img src=x onerror=alert(1)>?filter=userName eq "nobody knows"';
        assert.equal((await fetch(server.url + odd, { headers: { Authorization: `Bearer ${second}` } })).status, 404);
        const wrong = await fetch(`${server.url}/scim/v2/Users?filter=wrong`, { headers: { Authorization: `Bearer ${second}` } });
        assert.equal(wrong.status, 400);
        await button(page, 'Refresh the requests of Okta').press('Enter');
        await requests.getByText('400 invalidFilter').waitFor();
        assert.match((await rows())[2], /GET \/scim\/v2\/Users\/<img src=x onerror=alert\(1\)> 404/);
        assert.ok(!(await page.locator('main').innerText()).includes('nobody knows'));
        await button(page, 'Revoke token 2 of Okta').click();
        await dialog(page).getByRole('button', { name: 'Revoke' }).click();
        await page.getByText('The token was revoked.').waitFor();
        assert.deepEqual([await status(first), await status(second)], [401, 200]);
        await button(page, 'Delete Okta').click();
        await dialog(page).getByRole('button', { name: 'Delete' }).click();
        await page.getByText('No client may provision through this module.').waitFor();
        assert.equal(await status(second), 401);
        await admin.end();
    });

    test('audit events are filtered by the address and exported', async () => {
        const admin = await administrator('/admin/audit');
        const { page } = admin;
        await page.getByLabel('Event').fill('module_changed');
        await button(page, 'Apply').click();
        await page.waitForURL(/event=module_changed/);
        await page.getByText('Module changed').first().waitFor();
        assert.equal(await page.getByText('Module enabled').count(), 0);
        const download = page.waitForEvent('download');
        await button(page, 'Export JSON').click();
        assert.match((await download).suggestedFilename(), /\.json$/);
        await button(page, 'Clear').click();
        await page.getByText('Module enabled').first().waitFor();
        await admin.end();
    });
});
