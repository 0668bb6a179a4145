// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: the settings of a module as fields.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_settings_js = R"js(// The settings of a module as fields: what each is called, where it stands, and what was typed but not saved.
import { call, html, listed, same, sentence } from './lib.js';
import { useMemo, useState } from './hooks.js';
import { Check, Copyable, Field, FieldFault, Icon, Notice } from './ui.js';

export const tabs = [['general', 'General'], ['mapping', 'Attribute mapping'], ['groups', 'Group mappings'], ['scim', 'SCIM 2.0'],
    ['additional', 'Additional settings'], ['changes', 'Changes']];

const url = (label, more = {}) => ({ tab: 'general', label, kind: 'url', ...more });
const path = (label, more = {}) => ({ tab: 'mapping', label, kind: 'path', ...more });
const extra = (label, more = {}) => ({ tab: 'general', label, kind: 'text', extra: true, ...more });
const more = (label, other) => ({ tab: 'additional', label, ...other });

export const fields = {
    name: { tab: 'general', label: 'Name', kind: 'text' },
    button_image: { tab: 'general', label: 'Button image', kind: 'image' },
    client_id: { tab: 'general', label: 'Client ID', kind: 'text', mono: true },
    client_secret: { tab: 'general', label: 'Client secret', kind: 'secret' },
    public_client: { tab: 'general', label: 'Public client', kind: 'bool',
        help: 'The provider gave no secret; PKCE protects the exchange instead.' },
    scopes: { tab: 'general', label: 'Scopes', kind: 'text', mono: true, help: 'What is asked of the provider, separated by spaces.' },
    server_url: extra('Server URL', { kind: 'url', help: 'Address of your own installation; fills the endpoints.' }),
    realm: extra('Realm'),
    tenant: extra('Tenant', { help: 'A tenant id or domain, or common, organizations, consumers.' }),
    okta_domain: extra('Okta domain', { help: 'For example example.okta.com.' }),
    issuer: extra('Issuer', { kind: 'url', help: 'Discovery fills the endpoints that are empty.' }),
    jwks_url: extra('Key set URL', { kind: 'url' }),
    authorization_url: url('Authorization URL'),
    token_url: url('Token URL'),
    user_info_url: url('User data URL'),
    email_url: url('Email URL', { optional: true, help: 'Where the provider lists email addresses, if not in the user data.' }),
    groups_url: url('Groups URL', { optional: true, help: 'Where the provider lists groups, if not in the user data.' }),
    avatar_url: url('Avatar URL', { optional: true, help: 'An address that gives the picture itself for the access token.' }),
    logout_url: url('Logout URL', { optional: true, help: 'Where the browser goes after logging out here.' }),
    allowed_workspaces: extra('Allowed workspaces', { kind: 'lines',
        help: 'Slugs, one a line. Empty: members of any workspace, or none, may log in.' }),
    allowed_organizations: extra('Allowed organizations', { kind: 'lines', help: 'One a line. Empty: anybody may log in.' }),
    hosted_domain: extra('Hosted domain', { help: 'Only accounts of this Google Workspace domain may log in.' }),
    user_id: path('User ID', { help: 'Never changes for a person; ties the account here to the one there.' }),
    username: path('Username', { optional: true }),
    full_name: path('Full name', { optional: true }),
    email: path('Email', { optional: true, from: 'email_doc' }),
    email_verified: path('Email verification state', { optional: true, from: 'email_doc' }),
    avatar: path('Avatar', { optional: true }),
    image_url_pattern: path('Image URL pattern', { optional: true,
        help: 'https address with <picture-id> where the avatar value goes. Not needed when the value is an address.' }),
    groups: path('Groups', { optional: true, from: 'groups_doc' }),
    custom_attributes: { tab: 'mapping', label: 'Custom attributes', kind: 'attributes' },
    group_mappings: { tab: 'groups', label: 'Group mappings', kind: 'mappings' },
    user_creation: more('Create accounts', { kind: 'bool',
        help: 'Who logs in for the first time gets an account. Off: only people who have one get in.' }),
    auto_join_groups: more('Auto-join groups', { kind: 'groups', help: 'Everybody who logs in through this module joins these groups.' }),
    account_linking: more('Link to existing accounts', { kind: 'choice', choices: [['verified_email', 'By verified email'], ['never', 'Never']],
        help: 'By verified email: only when the provider and this service both hold the address as verified. User names never link.' }),
    email_auto_verification: more('Treat emails as verified', { kind: 'bool',
        help: 'What is stored when the provider does not say. Only for providers that check every address themselves.' }),
    client_authentication: more('Client authentication', { kind: 'choice', choices: [['basic', 'HTTP Basic'], ['post', 'In the request body']],
        help: 'How client ID and secret go to the token URL.' }),
    pkce: more('PKCE', { kind: 'choice', choices: [['auto', 'Automatic'], ['required', 'Required'], ['off', 'Off']],
        help: 'Proof that the browser that began a login ends it; always S256.' }),
    connection_timeout_ms: more('Connection timeout', { kind: 'ms',
        help: 'Milliseconds. 0: no limit of its own; a whole login takes at most 15 s.' }),
    read_timeout_ms: more('Read timeout', { kind: 'ms', help: 'Milliseconds to wait for an answer.' }),
    extension_grant_type: more('Extension grant type', { kind: 'text', mono: true, optional: true,
        help: 'Lets your services exchange this provider’s access tokens at /oauth2/token under this grant_type. Empty: off.' }),
    scim_match_attribute: { tab: 'scim', label: 'Match attribute', kind: 'text', mono: true,
        help: 'The SCIM attribute that finds an existing account.' },
};

