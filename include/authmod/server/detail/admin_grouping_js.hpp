// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: local groups in the settings of a module.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_grouping_js = R"js(// Local groups in the settings of a module: who joins which group.
import { html, listed } from './lib.js';
import { Failed, Field, FieldFault, Icon, Notice } from './ui.js';
import { fields } from './settings.js';

const offered = (groups) => (groups.data?.items ?? []).filter((g) => g.name !== 'All Users');

export function GroupPicker({ form, name, groups }) {
    const chosen = form.value(name), all = offered(groups), about = fields[name];
    const toggle = (id) => form.set(name, chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
    const gone = groups.data ? chosen.filter((id) => !all.some((g) => g.id === id)) : [];
    return html`<fieldset class="field picker" id=${`set-${name}`} tabindex="-1"><legend>${about.label}</legend><div
        class="control">
        ${groups.error && html`<${Failed} error=${groups.error} retry=${groups.reload} />`}
        ${groups.data && (all.length ? html`<div class="choices">${all.map((g) => html`<label key=${g.id}><input type="checkbox"
            checked=${chosen.includes(g.id)} onChange=${() => toggle(g.id)} />${g.name}</label>`)}</div>`
            : html`<p>There are no groups yet. <a href="/admin/groups">Create one</a></p>`)}
        ${all.some((g) => g.name === 'authmod-admins' && chosen.includes(g.id)) && html`<${Notice} kind="warn"><p>Everybody who logs in becomes an administrator.</p><//>`}
        ${gone.map((id) => html`<label key=${id}><input type="checkbox" checked onChange=${() => toggle(id)} />
            ${id} (no longer exists)</label>`)}
        <${FieldFault} id=${`set-${name}-fault`} error=${form.error(name)} /><small class="help">
            ${about.help}${!chosen.length && ' None is chosen: new accounts belong to All Users only.'}</small></div></fieldset>`;
}

export function GroupMappings({ form, module, groups }) {
    const rows = form.value('group_mappings'), all = offered(groups), error = form.error('group_mappings');
    const set = (next) => form.set('group_mappings', next);
    const change = (n, more) => set(rows.map((row, at) => at === n ? { ...row, ...more } : row));
    const add = () => {
        set([...rows, { external_group: '', group: all[0]?.id ?? '' }]);
        requestAnimationFrame(() => document.getElementById(`external-${rows.length}`)?.focus());
    };
    const inactive = !form.value('groups');
    return html`<section><h2>Group mappings</h2>
        <p>At each login, people join the local group when the provider names the external group, and leave it when it no longer does.
            Memberships given by hand are never touched.</p>
        ${inactive && html`<${Notice} kind="warn"><p><strong>Inactive.</strong> Nothing tells the groups of a person: set <a
            href=${`/admin/modules/${module.id}/mapping#set-groups`}>Groups</a> in the attribute mapping first.</p><//>`}
        <fieldset class="pairs" id="set-group_mappings" tabindex="-1"><legend class="unseen">Group mappings</legend>
        ${rows.length > 0 && html`<div class="pair heads" aria-hidden="true"><span>External group</span><span />
            <span>Local group</span></div>`}
        ${rows.map((row, n) => html`<div class="pair" key=${n}><input id=${`external-${n}`} class="mono"
            aria-label=${`External group ${n + 1}`} placeholder="Name at the provider, exactly" value=${row.external_group}
            spellcheck="false"
                onInput=${(e) => change(n, { external_group: e.target.value })} /><${Icon} name="right" />
            <select aria-label=${`Local group ${n + 1}`} value=${row.group} onChange=${(e) => change(n, { group: e.target.value })}>
                ${!all.some((g) => g.id === row.group) && html`<option value=${row.group} selected>
                    ${row.group ? `${row.group} (no longer exists)` : 'Choose a group'}</option>`}
                ${all.map((g) => html`<option key=${g.id} value=${g.id} selected=${g.id === row.group}>${g.name}</option>`)}
                    </select>
            <button type="button" class="plain" aria-label=${`Remove mapping ${n + 1}`}
                onClick=${() => set(rows.filter((_, at) => at !== n))}><${Icon} name="trash" /></button></div>`)}
        ${!rows.length && html`<p class="none">No groups are mapped.</p>`}
        <${FieldFault} id="mappings-fault" error=${error} />
        ${groups.data && !all.length ? html`<p>There are no local groups yet. <a href="/admin/groups">Create one first</a></p>`
            : html`<button type="button" class="secondary" onClick=${add}><${Icon} name="plus" />Add mapping</button>`}</fieldset>
                </section>`;
}
)js";
// clang-format on

} // namespace authmod::detail
