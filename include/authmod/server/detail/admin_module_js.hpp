// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: one module, its head and its tabs.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_module_js = R"js(// One module: its head with what can be done to it, and its tabs.
import { call, count, go, guardLeaving, html, listed, part, useData, withQuery } from './lib.js';
import { useEffect, useState } from './hooks.js';
import { Action, ask, askName, Badge, Copyable, Fault, Field, Icon, Loaded, Mark, Menu, Notice, open, say, Sheet } from './ui.js';
import { ButtonImage, fields, FormState, labelOf, SaveBar, Secret, Setting, tabs, useSettings } from './settings.js';
import { Status } from './modules.js';
import { Mapping } from './mapping.js';
import { GroupMappings, GroupPicker } from './grouping.js';
import { Scim } from './scim.js';
import { AuditRows } from './audit.js';

export function ModulePage({ id, tab }) {
    const module = useData(`/api/modules/${part(id)}`);
    const providers = useData('/api/providers');
    const groups = useData('/api/groups');
    if (module.error?.status === 404) return html`<div class="empty"><${Icon} name="shapes" size=${28} /><h1
        tabindex="-1">No such module</h1>
        <p>It may have been deleted.</p><a role="button" href="/admin/modules">All modules</a></div>`;
    return html`<${Loaded} from=${module} lines=${8}>${(data) => html`<${Opened} key=${id} module=${data} put=${module.put}
        tab=${tab}
        provider=${providers.data?.items.find((p) => p.id === data.type)} groups=${groups} />`}<//>`;
}