export const labelOf = (name) => fields[name.split('/')[0]]?.label ?? name;

const initial = (module, name) => {
    if (fields[name].kind === 'secret' || fields[name].kind === 'image') return '';
    if (fields[name].kind === 'attributes') return Object.entries(module[name] ?? {});
    return module[name] ?? (['lines', 'groups', 'mappings'].includes(fields[name].kind) ? [] : '');
};

const kindOf = (name) => fields[name].kind;

/// What a PATCH says for a field. Attributes are merged one by one (RFC 7396), so those that went are null.
function patchOf(module, name, value) {
    if (kindOf(name) === 'lines') return value.map((line) => line.trim()).filter(Boolean);
    if (kindOf(name) === 'ms') return /^\d+$/.test(String(value).trim()) ? Number(value) : value;
    if (kindOf(name) === 'mappings') return value.filter((row) => row.external_group || row.group);
    if (kindOf(name) !== 'attributes') return value;
    const gone = Object.fromEntries(Object.keys(module[name] ?? {}).map((key) => [key, null]));
    return { ...gone, ...Object.fromEntries(value.filter(([key, text]) => key || text)) };
}

/** What was typed about `module`, laid over it; `put` takes the module that an answer carries.

    Gives value, set, error, dirty (names), save (a promise of whether it went well), discard, and what to do when
    somebody else was faster: `stale`, and `rebase`, which reads again and keeps what was typed.
*/
export function useSettings(module, put) {
    const [draft, setDraft] = useState({});
    const [fault, setFault] = useState(null);
    const [saving, setSaving] = useState(false);
    const [stale, setStale] = useState(false);
    const [theirs, setTheirs] = useState(null); // names that somebody else changed, after a rebase
    const dirty = Object.keys(draft);
    const value = (name) => name in draft ? draft[name] : initial(module, name);
    const set = (name, next) => {
        setDraft((old) => {
            const { [name]: _, ...rest } = old;
            return same(next, initial(module, name)) ? rest : { ...rest, [name]: next };
        });
        if (fault?.field.split('/')[0] === name) setFault(null);
    };
    const save = async () => {
        if (saving) return false;
        if (!dirty.length) return true;
        setSaving(true);
        setFault(null);
        try {
            const changes = Object.fromEntries(dirty.map((name) => [name, patchOf(module, name, draft[name])]));
            put(await call('PATCH', `/api/modules/${module.id}`, { ...changes, revision: module.revision }));
            setDraft({});
            setTheirs(null);
            return true;
        } catch (refusal) {
            if (refusal.code === 'revision_stale') setStale(true);
            else setFault(refusal);
            return false;
        } finally {
            setSaving(false);
        }
    };
    const rebase = async () => {
        try {
            const newest = await call('GET', `/api/modules/${module.id}`);
            setTheirs(Object.keys(fields).filter((name) => !same(initial(module, name), initial(newest, name))));
            setDraft((old) => Object.fromEntries(Object.entries(old).filter(([name, mine]) => !same(mine, initial(newest, name)))));
            setStale(false);
            put(newest);
        } catch (refusal) {
            setFault(refusal);
        }
    };
    const error = (name) => fault && fault.field && fault.field === name ? fault : null;
    return { module, draft, dirty, value, set, save, saving, fault, setFault, error, stale, rebase, theirs,
        discard: () => { setDraft({}); setFault(null); setStale(false); setTheirs(null); } };
}

