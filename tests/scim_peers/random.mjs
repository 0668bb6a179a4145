// Users, filters and patches out of a seed, the same ones in every run.

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const core = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** Mulberry32 with what the generators ask of it. */
export class Random {
    constructor(seed) { this.state = seed >>> 0; }

    below(n) {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let t = this.state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) % n;
    }

    one(list) { return list[this.below(list.length)]; }
    in(n) { return this.below(n) === 0; }
}

// Capital letters are rare: each of them makes a difference to peers that compare with case.
const word = (r) => (r.in(60) ? 'Ann' : r.one(['ann', 'bob', 'bo', 'x y', 'a.b', 'work']));
const text = (r) => (r.in(8) ? '' : word(r));
const type = (r) => (r.in(60) ? 'Work' : r.one(['work', 'home', 'other']));
const times = ['2024-01-02T03:04:05.006Z', '2024-01-02T03:04:05.007Z', '2025-01-01T00:00:00.000Z'];
const otherTimes = ['2024-01-02T04:04:05.006+01:00', '2024-01-02T03:04:05Z'];

// What is known of the attributes that take part: `exact` compares with case, `many` are lists of objects.
export const attributes = [
    { name: 'userName', exact: false },
    { name: 'externalId', exact: true },
    { name: 'displayName', exact: false },
    { name: 'title', exact: false },
    { name: 'active', boolean: true },
    { name: 'name', subs: ['givenName', 'familyName'] },
    { name: 'emails', many: true, subs: ['value', 'type', 'primary'] },
    { name: 'phoneNumbers', many: true, subs: ['value', 'type', 'primary'] },
    { name: 'meta', subs: ['created'], time: true, exact: true },
    { name: 'department', extension: true, exact: false },
    { name: 'manager', extension: true, subs: ['value'], exact: true },
    { name: 'shoeSize', unknown: true },
];

export function randomUser(r, withMeta = true) {
    const list = () => {
        const all = [];
        let primary = r.in(2);
        for (let n = r.below(4); n > 0; --n) {
            const one = {};
            if (!r.in(8)) one.value = word(r);
            if (!r.in(4)) one.type = type(r);
            if (primary && r.in(2)) { one.primary = true; primary = false; } else if (r.in(3)) one.primary = false;
            if (Object.keys(one).length) all.push(one);
        }
        return all;
    };
    const user = { schemas: [core], userName: word(r), active: r.in(2) };
    for (const name of ['externalId', 'displayName', 'title']) if (r.in(2)) user[name] = text(r);
    if (r.in(2)) {
        user.name = {};
        if (r.in(2)) user.name.givenName = text(r);
        user.name.familyName = text(r);
    }
    for (const name of ['emails', 'phoneNumbers']) {
        const all = list();
        if (all.length) user[name] = all;
    }
    if (withMeta) user.meta = { created: r.one(times) };
    if (r.in(2)) {
        user[enterprise] = { department: text(r) };
        if (r.in(2)) user[enterprise].manager = { value: word(r) };
        user.schemas.push(enterprise);
    }
    return user;
}

const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

function literal(r, attribute, sub, op) {
    const equality = op === 'eq' || op === 'ne';
    if (equality && r.in(30)) return null;
    if (attribute.boolean || sub === 'primary') return r.in(8) ? r.one(['True', 'false']) : r.in(2);
    if (attribute.time) return r.in(6) ? r.one(otherTimes) : r.one(times);
    if (sub === 'type') return type(r);
    return equality && r.in(30) ? r.below(5) : text(r);
}

function comparison(r, attribute, sub) {
    const boolean = attribute.boolean || sub === 'primary';
    const op = r.in(8) ? 'pr' : r.one(boolean ? ['eq', 'ne'] : attribute.time ? ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] : operators);
    const node = { kind: 'compare', attribute, sub, op };
    if (op !== 'pr') node.value = literal(r, attribute, sub, op);
    return node;
}

/** A filter as a tree: compare, both, either, negated, element. `inside`: the attribute whose brackets we are in. */
export function randomFilter(r, depth = 3, inside = null) {
    if (depth > 0 && r.in(2)) {
        const kind = r.one(['both', 'either', 'negated']);
        if (kind === 'negated') return { kind, part: randomFilter(r, depth - 1, inside) };
        return { kind, parts: Array.from({ length: 2 + r.below(2) }, () => randomFilter(r, depth - 1, inside)) };
    }
    if (inside) return comparison(r, inside, r.one(inside.subs));
    const attribute = r.one(attributes);
    if (attribute.many && r.in(2)) {
        const node = { kind: 'element', attribute, part: randomFilter(r, 1, attribute) };
        if (r.in(3)) node.then = comparison(r, attribute, r.one(attribute.subs));
        return node;
    }
    const node = comparison(r, attribute, attribute.subs && r.one(attribute.subs));
    if ((attribute.many || attribute.name === 'manager') && node.sub === 'value' && r.in(3)) node.short = true; // `emails eq "x"`
    if (attribute.extension && r.in(2)) node.bare = attribute.name === 'manager';
    return node;
}

