// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: the attribute mapping with its live preview.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_mapping_js = R"js(// The attribute mapping, with what each path gives right now, for a pasted answer or the one of the last test login.
import { call, html, part, sentence, useData, useSettled, When } from './lib.js';
import { useEffect, useRef, useState } from './hooks.js';
import { Field, FieldFault, Icon, Notice } from './ui.js';
import { fields } from './settings.js';

const names = ['user_id', 'username', 'full_name', 'email', 'email_verified', 'avatar', 'image_url_pattern', 'groups'];
const profile = ['profile', 'Profile', 'The answer of the user data URL, as JSON'];
const others = [['email_doc', 'Email document', 'The answer of the email URL; empty: the profile has the email'],
    ['groups_doc', 'Groups document', 'The answer of the groups URL; empty: the profile has the groups']];

/// What `name` gives, in words.
const shown = (name, value) => {
    if (value === null || value === undefined || value === '') return null;
    if (name === 'email_verified') return value === true ? 'verified' : 'not verified';
    if (Array.isArray(value)) return value.length ? value.join(', ') : 'empty list';
    return String(value);
};

/// Asks the service what the paths give; the newest answer wins.
function usePreview(module, source, texts, paths) {
    const [state, setState] = useState({ answer: null, error: null, busy: false });
    const wanted = useSettled(JSON.stringify({ source, texts, paths }), 200);
    useEffect(() => {
        if (source === 'none' || (source === 'paste' && !texts.profile.trim())) return setState({ answer: null, error: null, busy: false });
        const stop = new AbortController();
        setState((old) => ({ ...old, busy: true }));
        const given = source === 'test' ? { last_test: true }
            : Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim()));
        call('POST', '/api/mapping/preview', { module: module.id, ...given, paths }, stop.signal)
            .then((answer) => setState({ answer, error: null, busy: false }),
                (error) => { if (!stop.signal.aborted) setState({ answer: null, error, busy: false }); });
        return () => stop.abort();
    }, [wanted, module.revision]);
    return state;
}

