// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: icons, notices, dialogs, menus, fields.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_ui_js = R"js(// The parts pages are made of: icons, notices, dialogs, menus, fields.
import { codePointsBefore, html, sentence } from './lib.js';
import { useEffect, useLayoutEffect, useRef, useState } from './hooks.js';
import { icons } from './icons.js';

export function Icon({ name, label, size = 18 }) {
    return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round" stroke-linejoin="round" role=${label ? 'img' : null} aria-label=${label} aria-hidden=${label ? null : 'true'}
        dangerouslySetInnerHTML=${{ __html: icons[name] }} />`;
}

/// A provider's mark. The text is a constant of the program (provider traits), never typed by anybody.
export function Mark({ provider, module, size = 24 }) {
    const style = { width: `${size}px`, height: `${size}px` };
    if (module?.button_image_set)
        return html`<img class="mark" src=${`/modules/${module.id}/image?v=${module.revision}`} alt="" width=${size}
            height=${size} />`;
    if (provider?.icon_svg)
        return html`<span class="mark" style=${style} aria-hidden="true"
            dangerouslySetInnerHTML=${{ __html: provider.icon_svg }} />`;
    return html`<span class="mark" style=${style}><${Icon} name="key" size=${size} /></span>`;
}

export const Badge = ({ kind = 'quiet', icon, children }) => html`<span class="badge ${kind}">${icon && html`<${Icon} name=${icon}
    size=${13} />`}${children}</span>`;

const noticeIcons = { bad: 'x-circle', warn: 'warning', good: 'check-circle', note: 'info' };

/// `alert` reads it out at once.
export function Notice({ kind = 'note', alert = false, children }) {
    return html`<div class="notice ${kind}" role=${alert ? 'alert' : null}><${Icon} name=${noticeIcons[kind]} /><div>${children}
        </div></div>`;
}

/// What an exchange was refused with, for people and with its stable word.
export function Fault({ error }) {
    if (!error) return null;
    return html`<${Notice} kind="bad" alert><p>${sentence(error.message)} <code>${error.code}</code></p><//>`;
}

export function Loading({ lines = 4 }) {
    return html`<div class="loading" role="status"><span class="unseen">Loading</span>
        ${Array.from({ length: lines }, (_, n) => html`<span class="bone" key=${n} aria-hidden="true" />`)}</div>`;
}

export function Failed({ error, retry }) {
    return html`<div class="empty" role="alert"><${Icon} name="warning" size=${28} /><h2>This could not be loaded</h2>
        <p>${sentence(error.message)} <code>${error.code}</code></p>${retry && html`<button class="secondary"
            onClick=${retry}>Try again</button>`}</div>`;
}

export function Empty({ icon, title, children }) {
    return html`<div class="empty"><${Icon} name=${icon} size=${28} /><h2>${title}</h2>${children}</div>`;
}

/// One of three: the bones of a page, what went wrong, or the page.
export function Loaded({ from, lines, children }) {
    if (from.error) return html`<${Failed} error=${from.error} retry=${from.reload} />`;
    if (!from.data) return html`<${Loading} lines=${lines} />`;
    return children(from.data);
}

/// A button that shows that it works and does not start twice.
export function Action({ onClick, busy, kind = '', icon, children, ...rest }) {
    return html`<button type="button" class=${kind} aria-busy=${busy ? 'true' : null} aria-disabled=${busy ? 'true' : null}
        onClick=${(event) => { if (!busy) onClick?.(event); }} ...${rest}>${icon && !busy && html`<${Icon}
            name=${icon} />`}${children}</button>`;
}

export function Copy({ text, label }) {
    const [done, setDone] = useState('');
    const copy = async () => {
        try {
            await navigator.clipboard.writeText(text);
            setDone('Copied');
        } catch {
            setDone('Press Ctrl+C');
        }
        setTimeout(() => setDone(''), 2000);
    };
    return html`<button type="button" class="secondary copy" onClick=${copy} aria-label=${`Copy ${label}`}>
        <${Icon} name=${done === 'Copied' ? 'check' : 'copy'} /><span aria-live="polite">${done || 'Copy'}</span></button>`;
}

/// A value to take away: selected as a whole by a click.
export function Copyable({ id, value, label, describedby }) {
    return html`<div class="joined"><input id=${id} class="mono" readonly value=${value} aria-describedby=${describedby}
        onFocus=${(event) => event.target.select()} /><${Copy} text=${value} label=${label} /></div>`;
}

