// 10,000 random filters: what we find, scim2-parse-filter and scimmy find, or a reason stands here. A reason comes with
// a rewriting that takes the difference out of the question; a peer that still answers otherwise fails the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filter as peerFilter, parse as peerParse } from 'scim2-parse-filter';
import SCIMMY from 'scimmy';
import { Reasons, ask } from './driver.mjs';
import { Random, attributes, enterprise, filterText, randomFilter, randomUser, rewrite } from './random.mjs';

const count = 10_000;

const isText = (v) => typeof v === 'string';
const folds = (attribute, sub) => (sub ? attribute.subs && !attribute.exact : attribute.exact === false);

function foldUser(user) {
    const folded = structuredClone(user);
    const from = (attribute) => (attribute.extension ? folded[enterprise] : folded);
    for (const a of attributes) {
        const home = from(a);
        if (!home || home[a.name] === undefined || a.exact !== false && !(a.subs && !a.exact)) continue;
        const fold = (v) => (isText(v) ? v.toLowerCase() : v);
        if (isText(home[a.name])) home[a.name] = fold(home[a.name]);
        else for (const one of [home[a.name]].flat()) for (const s of Object.keys(one)) one[s] = fold(one[s]);
    }
    return folded;
}

const onCompare = (change) => (filter) => rewrite(filter, (n) => (n.kind === 'compare' ? change(n) : n));

// In this order; each is applied on top of those before it.
const rewritings = [
    {
        why: 'RFC 7643 7, caseExact: userName, emails, displayName and most others compare without case',
        filter: onCompare((n) => (isText(n.value) && folds(n.attribute, n.sub) ? { ...n, value: n.value.toLowerCase() } : n)),
        user: foldUser,
    },
    {
        why: 'element[...].sub op value, which Entra sends, means one element: the grammar has no such form, peers differ',
        filter: (f) => rewrite(f, (n) => (n.kind === 'element' && n.then ? { kind: 'element', attribute: n.attribute, part: { kind: 'both', parts: [n.part, n.then] } } : n)),
    },
    {
        why: 'RFC 7643 2.4: a complex attribute without a sub-attribute means its value',
        filter: onCompare((n) => (n.short && n.op !== 'pr' ? { ...n, short: false } : n)),
    },
    {
        why: 'a name without URN is looked for in the extension too: Entra asks for `manager` so',
        filter: onCompare((n) => ({ ...n, bare: false })),
    },
    {
        why: 'RFC 7643 2.5: null is the absence of a value, so `eq null` is `not pr`',
        filter: onCompare((n) => {
            if (n.value !== null) return n;
            const present = { ...n, op: 'pr' };
            delete present.value;
            return n.op === 'ne' ? present : { kind: 'negated', part: present };
        }),
    },
    {
        why: 'Entra writes booleans as texts',
        filter: onCompare((n) => ((n.attribute.boolean || n.sub === 'primary') && isText(n.value) ? { ...n, value: n.value.toLowerCase() === 'true' } : n)),
    },
    {
        why: 'a number stands for the text that it is written as: Entra compares employee numbers so',
        filter: onCompare((n) => (typeof n.value === 'number' ? { ...n, value: String(n.value) } : n)),
    },
    {
        why: 'RFC 7644 3.4.2.2, table 3: date-times compare as points in time, not as texts',
        filter: onCompare((n) => (n.attribute.time && isText(n.value) ? { ...n, value: new Date(n.value).toISOString() } : n)),
    },
];

/** Compares with one peer. `readings` are ways in which it reads a filter otherwise than we do: the filter written so that
    the meaning is the peer's, which we then have to answer as it does. `excuse(filter, user, answer)` names a reason that
    no rewriting shows. */
function compare(name, match, readings, least, excuse = () => null) {
    const r = new Random(7);
    const cases = Array.from({ length: count }, () => {
        const filter = randomFilter(r);
        return { filter, text: filterText(filter, r), user: randomUser(r) };
    });
    const answers = ask(cases.map((c) => ({ filter: c.text, resource: c.user })));
    const reasons = new Reasons();
    const open = [];
    let agreed = 0;
    let matched = 0;
    cases.forEach(({ filter, text, user }, i) => {
        assert.equal(answers[i].error, undefined, `${text}: ${answers[i].detail}`);
        const ours = answers[i].match;
        matched += ours;
        if (match(text, user) === ours) return ++agreed;
        const change = { filter, user, used: [] };
        for (const rewriting of rewritings) apply(rewriting, change);
        const theirs = match(filterText(change.filter), change.user);
        if (change.used.length && theirs === ours) return change.used.forEach((why) => reasons.note(why));
        const asked = filterText(change.filter);
        for (const reading of readings) apply(reading, change);
        open.push({ ...change, text, asked, theirs });
    });
    const again = ask(open.map((c) => ({ filter: filterText(c.filter), resource: c.user })));
    open.forEach((c, i) => {
        const why = again[i].match === c.theirs ? null : excuse(c.filter, c.user, c.theirs);
        if (!why) assert.equal(again[i].match, c.theirs, `${name} differs:\n${c.text}\n${c.asked}\n${filterText(c.filter)}\n${JSON.stringify(c.user)}`);
        for (const used of why ? [why] : c.used) reasons.note(used);
    });
    console.log(`# ${name}: ${agreed} of ${count} agree as asked, ${matched} match`);
    reasons.print();
    assert.ok(agreed > count * least, `only ${agreed} agree`);
    assert.ok(matched > count * 0.2 && matched < count * 0.8, 'the filters tell nothing apart');
}

