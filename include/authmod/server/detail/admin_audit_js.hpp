// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: audit events.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_audit_js = R"js(// Audit events: what happened, who did it, from what to what.
import { go, html, part, useData, useList, When, withQuery } from './lib.js';
import { useState } from './hooks.js';
import { Badge, Empty, Failed, Icon, Loading, PageHead } from './ui.js';
import { More } from './people.js';
import { labelOf } from './settings.js';

const words = (event) => event.replaceAll('_', ' ').replace(/^./, (c) => c.toUpperCase());

/// Rows of one change, one per field, stand together.
export function together(rows) {
    const entries = [];
    for (const row of rows) {
        const last = entries.at(-1);
        const alike = last && ['at', 'author', 'event', 'target', 'module'].every((name) => last[name] === row[name]);
        if (alike) last.changes.unshift(row);
        else entries.push({ ...row, changes: [row] });
    }
    return entries;
}

/// An author or target that is an account has an id of ours; other authors are words.
const isId = (text) => /^[0-9a-z]{26}$/.test(text);

/// Ids of groups and modules inside a value, as their names.
const named = (text, names) => text.replace(/\b[0-9a-z]{26}\b/g, (id) => names[id] ?? id);

const short = (text) => text.length > 160 ? `${text.slice(0, 159)}…` : text;

function Change({ row, names }) {
    if (!row.field && row.old == null && row.new == null) return null;
    return html`<li>${row.field && html`<strong>${labelOf(row.field)}</strong> `}${row.old != null && html`<del>${short(named(row.old, names))}
        </del>`}${row.old != null && row.new != null && html` <span class="arrow">→<span class="unseen"> became </span></span> `}
        ${row.new != null && html`<ins>${short(named(row.new, names))}</ins>`}</li>`;
}

/// A list of events. `within`: the id of a module that need not be named.
export function AuditRows({ path, within, none }) {
    const list = useList(path, 'before');
    const modules = useData('/api/modules'), groups = useData('/api/groups');
    const names = Object.fromEntries([...modules.data?.items ?? [], ...groups.data?.items ?? []].map((one) => [one.id, one.name]));
    if (list.error) return html`<${Failed} error=${list.error} retry=${list.reload} />`;
    if (!list.data) return html`<${Loading} />`;
    if (!list.items.length) return html`<${Empty} icon="scroll" title="No events"><p>${none}</p><//>`;
    const account = (id) => html`<a href=${`/admin/accounts/${part(id)}`}><code>${id}</code></a>`;
    const target = (e) => names[e.target] ?? (isId(e.target) && /^(account|login|group_joined|group_left)/.test(e.event)
        ? account(e.target) : html`<code>${e.target}</code>`);
    return html`<ol class="events">${together(list.items).map((e) => html`<li key=${e.number}>
        <div class="event"><strong>${words(e.event)}</strong>
            ${e.reason && html`<${Badge} kind=${e.reason === 'ok' ? 'good' : 'bad'}>${e.reason}<//>`}</div>
        <div class="by"><${When} at=${e.at} />
            <span>by ${isId(e.author) ? account(e.author) : e.author.replace('-', ' ')}${e.address && ` from ${e.address}`}</span>
            ${!within && e.module && html`<span>module <a href=${`/admin/modules/${part(e.module)}`}>${names[e.module] ?? e.module}</a></span>`}
            ${e.target && e.target !== e.module && html`<span>target ${target(e)}</span>`}</div>
        <ul class="changes">${e.changes.map((row) => html`<${Change} key=${row.number} row=${row} names=${names} />`)}</ul>
    </li>`)}</ol><${More} list=${list} />`;
}

const texts = [['event', 'Event', 'module_changed'], ['author', 'Author', 'admin-token or an account ID'], ['target', 'Target',
    'ID of an account, group…']];

export function Audit({ query }) {
    const filter = Object.fromEntries(['module', 'event', 'author', 'target', 'from', 'until'].map((name) => [name, query.get(name) ?? '']));
    const [typed, setTyped] = useState(filter);
    const modules = useData('/api/modules');
    const input = (name) => (e) => setTyped({ ...typed, [name]: e.target.value });
    const toQuery = (f) => ({ ...f, from: f.from && new Date(f.from).toISOString(), until: f.until && new Date(f.until).toISOString() });
    const submit = (event) => { event.preventDefault(); go(withQuery('/admin/audit', typed)); };
    const clear = () => { setTyped(Object.fromEntries(Object.keys(filter).map((name) => [name, '']))); go('/admin/audit'); };
    const set = Object.values(filter).some(Boolean);
    return html`<${PageHead} title="Audit events" lead="Every change and every login, written together with what it tells of.">
            <a role="button" class="secondary" href=${withQuery('/api/audit/export', toQuery(filter))} download><${Icon}
                name="download" />Export JSON</a><//>
        <form class="filters audit" onSubmit=${submit}>
            <label>Module<select value=${typed.module} onChange=${input('module')}><option value=""
                selected=${!typed.module}>Any</option>${(modules.data?.items ?? []).map((m) => html`<option key=${m.id}
                value=${m.id} selected=${m.id === typed.module}>${m.name}</option>`)}</select></label>
            ${texts.map(([name, label, hint]) => html`<label key=${name}>${label}<input value=${typed[name]} placeholder=${hint}
                spellcheck="false" autocomplete="off" onInput=${input(name)} /></label>`)}
            <label>From<input type="datetime-local" value=${typed.from} onInput=${input('from')} /></label><label>Until<input
                type="datetime-local" value=${typed.until} onInput=${input('until')} /></label>
            <div class="end"><button type="submit">Apply</button>${set && html`<button type="button" class="secondary"
                onClick=${clear}>Clear</button>`}</div></form>
        <${AuditRows} path=${withQuery('/api/audit', { ...toQuery(filter), limit: 100 })}
            none=${set ? 'Nothing fits these filters.' : 'Nothing has happened yet.'} />`;
}
)js";
// clang-format on

} // namespace authmod::detail