export function Mapping({ form, module }) {
    const last = useData(`/api/modules/${part(module.id)}/test-result`);
    const [source, setSource] = useState('paste');
    const [texts, setTexts] = useState({ profile: '', email_doc: '', groups_doc: '' });
    const touched = useRef(false);
    useEffect(() => { if (last.data && !touched.current) setSource('test'); }, [last.data]);
    useEffect(() => { // back from the tab of a test login
        const again = () => { if (document.visibilityState === 'visible') last.reload(); };
        document.addEventListener('visibilitychange', again);
        return () => document.removeEventListener('visibilitychange', again);
    }, [last.reload]);
    const choose = (next) => { touched.current = true; setSource(next); };
    const attributes = form.value('custom_attributes');
    const paths = { ...Object.fromEntries(names.map((name) => [name, form.value(name)])),
        custom_attributes: Object.fromEntries(attributes.filter(([name]) => name)) };
    const preview = usePreview(module, source, texts, paths);
    const answer = preview.answer;
    const fault = (name) => form.error(name) ?? answer?.errors?.find((e) => e.field === name)
        ?? (preview.error?.field?.replace(/^paths\//, '') === name ? preview.error : null);
    const result = (name) => {
        if (!answer || fault(name)) return null;
        const value = name === 'image_url_pattern' ? undefined : name.startsWith('custom_attributes/')
            ? answer.fields?.custom_attributes?.[name.slice(18)] : answer.fields?.[name];
        if (name === 'image_url_pattern') return null;
        const text = shown(name, value);
        if (name === 'user_id' && answer.user_id_refused) return html`<output class="gives bad"><${Icon} name="x-circle"
            size=${15} />Refuses the login (${answer.user_id_refused})</output>`;
        return text === null ? html`<output class="gives none">nothing${name === 'user_id' ? ': the login would be refused' : ''}
            </output>` : html`<output class="gives"><${Icon} name="right" size=${15} />${text}</output>`;
    };
    const pasted = ([name, label, help], rows) => {
        const wrong = answer?.document_errors?.find((e) => e.document === name || e.document === name.replace('_doc', ''))
            ?? (preview.error?.field === name ? preview.error : null);
        return html`<${Field} key=${name} id=${`doc-${name}`} label=${label} help=${wrong ? null : help}
            error=${wrong && { code: wrong.reason ?? 'malformed_json', ...wrong, offset: 0 }}>${(p) => html`<textarea ...${p}
            class="mono" rows=${rows} spellcheck="false" value=${texts[name]}
            onInput=${(e) => setTexts({ ...texts, [name]: e.target.value })}
            placeholder=${name === 'profile' ? '{\n  "uuid": "{0c9a7d31-…}",\n  "display_name": "Nadia Ferro"\n}' : ''} />`}<//>`;
    };
    const setAttribute = (n, pair) => form.set('custom_attributes', attributes.map((row, at) => at === n ? pair : row));
    return html`<div class="with-aside"><div><section><h2>Fields</h2>
        ${names.map((name) => html`<${Field} key=${name} id=${`set-${name}`} label=${fields[name].label}
            optional=${fields[name].optional} help=${fields[name].help}
            error=${fault(name)} value=${form.value(name)} after=${result(name)}>
            ${(p) => html`<input ...${p} class="mono" spellcheck="false" autocomplete="off" autocapitalize="off"
                value=${form.value(name)} onInput=${(e) => form.set(name, e.target.value)} />`}<//>`)}</section>
        <section><h2>Custom attributes</h2><p>More values of the profile, kept with the account under names of your own.</p>
        <fieldset class="pairs" id="set-custom_attributes" tabindex="-1"><legend class="unseen">Custom attributes</legend>
        ${attributes.length > 0 && html`<div class="pair heads" aria-hidden="true"><span>Name</span><span /><span>Path</span>
            </div>`}
        ${attributes.map(([name, path], n) => {
            const error = fault(`custom_attributes/${name}`);
            return html`<div class="pair" key=${n}><input id=${`attribute-${n}`} aria-label=${`Name of attribute ${n + 1}`}
                placeholder="Name"
                value=${name} onInput=${(e) => setAttribute(n, [e.target.value, path])} /><${Icon} name="right" />
                <input class="mono" aria-label=${`Path of attribute ${n + 1}`} placeholder="Path in the profile" value=${path}
                    spellcheck="false"
                    aria-invalid=${error ? 'true' : null} onInput=${(e) => setAttribute(n, [name, e.target.value])} />
                <button type="button" class="plain" aria-label=${`Remove attribute ${n + 1}`}
                    onClick=${() => form.set('custom_attributes', attributes.filter((_, at) => at !== n))}><${Icon} name="trash" />
                    </button>
                ${error ? html`<div class="under"><${FieldFault} error=${error} value=${path} />
                    </div>` : name && result(`custom_attributes/${name}`) && html`<div class="under">
                    ${result(`custom_attributes/${name}`)}</div>`}</div>`;
        })}
        ${!attributes.length && html`<p class="none">There are none.</p>`}
        <button type="button" class="secondary"
            onClick=${() => { form.set('custom_attributes', [...attributes, ['',
                '']]); requestAnimationFrame(() => document.getElementById(`attribute-${attributes.length}`)?.focus()); }}>
            <${Icon} name="plus" />Add attribute</button></fieldset></section></div>
    <aside aria-label="Preview"><h2>Preview with</h2>
        <fieldset class="segments"><legend class="unseen">Where the answers come from</legend>
            <label><input type="radio" name="source" checked=${source === 'test'} disabled=${!last.data}
                onChange=${() => choose('test')} />Last test login</label>
            <label><input type="radio" name="source" checked=${source === 'paste'}
                onChange=${() => choose('paste')} />Pasted answer</label></fieldset>
        ${source === 'test' && last.data && html`<p class="help">Run <${When}
            at=${last.data.at} />. Its answers are kept encrypted with the module.</p>`}
        ${source === 'paste' && !last.data && html`<p class="help">Run a test login once, and its answer can be used here.</p>`}
        ${source === 'paste' && html`${pasted(profile, 8)}<details><summary>Answers about email and groups</summary>
            ${others.map((one) => pasted(one, 4))}</details>`}
        ${preview.error && !preview.error.field && html`<${Notice} kind="bad"><p>${sentence(preview.error.message)} <code>
            ${preview.error.code}</code></p><//>`}
        <details><summary>How paths are written</summary><dl class="grammar">
            <dt><code>a/b</code></dt><dd>member b inside object a</dd><dt><code>a?:b</code></dt>
                <dd>a, or b when a gives nothing</dd>
            <dt><code>list/*/slug</code></dt><dd>slug of every element</dd><dt><code>list/0</code></dt><dd>first element</dd>
            <dt><code>list[primary]/email</code></dt><dd>email of the elements whose primary is true</dd><dt>
                <code>list[type=work]</code></dt><dd>elements whose type is work</dd>
            <dt><code>"odd/name"</code></dt><dd>a name with special characters</dd></dl></details></aside></div>`;
}
)js";
// clang-format on

} // namespace authmod::detail
