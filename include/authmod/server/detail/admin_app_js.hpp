// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: the shell, which is loaded first.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_app_js = R"js(// The shell: who is signed in, the way around, and the page that the address names.
import { render } from './preact.js';
import { call, html, session, useAddress, useData, withQuery } from './lib.js';
import { useEffect, useRef, useState } from './hooks.js';
import { Dialogs, Failed, Icon, Loading, Messages, Notice } from './ui.js';
import { Modules, NewModule } from './modules.js';
import { ModulePage } from './module.js';
import { tabs } from './settings.js';
import { AccountPage, Accounts, GroupPage, Groups } from './people.js';
import { Services } from './services.js';
import { Audit } from './audit.js';

const ways = [['modules', 'Auth modules', 'shapes'], ['accounts', 'Accounts', 'users'], ['groups', 'Groups', 'group'], ['services',
    'Services', 'plug'], ['audit', 'Audit events', 'scroll']];

/// {name, page}: `name` changes when another page is shown, not with the tabs of one.
function pageOf({ path, query }) {
    const [, , kind = '', id = '', tab = '', rest] = path.replace(/\/$/, '').split('/').map(decodeURIComponent);
    if (rest === undefined) {
        if ((kind === '' || kind === 'modules') && !id) return { name: 'modules', page: html`<${Modules} />` };
        if (kind === 'modules' && id === 'new' && !tab) return { name: 'new', page: html`<${NewModule} />` };
        if (kind === 'modules' && (!tab || tabs.some(([name]) => name === tab))) return { name: `module ${id}`, page: html`<${ModulePage}
            key=${id} id=${id} tab=${tab || 'general'} />` };
        if (kind === 'accounts' && !id) return { name: 'accounts', page: html`<${Accounts} query=${query} />` };
        if (kind === 'accounts' && !tab) return { name: `account ${id}`, page: html`<${AccountPage} key=${id} id=${id} />` };
        if (kind === 'groups' && !id) return { name: 'groups', page: html`<${Groups} />` };
        if (kind === 'groups' && !tab) return { name: `group ${id}`, page: html`<${GroupPage} key=${id} id=${id} />` };
        if (kind === 'services' && !id) return { name: 'services', page: html`<${Services} />` };
        if (kind === 'audit' && !id) return { name: 'audit', page: html`<${Audit} key=${query.toString()} query=${query} />` };
    }
    return { name: 'nothing', page: html`<div class="empty"><h1 tabindex="-1">No such page</h1><a role="button"
        href="/admin/">Auth modules</a></div>` };
}

/// The session ended while a page was open: what was typed stays, and a new tab signs in.
function SignedOut() {
    const [out, setOut] = useState(false);
    useEffect(() => {
        const heard = () => setOut(true);
        addEventListener('authmod:signed-out', heard);
        return () => removeEventListener('authmod:signed-out', heard);
    }, []);
    const again = async () => { try { Object.assign(session, await call('GET',
        '/api/session')); setOut(false); } catch { /* still signed out: the notice stays */ } };
    return out && html`<${Notice} kind="warn" alert><p><strong>You are signed out.</strong> <a href="/admin/sign-in"
        target="_blank">Sign in in another tab</a>, then go on here. What you typed is still there.</p>
        <button type="button" class="secondary" onClick=${again}>I have signed in</button><//>`;
}

/// The admin token signs out here. An account does so on its own page: logging out may lead on to the provider, where the content
/// security policy of these pages lets no form go.
function Me({ who }) {
    const name = html`<span><${Icon} name="user" /><span>${who.name || who.author}</span></span>`;
    if (who.author !== 'admin-token')
        return html`<div class="me">${name}<a href="/" title="Your account, and logging out"><${Icon} name="log-out" label="Your account" /></a></div>`;
    return html`<form class="me" method="post" action="/admin/sign-out">${name}<input type="hidden" name="csrf" value=${who.csrf} />
        <button type="submit" class="plain"><${Icon} name="log-out" label="Sign out" /></button></form>`;
}

function App() {
    const who = useData('/api/session');
    const address = useAddress();
    const [menu, setMenu] = useState(false);
    const main = useRef(), first = useRef(true);
    if (who.data) Object.assign(session, who.data);
    const { name, page } = pageOf(address);
    useEffect(() => { // another page: begin at its head, also for those who listen
        setMenu(false);
        const named = () => { const h1 = main.current?.querySelector('h1'); if (h1) document.title = `${h1.textContent} · authmod`; };
        const watch = new MutationObserver(named);
        if (main.current) watch.observe(main.current, { childList: true, subtree: true, characterData: true });
        named();
        if (!first.current) { scrollTo(0, 0); (main.current?.querySelector('h1') ?? main.current)?.focus({ preventScroll: true }); }
        if (who.data) first.current = false;
        return () => watch.disconnect();
    }, [name, !!who.data]);
    if (who.error?.status === 401 || who.error?.status === 403) {
        location.replace(withQuery('/admin/sign-in', { account: who.error.status === 403 ? 'refused' : '',
            return_to: location.pathname + location.search }));
        return null;
    }
    const at = address.path.split('/')[2] || 'modules';
    return html`<a class="skip" href="#main">Skip to content</a>
        <header class="side"><a class="brand" href="/admin/"><span class="logo"><${Icon} name="key" size=${18} /></span>authmod</a>
            <button type="button" class="plain menu-button" aria-expanded=${menu ? 'true' : 'false'} aria-controls="ways"
                onClick=${() => setMenu(!menu)}><${Icon} name=${menu ? 'x' : 'menu'} size=${22} label="Menu" /></button>
            <div id="ways" class=${menu ? 'shown' : ''}><nav aria-label="Administration"><ul>
                ${ways.map(([way, label, icon]) => html`<li key=${way}><a href=${`/admin/${way}`}
                aria-current=${at === way ? 'page' : null} onClick=${() => setMenu(false)}><${Icon} name=${icon} />${label}</a>
                </li>`)}</ul></nav>
            ${who.data && html`<${Me} who=${who.data} />`}</div></header>
        <main id="main" ref=${main} tabindex="-1"><${SignedOut} />${who.error ? html`<${Failed} error=${who.error}
            retry=${who.reload} />` : who.data ? page : html`<${Loading} lines=${6} />`}</main>
        <${Dialogs} /><${Messages} />`;
}

render(html`<${App} />`, document.getElementById('app'));
)js";
// clang-format on

} // namespace authmod::detail