function Opened({ module, put, tab, provider, groups }) {
    const form = useSettings(module, put);
    useEffect(() => {
        if (!form.dirty.length) return;
        guardLeaving(() => ask({ title: 'Leave without saving?',
            text: `What you changed is not saved: ${listed(form.dirty.map(labelOf))}.`, action: 'Leave', danger: true }));
        return () => guardLeaving(null);
    }, [form.dirty.join()]);
    useEffect(() => { document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [tab]);
    const submit = async (event) => {
        event.preventDefault();
        if (await form.save() && form.dirty.length) say('Saved. New logins use it from now on.');
        else requestAnimationFrame(() => document.querySelector('[aria-invalid=true]')?.focus());
    };
    const parts = { form, module, provider, groups };
    const Body = { general: General, mapping: Mapping, groups: GroupMappings, scim: Scim, additional: Additional, changes: Changes }[tab];
    const plain = tab === 'changes' || (tab === 'scim' && !('scim_match_attribute' in module));
    return html`<${Head} form=${form} module=${module} put=${put} provider=${provider} />
        <nav class="tabs" aria-label="Settings of this module"><ul>${tabs.map(([name, label]) => html`<li key=${name}><a
            href=${`/admin/modules/${module.id}/${name}`} aria-current=${name === tab ? 'page' : null}>${label}
            ${form.dirty.some((field) => fields[field].tab === name) && html`<span class="dot" title="Unsaved changes"><span
                class="unseen">, unsaved changes</span></span>`}</a></li>`)}</ul></nav>
        ${plain ? html`<section class="panel"><${FormState} form=${form} /><${Body} ...${parts} /></section>`
            : html`<form class="panel" onSubmit=${submit} novalidate><${FormState} form=${form} /><${Body} ...${parts} />
                <${SaveBar} form=${form} /></form>`}`;
}

/// Name, kind, what is missing, and the actions.
function Head({ form, module, put, provider }) {
    const [busy, setBusy] = useState('');
    const [error, setError] = useState(null);
    const [tested, setTested] = useState(false);
    useEffect(() => setError(null), [module.revision]);
    const route = `/api/modules/${module.id}`;

    /// Runs one action at a time; offers to save first where it runs with what is stored.
    const act = async (name, work) => {
        if (busy) return;
        setError(null);
        setBusy(name);
        try {
            await work();
        } catch (refusal) {
            setError(refusal);
        }
        setBusy('');
    };
    const savedFirst = async (why) => !form.dirty.length
        || await ask({ title: 'Save your changes first?', text: `${why} runs with the saved settings.`, action: 'Save and go on' })
            && await form.save();
    const enable = () => act('enable', async () => {
        if (!await savedFirst('A login')) return;
        put(await call('POST', `${route}/enable`));
        say(`${module.name} is enabled and stands on the login page.`);
    });
    const disable = async () => {
        const off = (query) => async () => { put(await call('POST', `${route}/disable${query}`)); return true; };
        let done = await open(({ close }) => html`<${Sheet} title=${`Disable ${module.name}?`} action="Disable" danger
            close=${close} act=${async () => {
            try { return await off('')(); } catch (refusal) { if (refusal.code === 'last_way_in') return 'last'; throw refusal; } }}>
            <p>Nobody can log in through it any more, logins under way included. Sessions that are open stay open.</p><//>`);
        if (done === 'last') done = await lastWayIn(module, 'Disable it all the same', off('?force=true'));
        if (done) say(`${module.name} is disabled.`);
    };
    const test = () => {
        const tab = open_tab();
        act('test', async () => {
            try {
                if (!await savedFirst('The test login')) return tab?.close();
                const { location: address } = await call('POST', `${route}/test-login`);
                if (tab) tab.location = address;
                else location.assign(address);
                setTested(true);
            } catch (refusal) {
                tab?.close();
                throw refusal;
            }
        });
    };
    const standard = (word) => act('default', async () => { put(await call('POST', `${route}/${word}`)); say(word === 'make-default'
        ? `Visitors now go straight to ${module.name}.` : 'Visitors now choose on the login page.'); });
    const missing = module.missing ?? [];
    return html`<header class="page-head"><a class="back" href="/admin/modules"><${Icon} name="left" size=${16} />Auth modules</a>
        <div class="line"><${Mark} provider=${provider} module=${module} size=${40} />
        <div class="titles"><h1 tabindex="-1">${module.name}</h1><p class="lead"><span>${provider?.label ?? module.type}</span>
            <span>${count(module.imported_accounts ?? 0, 'account')} imported</span>
            <span class="tags"><${Status} module=${module} />${module.default && html`<${Badge} kind="blue"
                icon="star">Default<//>`}</span></p></div>
        <div class="actions">${module.enabled
            ? html`<${Action} kind="secondary" busy=${busy === 'disable'} onClick=${disable}>Disable<//>`
            : html`<${Action} busy=${busy === 'enable'} onClick=${enable}>Enable<//>`}
            <${Action} kind="secondary" icon="flask" busy=${busy === 'test'} onClick=${test}>Test login<span
                class="unseen"> (opens a new tab)</span><//>
            <${Menu} label="More" items=${[
                { label: 'Rename', icon: 'edit', run: () => rename(module, put) },
                module.default ? { label: 'Clear default', icon: 'star', run: () => standard('clear-default') }
                    : { label: 'Make default', icon: 'star', run: () => standard('make-default') },
                { label: 'Delete', icon: 'trash', danger: true, run: () => remove(module) }]} /></div></div></header>
    ${error?.field && fields[error.field] ? html`<${Notice} kind="bad" alert><p><a
        href=${`/admin/modules/${module.id}/${fields[error.field].tab}#set-${error.field}`}>${labelOf(error.field)}
        </a>: ${error.message} <code>${error.code}</code></p><//>`
        : html`<${Fault} error=${error} />`}
    ${tested && html`<${Notice}><p>The test login runs in the other tab. Its answer can then be used under <a
        href=${`/admin/modules/${module.id}/mapping`}>Attribute mapping</a>.</p><//>`}
    ${!module.enabled && missing.length > 0 && html`<${Notice} kind="warn">
        <p>Before this module can be enabled, fill in ${listedLinks(module, missing)}.</p><//>`}
    ${(module.warnings ?? []).map((w) => html`<${Notice} kind="warn" key=${w.code + w.field}><p>${fields[w.field] ? html`<a
        href=${`/admin/modules/${module.id}/${fields[w.field].tab}#set-${w.field}`}>${labelOf(w.field)}</a>: ` : ''}${w.message}</p>
        <//>`)}`;
}

/// Before anything is awaited: browsers open a tab only for the click itself.
function open_tab() {
    const tab = window.open('', '_blank');
    if (tab) tab.opener = null;
    return tab;
}

const listedLinks = (module, names) => names.map((name, n) => html`${n ? n === names.length - 1 ? ' and ' : ', ' : ''}<a
    href=${`/admin/modules/${module.id}/${fields[name]?.tab ?? 'general'}#set-${name}`}>${labelOf(name)}</a>`);

const lastWayIn = (module, action, act) => ask({ title: 'This is the last way in', danger: true, action, act,
    text: [`${module.name} is the only enabled module. Without it nobody can log in, administrators with accounts included.`,
        'The admin token keeps working. Better: enable another module first.'] });

const rename = (module, put) => askName({ title: `Rename ${module.name}`, action: 'Rename', start: module.name,
    help: 'Stands on the login page. The redirect URI stays the same.', act: async (name) => {
        put(await call('PATCH', `/api/modules/${module.id}`, { name, revision: module.revision }));
        say('Renamed. The redirect URI stays the same.');
    } });

async function remove(module) {
    const { items } = await call('GET', '/api/modules').catch(() => ({ items: [] }));
    const heirs = items.filter((other) => other.id !== module.id && other.type === module.type && other.client_id === module.client_id);
    const path = (query) => withQuery(`/api/modules/${module.id}`, query);
    let successor = '';
    let done = await open(function Delete({ close }) {
        const [heir, setHeir] = useState('');
        successor = heir;
        return html`<${Sheet} title=${`Delete ${module.name}?`} action="Delete" danger close=${close} act=${async () => {
            try { await call('DELETE', path({ successor: heir })); } catch (refusal) { if (refusal.code === 'last_way_in') return 'last'; throw refusal; } }}>
            <p>Its settings and secret are gone for good, and sessions that came through it end. Accounts stay${module.imported_accounts ? ` (${count(module.imported_accounts, 'account')} came through it)` : ''}.</p>
            ${heirs.length ? html`<${Field} id="heir" label="People go on with"
                help="Their links move to another module of the same provider and client, so that they keep their accounts.">
                ${(p) => html`<select ...${p} value=${heir} onChange=${(e) => setHeir(e.target.value)}><option
                    value="">No module: their links are removed</option>
                ${heirs.map((m) => html`<option key=${m.id} value=${m.id}>${m.name}</option>`)}</select>`}<//>`
            : html`<p>No other module has the same provider and client ID, so the links between people and their accounts are removed as well.</p>`}
                <//>`;
    });
    if (done === 'last') done = await lastWayIn(module, 'Delete it all the same', () => call('DELETE', path({ successor,
        force: 'true' })).then(() => true));
    if (!done) return;
    say(`${module.name} was deleted.`);
    go('/admin/modules', { force: true });
}

