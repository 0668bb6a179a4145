// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: accounts and groups.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_people_js = R"js(// Accounts and groups.
import { call, count, go, html, part, sentence, useData, useList, useSettled, When, withQuery } from './lib.js';
import { useEffect, useRef, useState } from './hooks.js';
import { Action, ask, askName, Badge, Check, Empty, Failed, Fault, Field, Icon, Loaded, Loading, Notice, open, PageHead, say,
    Sheet } from './ui.js';

export const AllUsers = 'All Users';

export function Avatar({ account, size = 32 }) {
    const name = account.full_name || account.username || '?';
    const style = { width: `${size}px`, height: `${size}px`, fontSize: `${size * 0.45}px` };
    const [broken, setBroken] = useState(false);
    return account.avatar && !broken ? html`<img class="face" src=${account.avatar} alt="" width=${size} height=${size}
        loading="lazy" referrerpolicy="no-referrer" onError=${() => setBroken(true)} />`
        : html`<span class="face" style=${style} aria-hidden="true">${[...name][0].toUpperCase()}</span>`;
}

/// More of a list, or what went wrong on the way.
export function More({ list }) {
    return html`<${Fault} error=${list.moreError} />${list.next != null && html`<div class="more"><${Action} kind="secondary"
        busy=${list.loadingMore} onClick=${list.more}>Show more<//></div>`}`;
}

const Email = ({ account }) => account.email ? html`<span class="email">${account.email}
    </span> ${account.email_verified ? html`<${Badge} kind="good"
    icon="check">verified<//>` : html`<${Badge}>not verified<//>`}` : html`<span class="none">none</span>`;