/// One setting as its kind asks for.
export function Setting({ form, name, ...props }) {
    const about = { ...fields[name], ...props };
    const value = form.value(name), error = form.error(name), id = `set-${name}`;
    const touched = name in form.draft;
    const both = touched && form.theirs?.includes(name);
    const help = both ? html`${about.help} <em>Somebody else set this to “${String(form.module[name] || 'nothing')}” meanwhile.</em>` : about.help;
    const set = (next) => form.set(name, next);
    const typed = (event) => set(event.target.value);
    const common = { id, label: about.label, help, error, optional: about.optional, value: typeof value === 'string' ? value : '' };
    if (about.kind === 'bool') return html`<${Check} ...${common} checked=${value === true} onChange=${set} />`;
    if (about.kind === 'choice') return html`<${Field} ...${common}>${(p) => html`<select ...${p} value=${value} onChange=${typed}>
        ${about.choices.map(([word, text]) => html`<option value=${word} key=${word} selected=${word === value}>${text}</option>`)}
            </select>`}<//>`;
    if (about.kind === 'lines') return html`<${Field} ...${common}>${(p) => html`<textarea ...${p} class="mono" rows="3"
        spellcheck="false"
        value=${value.join('\n')} onInput=${(e) => set(e.target.value ? e.target.value.split('\n') : [])} />`}<//>`;
    if (about.kind === 'ms') return html`<${Field} ...${common}>${(p) => html`<input ...${p} class="short" inputmode="numeric"
        value=${String(value)}
        onInput=${(e) => set(/^\d{1,9}$/.test(e.target.value) ? Number(e.target.value) : e.target.value)} />`}<//>`;
    return html`<${Field} ...${common}>${(p) => html`<input ...${p} class=${about.mono || about.kind !== 'text' ? 'mono' : ''}
        value=${value} spellcheck="false"
        autocomplete="off" onInput=${typed} />`}<//>`;
}

export function Secret({ form }) {
    const value = form.value('client_secret'), stored = form.module.client_secret_set;
    const removed = value === null;
    const help = removed ? 'The stored secret goes when you save.' : stored
        ? 'A secret is stored, encrypted. Nobody can read it here; what you type replaces it.'
        : 'Stored encrypted and never shown again.';
    return html`<${Field} id="set-client_secret" label="Client secret" help=${help} error=${form.error('client_secret')}
        after=${stored && html`<button type="button" class="link" onClick=${() => form.set('client_secret', removed ? '' : null)}>
            ${removed ? 'Keep the stored secret' : 'Remove the stored secret'}</button>`}>
        ${(p) => html`<input ...${p} type="password" class="mono" autocomplete="new-password" spellcheck="false"
            value=${value ?? ''}
            placeholder=${removed ? 'None' : stored ? '••••••••••••••••' : ''}
                onInput=${(e) => form.set('client_secret', e.target.value)} />`}<//>`;
}

