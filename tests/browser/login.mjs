// SPDX-License-Identifier: BSL-1.0
// A person with a real browser: logs in, sees name and picture, logs out, says no, opens stale links; on a desk and on a
// phone, by day and by night. Screenshots go to the folder AUTHMOD_SCREENSHOTS.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startLoginServer, startSimulator } from '../programs/harness.mjs';
import * as support from './support.mjs';

const { fits, folder, shoot } = support;
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

const person = (options) => support.person(browser, options);

async function chooseAccount(page, name) {
    await page.goto(`${server.url}/login?choose=1`);
    await page.getByRole('button', { name: 'Log in with Bitbucket (simulated)' }).click();
    await page.getByRole('heading', { name: 'Choose an account' }).waitFor();
    assert.match(page.url(), /\/site\/oauth2\/authorize\?/);
    await page.getByRole('button', { name }).click();
}

/// Through the whole login, with a screenshot of each page.
async function logIn(page, name, series) {
    await page.goto(`${server.url}/login?choose=1`);
    await fits(page);
    await shoot(page, `${series}-1-login`);
    await page.getByRole('button', { name: 'Log in with Bitbucket (simulated)' }).click();
    await page.getByRole('heading', { name: 'Choose an account' }).waitFor();
    await fits(page);
    await shoot(page, `${series}-2-choose-account`);
    await page.getByRole('button', { name }).click();
    await page.getByRole('heading', { name: 'Confirm access' }).waitFor();
    await fits(page);
    await shoot(page, `${series}-3-consent`);
    await page.getByRole('button', { name: 'Grant access' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    await fits(page);
    await shoot(page, `${series}-4-signed-in`);
}

async function seesPicture(page) {
    const picture = page.locator('main img');
    await picture.waitFor();
    const width = await picture.evaluate(async (img) => { await img.decode(); return img.naturalWidth; });
    assert.ok(width > 0);
}

/// The status of /me with the page's cookies; asked outside the page, whose policy lets no script connect.
const me = async (page) => (await page.context().request.get(`${server.url}/me`)).status();

describe('browser', () => {
    test('a person logs in, sees name and picture, and logs out', async () => {
        const { context, page, complaints } = await person({ viewport: { width: 1280, height: 800 } });
        await logIn(page, /Nadia Ferro/, 'desk');
        assert.equal(page.url(), `${server.url}/`);
        await page.getByRole('heading', { name: 'Nadia Ferro' }).waitFor();
        await page.getByText('nadia@nadia.example').waitFor();
        await seesPicture(page);
        assert.equal(await me(page), 200);
        const cookies = (await context.cookies()).filter((c) => c.name.includes('session'));
        assert.deepEqual(cookies.map((c) => [c.name, c.httpOnly, c.sameSite, c.path]), [['authmod_session', true, 'Lax', '/']]);
        assert.equal(await page.evaluate(() => document.cookie), '');
        assert.deepEqual(complaints, []);

        await page.getByRole('button', { name: 'Log out' }).click();
        await page.getByRole('button', { name: 'Log in with Bitbucket (simulated)' }).waitFor();
        await shoot(page, 'desk-5-logged-out');
        assert.equal(await me(page), 401);
        await page.goBack();
        assert.equal(await me(page), 401);
        assert.deepEqual(complaints, []);
        assert.deepEqual((await simulator.log()).violations, []);
        await context.close();
    });

    test('the same on a phone, in the dark, with a difficult name', async () => {
        const { context, page, complaints } = await person({
            viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'dark' });
        await logIn(page, /Ünïcöde/, 'phone-dark');
        await page.getByRole('heading', { name: 'Zoë <b>Ünïcöde</b> & "Søn" 山田 🦀' }).waitFor();
        await seesPicture(page);
        const [r, g, b] = await page.evaluate(() => {
            const colour = [document.querySelector('main'), document.body, document.documentElement]
                .map((element) => getComputedStyle(element).backgroundColor).find((text) => !/, 0\)$/.test(text)) ?? 'rgb(255, 255, 255)';
            return colour.match(/[\d.]+/g).map(Number);
        });
        assert.ok(r + g + b < 200, `the background is rgb(${r}, ${g}, ${b}) in dark mode`);
        const small = await page.evaluate(() => [...document.querySelectorAll('a[role=button], button')].filter((e) => e.getBoundingClientRect().height < 40).length);
        assert.equal(small, 0, 'buttons are large enough for a thumb');
        assert.deepEqual(complaints, []);
        await context.close();
    });

    test('saying no leads to a friendly page and back', async () => {
        const { context, page, complaints } = await person({ viewport: { width: 360, height: 740 } });
        await chooseAccount(page, /Noel Primary/);
        await page.getByRole('button', { name: 'Cancel' }).click();
        await page.getByText('access_denied').waitFor();
        await fits(page);
        await shoot(page, 'phone-denied');
        assert.equal(await me(page), 401);
        await page.getByRole('button', { name: 'Back to the login page' }).click();
        await page.getByRole('button', { name: 'Log in with Bitbucket (simulated)' }).waitFor();
        assert.deepEqual(complaints.filter((c) => !/status of 403/.test(c)), []);
        await context.close();
    });

    test('used, foreign and made-up states lead to a friendly page', async () => {
        const first = await person();
        let callback;
        first.page.on('request', (r) => { if (r.url().includes('/callback/')) callback = r.url(); });
        await chooseAccount(first.page, /Sam Several/);
        await first.page.getByRole('button', { name: 'Grant access' }).click();
        await first.page.getByRole('heading', { name: 'Sam Several' }).waitFor();
        assert.match(callback, /[?&]code=/);

        const second = await person({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
        for (const [page, url, name] of [[second.page, callback, 'foreign'], [first.page, callback, 'used'],
            [second.page, `${server.url}/callback/${server.module}?code=x&state=${'y'.repeat(43)}`, 'made-up']]) {
            await page.goto(url);
            await page.getByText(/state_(missing|mismatch|used|expired)/).waitFor();
            await page.getByRole('button', { name: 'Back to the login page' }).waitFor();
            await fits(page);
            await shoot(page, `state-${name}`);
        }
        assert.equal(await me(second.page), 401);
        assert.equal(await simulator.calls('token'), 1);
        for (const { context, complaints } of [first, second]) {
            assert.deepEqual(complaints.filter((c) => !/status of 400/.test(c)), []);
            await context.close();
        }
    });
});
