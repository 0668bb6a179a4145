// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: SCIM clients of a module.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_scim_js = R"js(// SCIM clients of a module: their base address, and tokens that are shown once.
import { call, html, part, useData, When } from './lib.js';
import { ask, askName, Copyable, Empty, Field, Icon, Loaded, open, say, Sheet, showOnce } from './ui.js';
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
            ${items.map((client) => html`<details key=${client.id}><summary>Tokens and last changes of ${client.name}</summary>
                <${Tokens} client=${client} reload=${clients.reload} />
                <${AuditRows} path=${`/api/audit?author=${part(`scim:${client.id}`)}&limit=10`} within=${module.id}
                    none="It has changed nothing yet." /></details>`)}`
            : html`<p class="none">No client may provision through this module.</p>`}<//></section>`;
}
)js";
// clang-format on

} // namespace authmod::detail