/// A picture as base64, read in the browser; what it may be is for the service to say.
export function ButtonImage({ form }) {
    const set = form.module.button_image_set, typed = 'button_image' in form.draft;
    const value = form.value('button_image'), removed = value === null;
    const [shown, setShown] = useState('');
    const pick = (event) => {
        const file = event.target.files[0];
        if (!file) return;
        if (file.size > 256 * 1024) return form.setFault({ field: 'button_image', code: 'too_large', offset: 0,
            message: 'the picture may have 256 KiB' });
        const reader = new FileReader();
        reader.onload = () => { setShown(reader.result); form.set('button_image', reader.result.slice(reader.result.indexOf(',') + 1)); };
        reader.readAsDataURL(file);
    };
    const picture = typed && value ? shown : set && !removed ? `/modules/${form.module.id}/image?v=${form.module.revision}` : '';
    return html`<${Field} id="set-button_image" label="Button image" optional
        help="PNG, JPEG or GIF up to 256 KiB. None: the provider’s own mark." error=${form.error('button_image')}
        after=${(set || typed) && html`<button type="button" class="link"
            onClick=${() => form.set('button_image', set && !removed && !typed ? null : '')}>${typed ? 'Undo' : 'Remove the image'}
            </button>`}>
        ${(p) => html`<div class="joined picture">${picture && html`<img src=${picture} alt="Button image" width="36"
            height="36" />`}<input ...${p} type="file" accept="image/png,image/jpeg,image/gif" onChange=${pick} /></div>`}<//>`;
}

/// What keeps a form from being saved, and what somebody else did; the links lead to the field.
export function FormState({ form }) {
    const tab = form.fault?.field && fields[form.fault.field.split('/')[0]]?.tab;
    return html`${form.stale && html`<${Notice} kind="warn" alert><p>
        <strong>Somebody else changed this module in the meantime.</strong> Your changes are not saved.</p>
        <button type="button" onClick=${form.rebase}><${Icon} name="refresh" />Reload and keep what I typed</button><//>`}
    ${form.theirs && html`<${Notice} kind="note" alert>
        <p>Reloaded. ${form.theirs.length ? `Changed by somebody else: ${listed(form.theirs.map(labelOf))}.` : 'Nothing on these pages differs.'}
        ${form.dirty.length ? ` Yours is still here and unsaved: ${listed(form.dirty.map(labelOf))}.` : ''}</p><//>`}
    ${form.fault && html`<${Notice} kind="bad" alert><p><strong>Not saved.</strong> ${tab ? html`<a
        href=${`/admin/modules/${form.module.id}/${tab}#set-${form.fault.field.split('/')[0]}`}>${labelOf(form.fault.field)}
        </a>: ` : ''}
        ${tab ? form.fault.message : sentence(form.fault.message)} <code>${form.fault.code}</code></p><//>`}`;
}

/// Sticks to the bottom of the window while something is not saved.
export function SaveBar({ form }) {
    const where = [...new Set(form.dirty.map((name) => tabs.find(([id]) => id === fields[name].tab)?.[1]))];
    const clean = !form.dirty.length;
    return html`<div class="savebar ${clean ? '' : 'unsaved'}"><span role="status">
        ${clean ? 'Everything is saved.' : `Unsaved changes in ${listed(where)}`}</span>
        ${!clean && html`<button type="button" class="secondary" onClick=${form.discard}>Discard</button>`}
        <button type="submit" aria-busy=${form.saving ? 'true' : null} aria-disabled=${clean ? 'true' : null}>Save</button></div>`;
}
)js";
// clang-format on

} // namespace authmod::detail