const Settings = ({ form, names }) => names.filter((name) => name in form.module).map((name) => html`<${Setting} key=${name}
    form=${form} name=${name} />`);

function General({ form, module, provider }) {
    const offered = provider?.extra_settings;
    const extras = Object.keys(fields).filter((name) => fields[name].extra && name in module && (!offered || offered.includes(name)
        || String(module[name] ?? '') !== ''));
    const limits = extras.filter((name) => ['allowed_workspaces', 'allowed_organizations', 'hosted_domain'].includes(name));
    return html`<div class="with-aside"><div>
        <section><h2>Connection</h2>
            <${Field} id="redirect_uri" label="Redirect URI"
                help="Enter it at the provider exactly like this. It stays the same when the module is renamed.">
                ${(p) => html`<${Copyable} id=${p.id} value=${module.redirect_uri} label="redirect URI"
                    describedby=${p['aria-describedby']} />`}<//>
            <${Settings} form=${form} names=${['client_id']} /><${Secret} form=${form} /><${Settings} form=${form}
                names=${['public_client', 'scopes']} /></section>
        <section><h2>Endpoints</h2><${Settings} form=${form}
            names=${[...extras.filter((name) => !limits.includes(name)), 'authorization_url', 'token_url', 'user_info_url',
            'email_url', 'groups_url', 'avatar_url', 'logout_url']} /></section>
        ${limits.length > 0 && html`<section><h2>Who may log in</h2><${Settings} form=${form} names=${limits} /></section>`}
        ${'button_image_set' in module && html`<section><h2>Login page</h2><${ButtonImage} form=${form} /></section>`}</div>
        ${provider?.set_up?.length > 0 && html`<aside aria-label=${`Set-up at ${provider.label}`}><details
            open=${!matchMedia('(max-width: 64rem)').matches}><summary>Set-up at ${provider.label}</summary><ol>
            ${provider.set_up.map((step) => html`<li key=${step.title}><strong>${step.title}</strong><p>${step.text}</p></li>`)}
            </ol></details></aside>`}</div>`;
}

function Additional({ form, groups }) {
    const some = (...names) => html`<${Settings} form=${form} names=${names} />`;
    return html`<section><h2>Accounts</h2>${some('user_creation', 'account_linking', 'email_auto_verification')}
            <${GroupPicker} form=${form} name="auto_join_groups" groups=${groups} /></section>
        <section><h2>Connection</h2>${some('client_authentication', 'pkce', 'connection_timeout_ms', 'read_timeout_ms')}</section>
        <section><h2>Extension grant</h2>${some('extension_grant_type')}</section>`;
}

function Changes({ module }) {
    return html`<h2 class="unseen">Changes</h2><${AuditRows} path=${`/api/audit?module=${part(module.id)}&limit=50`}
        within=${module.id}
        none="Nothing has happened to this module yet." /><p><a
            href=${`/admin/audit?module=${part(module.id)}`}>Search in all audit events of this module</a></p>`;
}
)js";
// clang-format on

} // namespace authmod::detail
