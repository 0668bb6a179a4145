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

const once = (made, what) => showOnce({ title: 'Copy the token now',
    text: `${what} It is shown this once and stored only as a digest.`, values: [['Token', made.token]] });

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
                <p>The identity provider must get the new token; the old one stops working.</p><//>`);
        if (made) await once(made, `Enter it for ${client.name} in place of the old one.`);
    };
    const revoke = async (client) => {
        const done = await ask({ title: `Revoke ${client.name}?`,
            text: 'Its token stops working at once. The accounts and groups it made stay.', action: 'Revoke', danger: true,
            act: () => call('DELETE', `/api/scim-clients/${part(client.id)}`).then(() => true) });
        if (!done) return;
        say(`${client.name} was revoked.`);
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
                <div class="what"><strong>${client.name}</strong><small>${client.created_at && html`Created <${When}
                    at=${client.created_at} />`}</small></div>
                <div class="actions"><button type="button" class="secondary" onClick=${() => rotate(client)}>New token<span
                    class="unseen"> for ${client.name}</span></button>
                <button type="button" class="secondary danger" onClick=${() => revoke(client)}>Revoke<span
                    class="unseen"> ${client.name}</span></button></div></li>`)}</ul>`
            : html`<p class="none">No client may provision through this module.</p>`}<//></section>`;
}
)js";
// clang-format on

} // namespace authmod::detail