export function Accounts({ query }) {
    const [search, setSearch] = useState(query.get('search') ?? '');
    const settled = useSettled(search.trim());
    const group = query.get('group') ?? '', module = query.get('module') ?? '';
    const groups = useData('/api/groups'), modules = useData('/api/modules');
    const list = useList(withQuery('/api/accounts', { search: settled, group, module, limit: 50 }));
    const filter = (changes) => go(withQuery('/admin/accounts', { search: search.trim(), group, module, ...changes }), { replace: true });
    useEffect(() => { if (settled !== (query.get('search') ?? '')) filter({ search: settled }); }, [settled]);
    const create = () => open(function NewAccount({ close }) {
        const [who, setWho] = useState({ username: '', full_name: '', email: '', email_verified: false });
        const text = (name, label, help, error) => html`<${Field} id=${`new-${name}`} label=${label} help=${help}
            value=${who[name]} optional=${name !== 'username'} error=${error?.field === name ? error : null}>
            ${(p) => html`<input ...${p} value=${who[name]} autocomplete="off"
                onInput=${(e) => setWho({ ...who, [name]: e.target.value })} />`}<//>`;
        return html`<${Sheet} title="New account" action="Create" close=${close} act=${async () => {
            const made = await call('POST', '/api/accounts', who); say(`${made.username} was created.`); go(`/admin/accounts/${made.id}`); }}>
            ${(error) => html`<p>Accounts usually come with the first login. One made here is linked at the first login whose verified email is the same.</p>
            ${text('username', 'Username', null, error?.code === 'name_taken' ? Object.assign(error, { field: 'username' }) : error)}${text('full_name', 'Full name', null, error)}${text('email', 'Email', null, error)}
            <${Check} id="new-verified" label="The email is verified" checked=${who.email_verified}
                onChange=${(v) => setWho({ ...who, email_verified: v })} />
            ${error && !error.field && error.code !== 'name_taken' && html`<${Fault} error=${error} />`}`}<//>`;
    });
    const filtered = settled || group || module;
    return html`<${PageHead} title="Accounts" lead="People who have logged in, or may."><button type="button" onClick=${create}>
        <${Icon} name="plus" />New account</button><//>
        <div class="filters"><div class="searchbox"><${Icon} name="search" /><input type="search" aria-label="Search accounts"
            placeholder="Username or email begins with" value=${search} onInput=${(e) => setSearch(e.target.value)} /></div>
            <select aria-label="Group" value=${group} onChange=${(e) => filter({ group: e.target.value })}><option value=""
                selected=${!group}>Any group</option>${(groups.data?.items ?? []).map((g) => html`<option key=${g.id} value=${g.id}
                selected=${g.id === group}>${g.name}</option>`)}</select>
            <select aria-label="Module" value=${module} onChange=${(e) => filter({ module: e.target.value })}><option value=""
                selected=${!module}>Any module</option>${(modules.data?.items ?? []).map((m) => html`<option key=${m.id}
                value=${m.id} selected=${m.id === module}>${m.name}</option>`)}</select></div>
        ${list.error ? html`<${Failed} error=${list.error} retry=${list.reload} />` : !list.data ? html`<${Loading} />` : !list.items.length
            ? html`<${Empty} icon="users" title=${filtered ? 'No account fits' : 'No accounts yet'}><p>
                ${filtered ? 'Search looks at the beginning of user names and emails.' : 'They are created when people log in.'}</p>
                ${filtered && html`<button type="button" class="secondary"
                    onClick=${() => { setSearch(''); go('/admin/accounts', { replace: true }); }}>Clear the filters</button>`}<//>`
            : html`<ul class="rows people">${list.items.map((a) => html`<li key=${a.id}><${Avatar} account=${a} />
                <div class="what"><a class="whole" href=${`/admin/accounts/${a.id}`}>${a.full_name || a.username}</a><small>
                    ${a.username}</small></div>
                <div class="mail"><${Email} account=${a} /></div>
                <div class="tags">${a.banned && html`<${Badge} kind="bad" icon="ban">Banned<//>`}</div>
                <span class="number"><${When} at=${a.created_at} /></span></li>`)}</ul><${More} list=${list} />`}`;
}

export function AccountPage({ id }) {
    const route = `/api/accounts/${part(id)}`;
    const account = useData(route), groups = useData('/api/groups'), modules = useData('/api/modules');
    const [error, setError] = useState(null);
    if (account.error?.status === 404) return html`<div class="empty"><${Icon} name="users" size=${28} /><h1
        tabindex="-1">No such account</h1><p>It may have been deleted.</p><a role="button" href="/admin/accounts">All accounts</a>
        </div>`;
    const change = async (changes, done) => { account.put({ ...account.data, ...await call('PATCH', route, { ...changes,
        ...(account.data.revision === undefined ? {} : { revision: account.data.revision }) }) }); say(done); account.reload(); return true; };
    const attempt = async (work) => { setError(null); try { await work(); } catch (refusal) { setError(refusal); } };
    const moduleName = (moduleId) => modules.data?.items.find((m) => m.id === moduleId)?.name ?? moduleId;
    return html`<${Loaded} from=${account} lines=${8}>${(a) => {
        const name = a.full_name || a.username;
        const ban = () => open(function Ban({ close }) {
            const [reason, setReason] = useState('');
            return html`<${Sheet} title=${`Ban ${name}?`} action="Ban" danger close=${close}
                act=${() => change({ banned: true, ban_reason: reason }, `${name} is banned.`)}>
                ${(refusal) => html`<p>Sessions and tokens end at once, and nobody can log in to this account until the ban is lifted.</p>
                <${Field} id="ban-reason" label="Reason" optional help="For administrators; stands in the audit."
                    error=${refusal?.field === 'ban_reason' ? refusal : null}>${(p) => html`<input ...${p} value=${reason}
                    maxlength="250" onInput=${(e) => setReason(e.target.value)} />`}<//>
                ${refusal && refusal.field !== 'ban_reason' && html`<${Fault} error=${refusal} />`}`}<//>`;
        });
        const end = () => ask({ title: `End all sessions of ${name}?`, text: 'Every browser must log in again.',
            action: 'End sessions', danger: true, act: async () => { await call('POST',
                `${route}/end-sessions`); say('All sessions have ended.'); return true; } });
        const remove = async () => {
            if (await ask({ title: `Delete ${name}?`, text: ['The account, its links, memberships and sessions are gone for good.',
                'Where accounts are created at the first login, the same person gets a new, empty one.'], action: 'Delete',
                    danger: true, act: () => call('DELETE', route).then(() => true) })) {
                say(`${name} was deleted.`);
                go('/admin/accounts');
            }
        };
        const member = (group, add) => attempt(async () => { await call(add ? 'PUT' : 'DELETE',
            `/api/groups/${part(group.id)}/members/${part(id)}`); say(add ? `Added to ${group.name}.`
                : `Removed from ${group.name}.`); account.reload(); });
        const known = groups.data?.items ?? [], inside = a.groups ?? [];
        const open_groups = known.filter((g) => !inside.includes(g.name) && g.name !== AllUsers);
        return html`<header class="page-head"><a class="back" href="/admin/accounts"><${Icon} name="left" size=${16} />Accounts</a>
            <div class="line"><${Avatar} account=${a} size=${44} /><div class="titles"><h1 tabindex="-1">${name}</h1><p
                class="lead"><span>${a.username}</span>${a.banned && html`<${Badge} kind="bad" icon="ban">Banned<//>`}</p></div>
            <div class="actions">${a.banned ? html`<button type="button"
                onClick=${() => attempt(() => change({ banned: false }, 'The ban is lifted.'))}>Lift the ban</button>` : html`<button
                type="button" class="secondary" onClick=${ban}>Ban</button>`}
                <button type="button" class="secondary" onClick=${end}>End sessions</button><button type="button"
                    class="secondary danger" onClick=${remove}>Delete</button></div></div></header>
        <${Fault} error=${error} />
        ${a.banned && html`<${Notice} kind="bad"><p>Banned${a.ban_reason ? `: ${sentence(a.ban_reason)}` : '. No reason was given.'}
            </p><//>`}
        <div class="panel"><section><h2>Details</h2><dl class="facts"><dt>Email</dt><dd><${Email} account=${a} />
            ${a.email && html` <button type="button" class="link"
            onClick=${() => attempt(() => change({ email_verified: !a.email_verified }, a.email_verified
                ? 'The email is no longer verified.' : 'The email is verified.'))}>
            ${a.email_verified ? 'Set to not verified' : 'Set to verified'}</button>`}</dd>
            <dt>Account ID</dt><dd><code>${a.id}</code></dd><dt>Created</dt><dd><${When} at=${a.created_at} />
                ${a.created_by_module && html` through <a href=${`/admin/modules/${a.created_by_module}`}>
                ${moduleName(a.created_by_module)}</a>`}</dd>
            ${Object.entries(a.custom_attributes ?? {}).map(([key, value]) => html`<dt key=${key}>${key}</dt><dd>${String(value)}
                </dd>`)}</dl></section>
        <section><h2>Groups</h2><ul class="chips">${inside.map((g) => { const group = known.find((k) => k.name === g);
            return html`<li key=${g}>${g}${group && g !== AllUsers && html`<button type="button" class="plain"
                aria-label=${`Remove from ${g}`} onClick=${() => member(group, false)}><${Icon} name="x" size=${14} /></button>`}
                </li>`; })}</ul>
            ${open_groups.length > 0 && html`<div class="joined narrow"><select aria-label="Add to a group" value=""
                onChange=${(e) => { const group = known.find((g) => g.id === e.target.value); e.target.value = ''; if (group) member(group, true); }}>
                <option value="">Add to a group</option>${open_groups.map((g) => html`<option key=${g.id} value=${g.id}>${g.name}
                    </option>`)}</select></div>`}</section>
        <section><h2>Ways to log in</h2>${(a.links ?? []).length ? html`<ul class="rows">${a.links.map((link) => html`<li
            key=${link.module_id + link.user_id}><${Icon} name="key" /><div class="what"><a
            href=${`/admin/modules/${link.module_id}`}>${moduleName(link.module_id)}</a>
            <small>User ID <code>${link.user_id}</code></small></div><span class="number">
                ${link.last_login_at ? html`Last login <${When} at=${link.last_login_at} />` : html`Linked <${When}
                at=${link.created_at} />`}</span></li>`)}</ul>` : html`<p
                class="none">Nobody has logged in to this account yet.</p>`}</section>
        <p><a href=${`/admin/audit?target=${part(id)}`}>Audit events of this account</a></p></div>`;
    }}<//>`;
}

export function Groups() {
    const groups = useData('/api/groups');
    const create = () => askName({ title: 'New group', action: 'Create', act: async (name) => {
        await call('POST', '/api/groups', { name });
        say(`${name} was created.`);
        groups.reload();
    } });
    return html`<${PageHead} title="Groups" lead="Filled by hand, by auto-join, or by the groups that a provider names."><button
        type="button" onClick=${create}><${Icon} name="plus" />New group</button><//>
        <${Loaded} from=${groups}>${({ items }) => html`<ul class="rows">${items.map((g) => html`<li key=${g.id}><${Icon}
            name="group" size=${20} /><div class="what"><a class="whole" href=${`/admin/groups/${part(g.id)}`}>${g.name}</a>
            ${g.name === AllUsers ? html`<small>Every account</small>` : g.name === 'authmod-admins'
                && html`<small>May administrate this service</small>`}
                </div>
            <div class="tags">${(g.built_in ?? g.name === AllUsers) && html`<${Badge}>Built in<//>`}</div>
                ${g.members !== undefined && html`<span class="number">${count(g.members, 'member')}</span>`}</li>`)}</ul>
            ${items.every((g) => g.built_in ?? g.name === AllUsers) && html`<p class="hint">There are no groups of your own yet. Members of a group called <code>authmod-admins</code> may use these pages.</p>`}`}
                <//>`;
}

export function GroupPage({ id }) {
    const groups = useData('/api/groups');
    const members = useList(withQuery('/api/accounts', { group: id, limit: 50 }));
    const [error, setError] = useState(null);
    const group = groups.data?.items.find((g) => g.id === id);
    if (groups.data && !group) return html`<div class="empty"><${Icon} name="group" size=${28} /><h1
        tabindex="-1">No such group</h1><p>It may have been deleted.</p><a role="button" href="/admin/groups">All groups</a></div>`;
    const fixed = group?.name === AllUsers, kept = group?.built_in ?? fixed;
    const remove = async () => {
        if (await ask({ title: `Delete ${group.name}?`,
            text: 'Its members keep their accounts. Mappings and auto-join settings that name it stop working.', action: 'Delete',
                danger: true, act: () => call('DELETE', `/api/groups/${part(id)}`).then(() => true) })) {
            say(`${group.name} was deleted.`);
            go('/admin/groups');
        }
    };
    const member = async (account, add) => {
        setError(null);
        try {
            await call(add ? 'PUT' : 'DELETE', `/api/groups/${part(id)}/members/${part(account.id)}`);
            say(add ? `${account.username} was added.` : `${account.username} was removed.`);
            members.reload();
            groups.reload();
        } catch (refusal) {
            setError(refusal);
        }
    };
    return html`<${Loaded} from=${groups}>${() => html`<${PageHead} title=${group.name} back=${['/admin/groups', 'Groups']}
        lead=${fixed ? 'Holds every account and cannot be changed.' : count(group.members ?? 0, 'member')}>
            ${!kept && html`<button type="button" class="secondary danger" onClick=${remove}>Delete</button>`}<//>
        <${Fault} error=${error} />
        ${!fixed && html`<${AddMember} inside=${members.items} add=${(a) => member(a, true)} />`}
        ${members.error ? html`<${Failed} error=${members.error}
            retry=${members.reload} />` : !members.data ? html`<${Loading} />` : !members.items.length ? html`<p
            class="none">Nobody belongs to this group.</p>`
            : html`<ul class="rows people">${members.items.map((a) => html`<li key=${a.id}><${Avatar} account=${a} /><div
                class="what"><a class="whole" href=${`/admin/accounts/${a.id}`}>${a.full_name || a.username}</a><small>${a.username}
                </small></div>
                <div class="mail"><${Email} account=${a} /></div>${!fixed && html`<div class="actions"><button type="button"
                    class="secondary" aria-label=${`Remove ${a.username} from ${group.name}`}
                    onClick=${() => member(a, false)}>Remove</button></div>`}</li>`)}</ul><${More} list=${members} />`}`}<//>`;
}

/// Finds an account by the beginning of its name or email.
function AddMember({ inside, add }) {
    const [search, setSearch] = useState('');
    const settled = useSettled(search.trim());
    const found = useData(settled ? withQuery('/api/accounts', { search: settled, limit: 6 }) : '');
    const input = useRef();
    const items = settled ? (found.data?.items ?? []) : [];
    return html`<div class="finder"><div class="searchbox"><${Icon} name="plus" /><input ref=${input} type="search"
        aria-label="Add a member" placeholder="Add a member: username or email" value=${search}
        onInput=${(e) => setSearch(e.target.value)} /></div>
        <div class="unseen" role="status">${settled && found.data ? `${count(items.length, 'account')} found` : ''}</div>
        ${settled && found.data && html`<ul class="rows found">${items.map((a) => html`<li key=${a.id}><${Avatar} account=${a}
            size=${26} /><div class="what"><strong>${a.full_name || a.username}</strong><small>
            ${a.username}${a.email ? `, ${a.email}` : ''}</small></div>
            ${inside.some((m) => m.id === a.id) ? html`<${Badge} icon="check">Member<//>` : html`<button type="button"
                class="secondary" aria-label=${`Add ${a.username}`}
                onClick=${() => { add(a); setSearch(''); input.current.focus(); }}>Add</button>`}</li>`)}
            ${!items.length && html`<li><span class="none">No account begins with “${settled}”.</span></li>`}</ul>`}</div>`;
}
)js";
// clang-format on

} // namespace authmod::detail
