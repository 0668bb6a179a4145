// SPDX-License-Identifier: BSL-1.0
// Layer 7. Script of the administrators' pages: what all of them share.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_lib_js = R"js(// What all pages share: templates, the REST, the address bar, words and numbers for people.
import { h } from './preact.js';
import htm from './htm.js';
import { useCallback, useEffect, useRef, useState } from './hooks.js';

export const html = htm.bind(h);

/// Who administrates; filled once by the shell.
export const session = { author: '', name: '', csrf: '' };

/// An answer that is no success, in the one form of errors that the REST has.
export class Refusal extends Error {
    constructor(status, { code, field, offset, message } = {}) {
        super(message ?? `the service answered with status ${status}`);
        Object.assign(this, { status, code: code ?? `status_${status}`, field: field ?? '', offset: offset ?? 0 });
    }
}

/// One exchange with the REST: the JSON of the answer, or null. Throws a Refusal, with status 0 when nothing came back.
export async function call(method, path, body, signal) {
    const headers = { Accept: 'application/json' };
    if (method !== 'GET') headers['X-CSRF-Token'] = session.csrf;
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    let reply;
    try {
        reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
    } catch (cause) {
        if (signal?.aborted) throw cause;
        throw new Refusal(0, { code: 'unreachable', message: 'the service cannot be reached; check the connection and try again' });
    }
    const data = reply.status === 204 ? null : await reply.json().catch(() => null);
    if (reply.ok) return data;
    if (reply.status === 401) dispatchEvent(new Event('authmod:signed-out'));
    throw new Refusal(reply.status, data?.error);
}

export const part = encodeURIComponent;

/// `path?a=1&b=2` of what is not empty.
export function withQuery(path, members) {
    const query = new URLSearchParams(Object.entries(members).filter(([, value]) => value !== '' && value != null));
    return query.size ? `${path}?${query}` : path;
}

/// What GET gives: {data, error, loading, reload, put}. An empty path asks nothing.
export function useData(path) {
    const [state, setState] = useState({ path: null, data: null, error: null });
    const turn = useRef(0);
    const reload = useCallback(async () => {
        const mine = ++turn.current;
        if (!path) return;
        try {
            const data = await call('GET', path);
            if (mine === turn.current) setState({ path, data, error: null });
        } catch (error) {
            if (mine === turn.current) setState({ path, data: null, error });
        }
    }, [path]);
    useEffect(() => { reload(); return () => { ++turn.current; }; }, [path]);
    const put = (data) => { ++turn.current; setState({ path, data, error: null }); }; // newer than answers under way
    const fresh = state.path === path;
    return { data: fresh ? state.data : null, error: fresh ? state.error : null, loading: !!path && !fresh, reload, put };
}

/// A list page by page: {items, error, loading, next, more, reload, put}. `cursor` is the parameter that takes `next`.
export function useList(path, cursor = 'after') {
    const first = useData(path);
    const [rest, setRest] = useState({ of: null, items: [], next: null, loading: false, error: null });
    const mine = rest.of === first.data ? rest : { items: [], next: first.data?.next ?? null, loading: false, error: null };
    const more = async () => {
        const of = first.data;
        setRest({ ...mine, of, loading: true, error: null });
        try {
            const url = new URL(path, location.href);
            url.searchParams.set(cursor, mine.next);
            const page = await call('GET', url.pathname + url.search);
            setRest({ of, items: [...mine.items, ...page.items], next: page.next, loading: false, error: null });
        } catch (error) {
            setRest({ ...mine, of, loading: false, error });
        }
    };
    return { ...first, items: first.data ? [...first.data.items, ...mine.items] : [], next: mine.next, more, moreError: mine.error,
        loadingMore: mine.loading };
}

/// A value that follows `value` after `ms` of rest, for fields that ask while somebody types.
export function useSettled(value, ms = 250) {
    const [settled, setSettled] = useState(value);
    useEffect(() => {
        const timer = setTimeout(() => setSettled(value), ms);
        return () => clearTimeout(timer);
    }, [value]);
    return settled;
}

// The address bar. A guard may keep people on a page with unsaved changes.

let guard = null;
/// `ask` gives a promise of true when the page may be left; null lets everybody go.
export const guardLeaving = (ask) => { guard = ask; };
addEventListener('beforeunload', (event) => { if (guard) event.preventDefault(); });

const here = () => location.pathname + location.search;

export async function go(to, { replace = false, force = false } = {}) {
    if (to === here()) return;
    const within = new URL(to, location.href).pathname.split('/').slice(0, 4).join('/');
    if (guard && !force && within !== location.pathname.split('/').slice(0, 4).join('/') && !await guard()) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', to);
    dispatchEvent(new Event('authmod:moved'));
    const hash = to.split('#')[1];
    if (hash) focusWhenThere(hash);
}

/// Goes to a field, which may stand on a page that is still being made.
function focusWhenThere(id, tries = 30) {
    const wanted = document.getElementById(id);
    if (!wanted) return tries ? requestAnimationFrame(() => focusWhenThere(id, tries - 1)) : undefined;
    wanted.focus();
    wanted.scrollIntoView({ block: 'center' });
}

/// The current {path, query}; links inside /admin/ change it without loading the page again.
export function useAddress() {
    const [address, setAddress] = useState(here());
    useEffect(() => {
        let shown = here();
        const moved = () => { shown = here(); setAddress(shown); };
        const popped = async () => {
            const wanted = here();
            const left = shown.split(/[?/]/).slice(0, 4).join('/') !== wanted.split(/[?/]/).slice(0, 4).join('/');
            if (!guard || !left) return moved();
            history.pushState(null, '', shown); // stay until somebody says that it is fine to go
            if (await guard()) go(wanted, { force: true });
        };
        const clicked = (event) => {
            const link = event.target.closest?.('a[href^="/admin/"]');
            if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
            if (link.target || link.hasAttribute('download')) return;
            event.preventDefault();
            go(link.getAttribute('href'));
        };
        addEventListener('authmod:moved', moved);
        addEventListener('popstate', popped);
        document.addEventListener('click', clicked);
        return () => {
            removeEventListener('authmod:moved', moved);
            removeEventListener('popstate', popped);
            document.removeEventListener('click', clicked);
        };
    }, []);
    const url = new URL(address, location.href);
    return { path: url.pathname, query: url.searchParams };
}

// Words and numbers.

/// Messages of the service are clauses; here they stand as sentences.
export function sentence(clause) {
    const text = String(clause ?? '');
    if (!text) return '';
    return text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

export const count = (n, one, many = `${one}s`) => `${Number(n).toLocaleString('en')} ${n === 1 ? one : many}`;

/// `a, b and c`
export const listed = (words) => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const precise = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

/// `seconds`: where things follow each other fast.
export function When({ at, seconds = false }) {
    if (!at) return null;
    const time = new Date(at);
    return html`<time datetime=${at} title=${precise.format(time)}>${(seconds ? exact : moment).format(time)}</time>`;
}

/// How many code points stand before a byte of UTF-8: the service counts bytes, a caret counts characters.
export function codePointsBefore(text, byteOffset) {
    let bytes = 0, points = 0;
    for (const c of text) {
        if (bytes >= byteOffset) break;
        bytes += new TextEncoder().encode(c).length;
        ++points;
    }
    return points;
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
)js";
// clang-format on

} // namespace authmod::detail
