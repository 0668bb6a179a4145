// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: SCIM clients of a module.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_scim_js = R"js(// SCIM clients of a module: their base address, tokens that are shown once, and what they asked for.
import { call, html, part, useData, When } from './lib.js';
import { useState } from './hooks.js';
import { ask, askName, Badge, Copyable, Empty, Field, Icon, Loaded, open, say, Sheet, showOnce } from './ui.js';
import { Setting } from './settings.js';
import { AuditRows } from './audit.js';

const once = (made, what) => showOnce({ title: 'Copy the token now',
    text: `${what} It is shown this once and stored only as a digest.`, values: [['Token', made.token]] });

const counted = (n, one) => `${n} ${one}${n === 1 ? '' : 's'}`;

/// The tokens of a client, newest first. One of several can be revoked while the others serve on.
function Tokens({ client, reload }) {
    const revoke = async (token) => {
        const done = await ask({ title: 'Revoke this token?',
            text: `It stops working at once. Make sure that ${client.name} uses another one.`, action: 'Revoke', danger: true,
            act: () => call('DELETE', `/api/scim-clients/${part(client.id)}/tokens/${part(token.id)}`).then(() => true) });
        if (!done) return;
        say('The token was revoked.');
        reload();
    };
    if (!client.tokens.length) return html`<p class="none">It has no valid token.</p>`;
    return html`<ul class="rows">${client.tokens.map((token, i) => html`<li key=${token.id}><${Icon} name="key" />
        <div class="what"><strong>Token ${i + 1}${client.tokens.length > 1 && i === 0 ? ' (newest)' : ''}</strong>
            <small>Made <${When} at=${token.created_at} /></small></div>
        <div class="actions"><button type="button" class="secondary danger" onClick=${() => revoke(token)}>Revoke<span
            class="unseen"> token ${i + 1} of ${client.name}</span></button></div></li>`)}</ul>`;
}

/// What the client asked for last. The roles are spelled out because a phone shows the rows as blocks.
function Requests({ client }) {
    const requests = useData(`/api/scim-clients/${part(client.id)}/requests`);
    if (requests.error?.status === 404) return html`<p class="none">This service takes no note of requests.</p>`;
    const row = (r, n) => html`<tr role="row" key=${n}><td role="cell"><${When} at=${r.at} seconds /></td>
        <td role="cell" class="asked"><code>${r.method} ${r.path}</code></td>
        <td role="cell"><${Badge} kind=${r.status < 400 ? 'good' : 'bad'}>${r.status}${r.error && ` ${r.error}`}<//></td>
        <td role="cell" class="took">${r.duration_ms ? `${r.duration_ms} ms` : 'below 1 ms'}</td></tr>`;
    return html`<div class="line"><h3 id=${`requests-${client.id}`}>Last requests</h3><button type="button" class="secondary"
            onClick=${requests.reload}>Refresh<span class="unseen"> the requests of ${client.name}</span></button></div>
        <p class="hint">The last 20 at this node since it started, without their queries and bodies. Requests with a wrong token
            are in the log.</p>
        <${Loaded} from=${requests} lines=${2}>${({ items }) => items.length ? html`<table class="requests" role="table"
            aria-labelledby=${`requests-${client.id}`}><thead role="rowgroup"><tr role="row">${['Time', 'Request', 'Answer',
            'Took'].map((name) => html`<th role="columnheader" scope="col" key=${name}>${name}</th>`)}</tr></thead>
            <tbody role="rowgroup">${items.map(row)}</tbody></table>`
            : html`<p class="none">It has asked for nothing yet.</p>`}<//>`;
}

/// All about a client that is not needed at a glance; asked for when it is opened.
function More({ client, module, reload }) {
    const [opened, setOpened] = useState(false);
    return html`<details onToggle=${(event) => setOpened(event.currentTarget.open)}>
        <summary>Tokens, requests and changes of ${client.name}</summary>
        ${opened && html`<h3>Tokens</h3><${Tokens} client=${client} reload=${reload} />
        <${Requests} client=${client} /><h3>Last changes</h3>
        <${AuditRows} path=${`/api/audit?author=${part(`scim:${client.id}`)}&limit=10`} within=${module.id}
            none="It has changed nothing yet." />`}</details>`;
}

export function Scim({ form, module }) {
    const clients = useData(`/api/scim-clients?module=${part(module.id)}`);
    const base = `${new URL(module.redirect_uri).origin}/scim/v2`;
    const create = async () => {
        const made = await askName({ title: 'New SCIM client', action: 'Create', help: 'For example Okta, or Entra ID.',
            act: (name) => call('POST', '/api/scim-clients', { name, module: module.id }) });
        if (!made) return;
        clients.reload();
        await once(made, 'Enter it as the bearer token in your identity provider.');
    };
    const rotate = async (client) => {
        const made = await open(({ close }) => html`<${Sheet} title=${`New token for ${client.name}?`}
            action="Make a new token" danger close=${close}
            act=${() => call('POST', `/api/scim-clients/${part(client.id)}/rotate`)}>
                <p>Enter the new token in the identity provider. The one before it stays valid until you revoke it or make
                the next one.</p><//>`);
        if (!made) return;
        clients.reload();
        await once(made, `Enter it for ${client.name} in place of the old one.`);
    };
    const remove = async (client) => {
        const done = await ask({ title: `Delete ${client.name}?`,
            text: 'Its tokens stop working at once. The accounts and groups it made stay.', action: 'Delete', danger: true,
            act: () => call('DELETE', `/api/scim-clients/${part(client.id)}`).then(() => true) });
        if (!done) return;
        say(`${client.name} was deleted.`);
        clients.reload();
    };
    const absent = clients.error?.status === 404;
    if (absent) return html`<${Empty} icon="plug" title="SCIM 2.0 is not available">
        <p>This service was built without provisioning over SCIM. People, their accounts and groups come with each login as before.</p>
        <//>`;
    return html`<section><h2>Provisioning</h2>
        <p>An identity provider such as Okta or Entra ID creates, changes and removes accounts before anybody logs in.</p>
            <${Field} id="scim-base" label="Base URL" help="Enter it in the identity provider, together with a client’s token.">
                ${(p) => html`<${Copyable} id=${p.id} value=${base} label="base URL" describedby=${p['aria-describedby']} />`}<//>
            ${'scim_match_attribute' in module && html`<${Setting} form=${form} name="scim_match_attribute" />`}</section>
        <section><div class="line"><h2>Clients</h2><button type="button" class="secondary" onClick=${create}><${Icon}
            name="plus" />New client</button></div>
        <${Loaded} from=${clients} lines=${2}>${({ items }) => items.length ? html`<ul class="rows">
            ${items.map((client) => html`<li key=${client.id}><${Icon} name="plug" />
                <div class="what"><strong>${client.name}</strong><small>${counted(client.users, 'user')}, ${counted(client.groups,
                    'group')}. Created <${When} at=${client.created_at} /></small></div>
                <div class="actions"><button type="button" class="secondary" onClick=${() => rotate(client)}>New token<span
                    class="unseen"> for ${client.name}</span></button>
                <button type="button" class="secondary danger" onClick=${() => remove(client)}>Delete<span
                    class="unseen"> ${client.name}</span></button></div></li>`)}</ul>
            ${items.map((client) => html`<${More} key=${client.id} client=${client} module=${module} reload=${clients.reload} />`)}`
            : html`<p class="none">No client may provision through this module.</p>`}<//></section>`;
}
)js";
// clang-format on

} // namespace authmod::detail