// Messages that go by themselves.

export const say = (text, kind = 'good') => dispatchEvent(new CustomEvent('authmod:say', { detail: { text, kind } }));

export function Messages() {
    const [message, setMessage] = useState(null);
    useEffect(() => {
        let timer;
        const heard = (event) => {
            clearTimeout(timer);
            setMessage(event.detail);
            timer = setTimeout(() => setMessage(null), 5000);
        };
        addEventListener('authmod:say', heard);
        return () => { clearTimeout(timer); removeEventListener('authmod:say', heard); };
    }, []);
    return html`<div class="messages" role="status">${message && html`<p class=${message.kind}><${Icon}
        name=${noticeIcons[message.kind]} />${message.text}</p>`}</div>`;
}

// Dialogs. `open` gives a promise of what the dialog was closed with.

let show = null;
export const open = (content) => new Promise((resolve) => show({ content, resolve }));

export function Dialogs() {
    const [stack, setStack] = useState([]);
    show = (one) => setStack((old) => [...old, one]);
    return stack.map((one, n) => html`<${Dialog} key=${n} close=${(value) => {
        setStack((old) => old.filter((other) => other !== one));
        one.resolve(value);
    }} content=${one.content} />`);
}

function Dialog({ content: Content, close }) {
    const element = useRef();
    useLayoutEffect(() => {
        const dialog = element.current, before = document.activeElement;
        dialog.showModal();
        return () => { dialog.close(); before?.focus?.(); };
    }, []);
    return html`<dialog ref=${element} aria-labelledby="dialog-title" onCancel=${(event) => { event.preventDefault(); close(); }}
        onClick=${(event) => { if (event.target === element.current) close(); }}><article><${Content} close=${close} /></article>
            </dialog>`;
}

/// The inside of a dialog with a form: title, what `children` shows, Cancel and one button that acts.
/// `act` may throw a Refusal: the dialog stays and shows it, `children(error)` where that is a function.
export function Sheet({ title, action, danger = false, act, close, children }) {
    const [busy, setBusy] = useState(false);
    const [error, setError] = useState(null);
    const submit = async (event) => {
        event.preventDefault();
        if (busy) return;
        setBusy(true);
        setError(null);
        try {
            close(await act() ?? true);
        } catch (refusal) {
            setError(refusal);
            setBusy(false);
        }
    };
    return html`<form onSubmit=${submit} novalidate><h2 id="dialog-title">${title}</h2>
        ${typeof children === 'function' ? children(error) : html`${children}<${Fault} error=${error} />`}
        <footer><button type="button" class="secondary" onClick=${() => close()}>Cancel</button>
        <button type="submit" class=${danger ? 'danger' : ''} aria-busy=${busy ? 'true' : null}
            aria-disabled=${busy ? 'true' : null}>${action}</button></footer></form>`;
}

/// Asks before something that cannot be undone; `act` runs while the dialog is open.
export const ask = ({ title, text, action, danger = false, act = () => true }) => open(({ close }) =>
    html`<${Sheet} title=${title} action=${action} danger=${danger} act=${act} close=${close}>${[text].flat().map((t) => html`<p>
        ${t}</p>`)}<//>`);

/// Shows what is shown once.
export const showOnce = ({ title, text, values }) => open(({ close }) => html`<h2 id="dialog-title">${title}</h2><p>${text}</p>
    ${values.map(([label, value], n) => html`<div class="field" key=${label}><label for=${`once-${n}`}>${label}</label>
        <div class="control"><${Copyable} id=${`once-${n}`} value=${value} label=${label} /></div></div>`)}
    <footer><button type="button" onClick=${() => close()}>I have copied it</button></footer>`);

/// One name to type, in a dialog; `act(name)` as for Sheet.
export const askName = ({ title, action, help, start = '', act }) => open(function AskName({ close }) {
    const [name, setName] = useState(start);
    const ofName = (error) => error && (error.field === 'name' || error.code === 'name_taken');
    return html`<${Sheet} title=${title} action=${action} close=${close} act=${() => act(name)}>${(error) => html`
        <${Field} id="ask-name" label="Name" help=${help} value=${name} error=${ofName(error) ? error : null}>
            ${(p) => html`<input ...${p} value=${name}
            maxlength="255" autocomplete="off" onInput=${(e) => setName(e.target.value)} />`}<//>
        ${ofName(error) ? null : html`<${Fault} error=${error} />`}`}<//>`;
});