const strength = { either: 1, both: 2, negated: 3, compare: 4, element: 4 };

/** The text of a filter. `r` varies what means nothing: case of operators, blanks, parentheses. */
export function filterText(node, r = null) {
    const vary = (word) => (r && r.in(4) ? word.toUpperCase() : word);
    const value = (v) => (typeof v === 'string' ? JSON.stringify(v) : String(v));
    const compare = (n, name) => `${name} ${vary(n.op)}${n.op === 'pr' ? '' : ` ${value(n.value)}`}`;
    const write = (n, inside, outer) => {
        const wrap = (text) => (strength[n.kind] < outer || (r && r.in(12)) ? `(${r && r.in(3) ? ' ' : ''}${text})` : text);
        switch (n.kind) {
        case 'compare': {
            if (inside) return wrap(compare(n, n.sub));
            const urn = n.attribute.extension && !n.bare ? `${enterprise}:` : '';
            return wrap(compare(n, urn + n.attribute.name + (n.sub && !n.short ? `.${n.sub}` : '')));
        }
        case 'element':
            return wrap(`${n.attribute.name}[${write(n.part, true, 0)}]${n.then ? `.${compare(n.then, n.then.sub)}` : ''}`);
        case 'negated':
            return wrap(`${vary('not')} (${write(n.part, inside, 0)})`);
        default:
            return wrap(n.parts.map((p) => write(p, inside, strength[n.kind] + 1)).join(` ${vary(n.kind === 'both' ? 'and' : 'or')} `));
        }
    };
    return write(node, false, 0);
}

/** A copy of a filter in which `change` replaced its nodes, parts first. */
export function rewrite(node, change) {
    const copy = { ...node };
    if (node.part) copy.part = rewrite(node.part, change);
    if (node.parts) copy.parts = node.parts.map((p) => rewrite(p, change));
    if (node.then) copy.then = rewrite(node.then, change);
    return change(copy);
}

function element(r) {
    const one = { value: word(r), type: type(r) };
    if (r.in(6)) one.primary = r.in(2);
    return one;
}

/** One to three operations on users, all of them of shapes that clients send. */
export function randomPatch(r) {
    const shapes = [
        () => ({ op: 'replace', path: r.one(['displayName', 'title', 'externalId']), value: text(r) }),
        () => ({ op: 'add', path: r.one(['displayName', 'title', 'userName']), value: word(r) }),
        () => ({ op: 'remove', path: r.one(['displayName', 'title', 'name', 'emails', 'phoneNumbers', 'externalId']) }),
        () => ({ op: r.one(['add', 'replace']), path: `name.${r.one(['givenName', 'familyName'])}`, value: text(r) }),
        () => ({ op: 'remove', path: `name.${r.one(['givenName', 'familyName'])}` }),
        () => ({ op: r.one(['add', 'replace']), path: 'name', value: { givenName: text(r) } }),
        () => ({ op: r.one(['add', 'replace']), path: 'active', value: r.in(2) }),
        () => ({ op: 'add', path: r.one(['emails', 'phoneNumbers']), value: Array.from({ length: 1 + r.below(2) }, () => element(r)) }),
        () => ({ op: 'add', path: r.one(['emails', 'phoneNumbers']), value: element(r) }),
        () => ({ op: 'replace', path: r.one(['emails', 'phoneNumbers']), value: [element(r)] }),
        () => ({ op: r.one(['add', 'replace', 'Replace', 'Add']), path: `emails[type eq ${JSON.stringify(type(r))}].value`, value: word(r) }),
        () => ({ op: 'replace', path: `emails[value eq ${JSON.stringify(word(r))}].type`, value: type(r) }),
        () => ({ op: 'replace', path: `phoneNumbers[type eq ${JSON.stringify(type(r))}]`, value: element(r) }),
        () => ({ op: r.one(['remove', 'Remove']), path: `emails[${r.one(['type', 'value'])} eq ${JSON.stringify((r.in(2) ? type(r) : word(r)))}]` }),
        () => ({ op: 'remove', path: `emails[type eq ${JSON.stringify(type(r))}].primary` }),
        () => ({ op: r.one(['add', 'replace']), path: `${enterprise}:department`, value: text(r) }),
        () => ({ op: r.one(['add', 'replace']), path: `${enterprise}:manager`, value: { value: word(r) } }),
        () => ({ op: 'remove', path: `${enterprise}:${r.one(['department', 'manager'])}` }),
        () => ({ op: r.one(['add', 'replace']), value: { displayName: text(r), active: r.in(2) } }),
        () => ({ op: 'replace', value: { 'name.givenName': text(r), [`${enterprise}:department`]: text(r) } }),
        () => ({ op: 'add', value: { emails: [element(r)] } }),
    ];
    return Array.from({ length: 1 + r.below(3) }, () => r.one(shapes)());
}
