// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: services and their secrets.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_services_js = R"js(// Services that exchange tokens at /oauth2/token. A secret is shown once.
import { call, html, listed, part, useData, When } from './lib.js';
import { useState } from './hooks.js';
import { ask, Empty, Fault, Field, FieldFault, Icon, Loaded, open, PageHead, say, Sheet, showOnce } from './ui.js';

export function Services() {
    const services = useData('/api/services'), modules = useData('/api/modules');
    const all = modules.data?.items ?? [];
    const create = async () => {
        const made = await open(function NewService({ close }) {
            const [name, setName] = useState('');
            const [chosen, setChosen] = useState([]);
            const toggle = (id) => setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
            return html`<${Sheet} title="New service" action="Create" close=${close}
                act=${() => call('POST', '/api/services', { name, modules: chosen })}>
                ${(error) => html`<${Field} id="service-name" label="Name" value=${name}
                    error=${error && (error.field === 'name' || error.code === 'name_taken') ? error : null}>
                    ${(p) => html`<input ...${p} value=${name} maxlength="255" autocomplete="off"
                    onInput=${(e) => setName(e.target.value)} />`}<//>
                <fieldset class="field picker"><legend>Modules it may use</legend><div class="control"><div class="choices">
                    ${all.map((m) => html`<label key=${m.id}><input type="checkbox" checked=${chosen.includes(m.id)}
                    onChange=${() => toggle(m.id)} />${m.name}</label>`)}</div>
                    ${!all.length && html`<p class="none">There are no modules yet.</p>`}<${FieldFault} id="service-modules-fault"
                        error=${error?.field === 'modules' ? error : null} /></div></fieldset>
                ${error && !['name', 'modules'].includes(error.field) && error.code !== 'name_taken' && html`<${Fault}
                    error=${error} />`}`}<//>`;
        });
        if (!made) return;
        services.reload();
        await showOnce({ title: 'Copy the secret now',
            text: 'The service sends ID and secret as HTTP Basic. The secret is shown this once and stored only as a digest.',
                values: [['Service ID', made.id], ['Secret', made.secret]] });
    };
    const remove = async (service) => {
        if (!await ask({ title: `Delete ${service.name}?`,
            text: 'It can no longer exchange tokens, and the tokens it holds stop working at once.', action: 'Delete', danger: true,
                act: () => call('DELETE', `/api/services/${part(service.id)}`).then(() => true) })) return;
        say(`${service.name} was deleted.`);
        services.reload();
    };
    const nameOf = (id) => all.find((m) => m.id === id)?.name ?? id;
    return html`<${PageHead} title="Services" lead="Programs that may exchange a provider’s access token for one of this service.">
        <button type="button" onClick=${create}><${Icon} name="plus" />New service</button><//>
        <${Loaded} from=${services}>${({ items }) => items.length ? html`<ul class="rows">${items.map((s) => html`<li key=${s.id}>
            <${Icon} name="plug" size=${20} /><div class="what"><strong>${s.name}</strong><small>ID <code>${s.id}</code></small>
            </div>
                <div class="mail">${s.modules?.length ? listed(s.modules.map(nameOf)) : html`<span class="none">no module</span>`}
                    </div><span class="number"><${When} at=${s.created_at} /></span>
                <div class="actions"><button type="button" class="secondary danger" aria-label=${`Delete ${s.name}`}
                    onClick=${() => remove(s)}>Delete</button></div></li>`)}</ul>`
            : html`<${Empty} icon="plug" title="No services yet">
                <p>A service is needed only for the extension grant: an app that already holds a provider’s token and wants one of ours.</p>
                <//>`}<//>`;
}
)js";
// clang-format on

} // namespace authmod::detail