/// A button with a menu: arrows move, Escape closes. Items: {label, icon, danger, run} or null.
export function Menu({ label, items, compact = false }) {
    const [isOpen, setOpen] = useState(false);
    const root = useRef(), button = useRef();
    const shown = items.filter(Boolean);
    useEffect(() => {
        if (!isOpen) return;
        root.current.querySelector('[role=menuitem]')?.focus();
        const outside = (event) => { if (!root.current.contains(event.target)) setOpen(false); };
        document.addEventListener('pointerdown', outside);
        return () => document.removeEventListener('pointerdown', outside);
    }, [isOpen]);
    const keys = (event) => {
        const all = [...root.current.querySelectorAll('[role=menuitem]')], at = all.indexOf(document.activeElement);
        const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
        if (event.key === 'Escape') { setOpen(false); button.current.focus(); event.stopPropagation(); }
        if (event.key === 'Tab') setOpen(false);
        if (to !== undefined && isOpen) { event.preventDefault(); all[to].focus(); }
    };
    const pick = (item) => { setOpen(false); button.current.focus(); item.run(); };
    return html`<div class="menu" ref=${root} onKeyDown=${keys}>
        <button type="button" class="secondary" ref=${button} aria-haspopup="menu" aria-expanded=${isOpen ? 'true' : 'false'}
            aria-label=${compact ? label : null} onClick=${() => setOpen(!isOpen)}>${compact ? null : label}<${Icon}
                name=${compact ? 'more' : 'down'} /></button>
        ${isOpen && html`<div role="menu" aria-label=${label}>${shown.map((item) => html`<button type="button" role="menuitem"
            tabindex="-1" key=${item.label}
            class=${item.danger ? 'danger' : ''} onClick=${() => pick(item)}><${Icon} name=${item.icon} />${item.label}</button>`)}
                </div>`}</div>`;
}

// Fields.

/// What is wrong with a text, and a caret under the place.
export function FieldFault({ id, error, value }) {
    if (!error) return null;
    const text = typeof value === 'string' ? value : '';
    const at = codePointsBefore(text, error.offset ?? 0);
    const pointed = text && (error.offset > 0 || error.reason
        || /path|segment|character|escape|quote|selector|alternative|blank/.test(error.code ?? ''));
    return html`<div class="fault" id=${id}><p>${sentence(error.message)} <code>${error.reason ?? error.code}</code>
        ${pointed ? html` <span class="unseen">At character ${at + 1}.</span>` : null}</p>
        ${pointed && html`<pre class="caret" aria-hidden="true">${`${text}\n${' '.repeat(at)}^`}</pre>`}</div>`;
}

/// A labelled control with help and fault; `children(props)` gets what ties them together.
export function Field({ id, label, help, error, value, optional, children, after }) {
    const described = [error && `${id}-fault`, help && `${id}-help`].filter(Boolean).join(' ') || null;
    return html`<div class="field ${error ? 'wrong' : ''}"><label for=${id}>${label}${optional && html` <small>optional</small>`}
        </label><div class="control">
        ${children({ id, 'aria-describedby': described, 'aria-invalid': error ? 'true' : null })}
        <${FieldFault} id=${`${id}-fault`} error=${error} value=${value} />
        ${help && html`<small class="help" id=${`${id}-help`}>${help}</small>`}${after}</div></div>`;
}

export function Check({ id, label, help, checked, onChange, error }) {
    return html`<div class="field check ${error ? 'wrong' : ''}"><div class="control"><label><input id=${id} type="checkbox"
        checked=${checked} aria-describedby=${help ? `${id}-help` : null}
        onChange=${(event) => onChange(event.target.checked)} />${label}</label>
        <${FieldFault} id=${`${id}-fault`} error=${error} />${help && html`<small class="help" id=${`${id}-help`}>${help}</small>`}
            </div></div>`;
}

/// The head of a page. `back`: [address, words].
export function PageHead({ title, back, lead, children }) {
    return html`<header class="page-head">${back && html`<a class="back" href=${back[0]}><${Icon} name="left" size=${16} />
        ${back[1]}</a>`}
        <div class="line"><div class="titles"><h1 tabindex="-1">${title}</h1>${lead && html`<p class="lead">${lead}</p>`}</div>
        ${children && html`<div class="actions">${children}</div>`}</div></header>`;
}
)js";
// clang-format on

} // namespace authmod::detail
