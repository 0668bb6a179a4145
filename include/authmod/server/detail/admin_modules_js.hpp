// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: the list of modules and the choice of a provider.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_modules_js = R"js(// The list of modules, in the order of the login page, and the choice of a provider for a new one.
import { call, count, go, html, listed, part, useData } from './lib.js';
import { useEffect, useRef, useState } from './hooks.js';
import { Action, Badge, Empty, Fault, Field, Icon, Loaded, Mark, Notice, PageHead, say } from './ui.js';

export const Status = ({ module }) => module.enabled
    ? html`<${Badge} kind="good" icon="check-circle">Enabled<//>` : html`<${Badge} icon="minus-circle">Disabled<//>`;

const moved = (list, from, to) => {
    const next = [...list];
    next.splice(to, 0, ...next.splice(from, 1));
    return next;
};

/// Writes the places that changed. Each is a setting like any other, with its revision, which the last move may have raised.
async function keepOrder(ids) {
    for (const module of (await call('GET', '/api/modules')).items) {
        const order = ids.indexOf(module.id);
        if (order >= 0 && module.order !== order)
            await call('PATCH', `/api/modules/${part(module.id)}`, { order, revision: module.revision });
    }
}

export function Modules() {
    const modules = useData('/api/modules');
    const providers = useData('/api/providers');
    const [dragged, setDragged] = useState(null); // {list, id}: while somebody moves a row
    const [spoken, setSpoken] = useState('');
    const [error, setError] = useState(null);
    const list = useRef();
    const writing = useRef({ under: false, ids: null }); // moves that come while one is written wait, and the last one counts
    const shown = dragged?.list ?? modules.data?.items ?? [];

    const settle = async (next) => {
        setError(null);
        modules.put({ ...modules.data, items: next });
        const turn = writing.current;
        turn.ids = next.map((m) => m.id);
        if (turn.under) return;
        turn.under = true;
        try {
            while (turn.ids) {
                const ids = turn.ids;
                turn.ids = null;
                await keepOrder(ids);
            }
        } catch (refusal) {
            turn.ids = null;
            setError(refusal);
        }
        turn.under = false;
        modules.reload();
    };
    const move = (id, by) => {
        const from = shown.findIndex((m) => m.id === id), to = from + by;
        if (to < 0 || to >= shown.length) return setSpoken(`${shown[from].name} is already ${by < 0 ? 'first' : 'last'}`);
        setSpoken(`${shown[from].name}: place ${to + 1} of ${shown.length}`);
        settle(moved(shown, from, to));
        requestAnimationFrame(() => list.current?.querySelector(`[data-id="${CSS.escape(id)}"] .handle`)?.focus());
    };
    const keys = (event, id) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (by) { event.preventDefault(); move(id, by); }
    };
    const drag = (event, id) => {
        if (event.button) return;
        event.preventDefault();
        const handle = event.currentTarget, before = shown;
        handle.focus();
        handle.setPointerCapture(event.pointerId);
        let now = before;
        setDragged({ list: now, id });
        const over = (e) => {
            const rows = [...list.current.querySelectorAll('li')];
            const from = now.findIndex((m) => m.id === id);
            const to = rows.filter((row, n) => n !== from && e.clientY > row.getBoundingClientRect().top + row.offsetHeight / 2).length;
            if (to !== from) setDragged({ list: now = moved(now, from, to), id });
        };
        const end = (e) => {
            handle.removeEventListener('pointermove', over);
            setDragged(null);
            if (e.type === 'pointerup' && now.some((m, n) => m.id !== before[n].id)) {
                setSpoken(`${now.find((m) => m.id === id).name}: place ${now.findIndex((m) => m.id === id) + 1} of ${now.length}`);
                settle(now);
            }
        };
        handle.addEventListener('pointermove', over);
        handle.addEventListener('pointerup', end, { once: true });
        handle.addEventListener('pointercancel', end, { once: true });
    };
    const provider = (type) => providers.data?.items.find((p) => p.id === type);

    return html`<${PageHead} title="Auth modules" lead="Ways to log in, in the order of the login page.">
        <a role="button" href="/admin/modules/new"><${Icon} name="plus" />New module</a><//>
    <${Fault} error=${error} />
    <${Loaded} from=${modules}>${() => !shown.length
        ? html`<${Empty} icon="shapes" title="No auth modules yet">
            <p>A module lets people log in with Bitbucket Cloud or another service.</p>
            <a role="button" href="/admin/modules/new">Create the first one</a><//>`
        : html`<ol class="rows modules" ref=${list}>${shown.map((m, n) => html`<li key=${m.id} data-id=${m.id}
            class=${dragged?.id === m.id ? 'dragged' : ''}>
            <button type="button" class="handle plain" aria-label=${`Move ${m.name}, place ${n + 1} of ${shown.length}`}
                aria-describedby="move-help"
                onKeyDown=${(e) => keys(e, m.id)} onPointerDown=${(e) => drag(e, m.id)}><${Icon} name="grip" /></button>
            <${Mark} provider=${provider(m.type)} module=${m} size=${28} />
            <div class="what"><a class="whole" href=${`/admin/modules/${m.id}`}>${m.name}</a><small>
                ${provider(m.type)?.label ?? m.type}</small></div>
            <div class="tags"><${Status} module=${m} />${m.default && html`<${Badge} kind="blue" icon="star">Default<//>`}
                ${m.missing?.length > 0 && html`<${Badge} kind="warn" icon="warning">Incomplete<//>`}</div>
            <span class="number">${count(m.imported_accounts ?? 0, 'account')} imported</span>
            <div class="moves"><button type="button" class="plain" aria-label=${`Move ${m.name} up`}
                aria-disabled=${n ? null : 'true'} onClick=${() => move(m.id, -1)}><${Icon} name="up" /></button>
                <button type="button" class="plain" aria-label=${`Move ${m.name} down`}
                    aria-disabled=${n < shown.length - 1 ? null : 'true'} onClick=${() => move(m.id, 1)}><${Icon}
                    name="arrow-down" /></button></div></li>`)}</ol>
            <p class="hint" id="move-help">Drag by the handle, or focus it and press the arrow keys, to change the order.</p>
            ${!shown.some((m) => m.enabled) && html`<${Notice} kind="warn"><p>No module is enabled, so nobody can log in.</p>
                <//>`}`}<//>
    <div class="unseen" role="status">${spoken}</div>`;
}

/// `Bitbucket Cloud`, or `Bitbucket Cloud 2` where that name is taken.
const freeName = (label, taken) => {
    let name = label;
    for (let n = 2; taken.includes(name); ++n) name = `${label} ${n}`;
    return name;
};

export function NewModule() {
    const providers = useData('/api/providers');
    const modules = useData('/api/modules');
    const [search, setSearch] = useState('');
    const [chosen, setChosen] = useState(null);
    const [name, setName] = useState('');
    const [typed, setTyped] = useState(false);
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState(null);
    const taken = (modules.data?.items ?? []).map((m) => m.name);
    useEffect(() => { if (chosen && !typed) setName(freeName(chosen.label, taken)); }, [chosen, modules.data]);

    const create = async (event) => {
        event.preventDefault();
        if (busy || !chosen) return;
        setBusy(true);
        setError(null);
        try {
            const made = await call('POST', '/api/modules', { type: chosen.id, name });
            say(`${made.name} was created. It starts disabled.`);
            go(`/admin/modules/${made.id}`);
        } catch (refusal) {
            setError(refusal.code === 'name_taken' ? Object.assign(refusal, { field: 'name' }) : refusal);
            setBusy(false);
        }
    };
    return html`<${PageHead} title="New module" back=${['/admin/modules', 'Auth modules']}
        lead="Choose the service that people log in with. Its endpoints and attribute mapping are filled in for you." />
    <${Loaded} from=${providers}>${({ items }) => {
        const found = items.filter((p) => `${p.label} ${p.id}`.toLowerCase().includes(search.trim().toLowerCase()));
        return html`<form onSubmit=${create} class="chooser" novalidate>
            <div class="searchbox"><${Icon} name="search" /><input type="search" aria-label="Search providers"
                placeholder="Search providers" value=${search}
                onInput=${(e) => setSearch(e.target.value)} /></div>
            <div class="unseen" role="status">${search && `${count(found.length, 'provider')} found`}</div>
            <fieldset class="cards"><legend class="unseen">Provider</legend>${found.map((p) => html`<label key=${p.id} class="card">
                <input type="radio" name="provider" value=${p.id} checked=${chosen?.id === p.id} onChange=${() => setChosen(p)} />
                <${Mark} provider=${p} size=${28} /><span>${p.label}</span></label>`)}</fieldset>
            ${!found.length && html`<p class="hint">Nothing is called “${search}”. OAuth 2.0 and OpenID Connect work with any service that speaks them.</p>`}
            ${chosen && html`<div class="create"><${Field} id="name" label="Name" value=${name}
                error=${error?.field === 'name' ? error : null}
                help=${`Stands on the button of the login page: “Log in with ${name || chosen.label}”.`}>
                    ${(props) => html`<input ...${props} required maxlength="255" value=${name}
                onInput=${(e) => { setTyped(true); setName(e.target.value); }} />`}<//>
            ${error && error.field !== 'name' && html`<${Fault} error=${error} />`}
            <div class="end"><a role="button" class="secondary" href="/admin/modules">Cancel</a><button type="submit"
                aria-busy=${busy ? 'true' : null}>Create module</button></div></div>`}
        </form>`;
    }}<//>`;
}
)js";
// clang-format on

} // namespace authmod::detail