function apply({ why, filter, user }, change) {
    const next = filter(change.filter, change.user);
    const nextUser = user ? user(change.user) : change.user;
    if (filterText(next) !== filterText(change.filter) || JSON.stringify(nextUser) !== JSON.stringify(change.user)) change.used.push(why);
    change.filter = next;
    change.user = nextUser;
}

// `emails[a and b]` as `emails[a] and emails[b]`, and so on.
const distribute = (f) => rewrite(f, (n) => {
    if (n.kind !== 'element' || n.part.kind === 'compare') return n;
    const over = (part) => distribute({ kind: 'element', attribute: n.attribute, part });
    return n.part.part ? { kind: 'negated', part: over(n.part.part) } : { kind: n.part.kind, parts: n.part.parts.map(over) };
});

test('scim2-parse-filter finds what we find', () => {
    compare('scim2-parse-filter', (text, user) => peerFilter(peerParse(text))(user), [
        {
            why: 'RFC 7644 3.4.2.2: what stands in brackets is about one element; the peer asks each comparison of any element',
            filter: distribute,
        },
    ], 0.9);
});

// `not (a or b)` as `not (a) or not (b)`.
const pushNot = (f) => rewrite(f, (n) => (n.kind === 'negated' && n.part.parts
    ? { kind: n.part.kind, parts: n.part.parts.map((part) => pushNot({ kind: 'negated', part })) } : n));

const always = { kind: 'compare', attribute: { name: 'userName' }, op: 'pr' };
const never = { kind: 'compare', attribute: { name: 'shoeSize' }, op: 'pr' };

// What is not there as JavaScript's `undefined`, whose text is "undefined".
const asUndefined = (user) => onCompare((n) => {
    const home = n.attribute.extension ? user[enterprise] : user;
    const whole = home?.[n.attribute.name];
    if (n.attribute.many || (n.sub ? whole?.[n.sub] : whole) !== undefined) return n;
    const text = String(n.value);
    const fits = { ne: n.value !== null, eq: n.value === null, co: 'undefined'.includes(text), sw: 'undefined'.startsWith(text), ew: 'undefined'.endsWith(text) };
    return fits[n.op] ? always : never;
});

const some = (f, test) => test(f) || [f.part, f.then, ...(f.parts ?? [])].some((p) => p && some(p, test));
const touches = (f, attribute) => some(f, (n) => n.attribute === attribute && n.kind !== 'negated');

// Readings of scimmy that no filter of ours can say, told by what a filter and a user look like.
const scimmyReadings = [
    ['scimmy reads no parentheses inside parentheses', (f, u, theirs) => isText(theirs) && /^Unexpected token '?\)|^Missing closing/.test(theirs)],
    ['`emails pr` asks for any value; scimmy throws there', (f, u, theirs) => isText(theirs) && some(f, (n) => n.short && n.op === 'pr')],
    ['RFC 7644 3.4.2.2: `not` of several values means that none matches; scimmy looks for one that does not match',
        (f) => attributes.some((a) => a.many && some(f, (n) => n.kind === 'negated' && touches(n.part, a)))],
    ['RFC 7644 3.4.2.2: comparisons joined by `and` may be met by different values; scimmy wants one value to meet all',
        (f) => attributes.some((a) => a.many && some(f, (n) => n.kind === 'both' && n.parts.filter((p) => touches(p, a)).length > 1))],
    ['RFC 7644 3.4.2.2: `a and (b or c)` needs a; scimmy loses comparisons where it multiplies groups out',
        (f) => some(f, (n) => (n.kind === 'both' || n.kind === 'element') && some(n, (p) => p.kind === 'either'))],
    ['RFC 7644 3.4.2.1: what has no value matches nothing; in an element, too, scimmy compares with undefined and its text',
        (f, u) => attributes.some((a) => a.many && some(f, (n) => n.attribute === a && n.sub && u[a.name]?.some((one) => one[n.sub] === undefined)))],
];

test('scimmy finds what we find', () => {
    compare('scimmy', (text, user) => {
        // scimmy looks for an extension's attributes by their full names, and throws where a part of nothing is asked for.
        const flat = { ...user };
        for (const [name, nothing] of [['name', {}], ['emails', []], ['phoneNumbers', []], [`${enterprise}:manager`, {}]])
            if (text.includes(`${name}.`) || text.includes(`${name}[`)) flat[name] ??= nothing;
        for (const [name, value] of Object.entries(user[enterprise] ?? {})) flat[`${enterprise}:${name}`] = value;
        try { return new SCIMMY.Types.Filter(text).match([flat]).length === 1; } catch (e) { return String(e.message); }
    }, [
        { why: 'RFC 7644 3.4.2.2: `not` is about the whole group; scimmy turns each comparison and keeps and and or', filter: pushNot },
        { why: 'RFC 7644 3.4.2.1: what has no value matches nothing; scimmy compares with undefined and its text', filter: (f, user) => asUndefined(user)(f) },
    ], 0.5, (...seen) => scimmyReadings.find(([, is]) => is(...seen))?.[0]);
});

test('what scim2-parse-filter refuses we refuse', () => {
    const r = new Random(11);
    const cases = Array.from({ length: count }, () => {
        const text = filterText(randomFilter(r), r);
        const at = r.below(text.length + 1);
        return r.in(2) ? text.slice(0, at) + text.slice(at + 1 + r.below(3)) : text.slice(0, at) + r.one([...'()[]". x!', ' and ', '\\']) + text.slice(at);
    });
    const answers = ask(cases.map((text) => ({ filter: text, resource: {} })));
    let refused = 0;
    cases.forEach((text, i) => {
        refused += answers[i].error !== undefined;
        if (answers[i].error === undefined) assert.doesNotThrow(() => peerParse(text), text);
    });
    console.log(`# ${refused} of ${count} damaged filters are refused`);
    assert.ok(refused > count / 4);
});
