// SPDX-License-Identifier: BSL-1.0
// What the browser tests share: a browser, fresh profiles that note what a developer would see in red, screenshots.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { scratch } from '../programs/harness.mjs';

export const folder = scratch();
const shots = process.env.AUTHMOD_SCREENSHOTS ?? path.join(folder, 'screenshots');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];

export const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
export const desk = { viewport: { width: 1280, height: 860 } };

export function launch() {
    mkdirSync(shots, { recursive: true });
    return chromium.launch({ executablePath: process.env.AUTHMOD_CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

/// A fresh profile with one page. `complaints` collects what a developer would see in red, on every page of the profile.
export async function person(browser, options = {}) {
    const context = await browser.newContext(options);
    const complaints = [];
    context.on('page', (page) => {
        page.on('console', (m) => { if (m.type() === 'error') complaints.push(m.text()); });
        page.on('pageerror', (e) => complaints.push(String(e)));
        page.on('requestfailed', (r) => { // what is given up because people go on is no fault
            const why = r.failure()?.errorText;
            if (why !== 'net::ERR_ABORTED') complaints.push(`${r.url()}: ${why}`);
        });
        page.setDefaultTimeout(15000);
    });
    const page = await context.newPage();
    return { context, page, complaints };
}

export const shoot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });

export async function fits(page) {
    const [content, view] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(content <= view, `${page.url()} is ${content} px wide in a window of ${view}`);
}

// What the tests of the administrators' pages share.

export const token = 'test-admin-token-0123456789abcdef0123456789'; // as startLoginServer sets it

/// A profile whose page is at `path`, signed in. Expected refusals of the REST are no complaints.
export async function administrator(browser, server, path = '/admin/', options = {}) {
    const who = await person(browser, { reducedMotion: 'reduce', ...desk, ...options });
    await who.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await who.context.addInitScript(() => {
        window.violations = [];
        document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
    });
    await who.page.goto(server.url + path);
    await who.page.getByLabel('Admin token').fill(token);
    await who.page.getByRole('button', { name: 'Sign in' }).click();
    await who.page.locator('main h1').waitFor();
    who.end = async () => {
        assert.deepEqual(await who.page.evaluate(() => window.violations), []);
        assert.deepEqual(who.complaints.filter((text) => !/the server responded with a status of 4\d\d/.test(text)), []);
        await who.context.close();
    };
    return who;
}

export const button = (page, name, options = {}) => page.getByRole('button', { name, ...options });
export const link = (page, name) => page.getByRole('link', { name, exact: true });
export const heading = (page, name) => page.getByRole('heading', { name, exact: true });
export const saved = (page) => page.getByText('Everything is saved.').waitFor();
export const tab = async (page, name) => { await page.getByRole('navigation', { name: 'Settings of this module' }).getByRole('link', { name }).click(); };
export const more = async (page, name) => { await button(page, 'More').click(); await page.getByRole('menuitem', { name }).click(); };
export const dialog = (page) => page.getByRole('dialog');

export async function save(page) {
    await button(page, 'Save', { exact: true }).click();
    await saved(page);
}

/// Clicks Test login; gives the tab that it opens, once the report is there.
export async function testLogin(page) {
    const opened = page.context().waitForEvent('page');
    await button(page, 'Test login').click();
    const report = await opened;
    await report.getByRole('heading', { name: /^Test login/ }).waitFor();
    return report;
}

/// A person of the simulator logs in from the login page; gives the groups that /me tells.
export async function logIn(browser, server, name, module) {
    const { context, page } = await person(browser);
    await page.goto(`${server.url}/login?choose=1`);
    await button(page, `Log in with ${module}`).click();
    await button(page, name).click();
    await button(page, 'Grant access').click();
    await button(page, 'Log out').waitFor();
    const me = await (await context.request.get(`${server.url}/me`)).json();
    await context.close();
    return me;
}
