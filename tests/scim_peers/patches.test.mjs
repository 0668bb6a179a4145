// 10,000 random patches of users: what comes of them here comes of them with scim-patch and scimmy, or a reason stands
// here, with a rewriting that takes the difference out of the question.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scimPatch } from 'scim-patch';
import SCIMMY from 'scimmy';
import { Reasons, ask } from './driver.mjs';
import { Random, randomPatch, randomUser } from './random.mjs';

const count = 10_000;
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Without what means nothing (RFC 7643 2.5) and what is not about the patch. */
function plain(value) {
    if (Array.isArray(value)) {
        const all = value.map(plain).filter((v) => v !== undefined);
        return all.length ? all : undefined;
    }
    if (value === null || typeof value !== 'object') return value ?? undefined;
    const parts = Object.entries(value)
        .filter(([name]) => !['schemas', 'meta', 'id'].includes(name))
        .map(([name, v]) => [name, name === 'primary' && v === false ? undefined : plain(v)])
        .filter(([, v]) => v !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1));
    return parts.length ? Object.fromEntries(parts) : undefined;
}

const same = (a, b) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

/** Applies `change(name, value)` to every member, parts first. */
function mapMembers(value, change) {
    if (Array.isArray(value)) return value.map((v) => mapMembers(v, change));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value)
        .map(([name, v]) => [name, change(name, mapMembers(v, change))])
        .filter(([, v]) => v !== undefined));
}

const rewritings = [
    {
        why: 'RFC 7643 7, caseExact: types and addresses compare without case',
        change: (question) => JSON.parse(JSON.stringify(question).replace(/"(Work|Ann)"|\\"(Work|Ann)\\"/g, (text) => text.toLowerCase())),
    },
    {
        why: 'RFC 7644 3.5.2: a new primary value makes the others not primary',
        change: (question) => mapMembers(question, (name, v) => (name === 'primary' ? undefined : v)),
    },
    {
        why: 'RFC 7644 3.5.2.1: a value that is there is not added again',
        view: withoutDoubles,
    },
];

/** Every list without what is in it before. */
function withoutDoubles(value) {
    if (value === null || typeof value !== 'object') return value;
    if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, withoutDoubles(v)]));
    const seen = new Set();
    return value.filter((v) => !seen.has(JSON.stringify(plain(v))) && seen.add(JSON.stringify(plain(v))));
}

/** Compares with one peer, whose answer is a resource or null for a refusal. */
async function compare(name, apply, least, more = []) {
    const r = new Random(5);
    const questions = Array.from({ length: count }, () => ({ resource: randomUser(r, false), operations: randomPatch(r) }));
    const ours = (list) => ask(list.map((q) => ({ resource: q.resource, patch: { schemas: [patchUrn], Operations: q.operations } })));
    let view = (v) => v;
    let around = null; // what is done instead of some operation: see `instead`
    const run = async ({ resource, operations }) => {
        try {
            let user = structuredClone(resource);
            if (!around) return await apply(user, structuredClone(operations));
            for (const operation of structuredClone(operations)) {
                const before = structuredClone(user);
                user = await around(user, operation, (u, o) => apply(u, [o]), before);
            }
            return user;
        } catch { return null; }
    };
    const fits = async (question, answer) => {
        const theirs = await run(question);
        return answer.error ? theirs === null : theirs !== null && same(view(theirs), view(answer.resource));
    };
    const reasons = new Reasons();
    const answers = ours(questions);
    let agreed = 0;
    let open = [];
    for (let i = 0; i !== count; ++i) {
        if (await fits(questions[i], answers[i])) ++agreed;
        else open.push({ first: questions[i], question: questions[i] });
    }
    const refused = answers.filter((a) => a.error).length;
    for (const { why, change, view: nextView, instead } of [...rewritings, ...more]) {
        if (nextView) {
            const inner = view;
            view = (v) => nextView(inner(v));
        }
        if (instead) {
            const inner = around ?? ((u, o, next) => next(u, o));
            around = (u, o, next, before) => instead(u, o, (u2, o2) => inner(u2, o2, next, before), before);
        }
        const changed = open.map((c) => ({ ...c, question: change ? change(c.question) : c.question }));
        const again = ours(changed.map((c) => c.question));
        const still = [];
        for (let i = 0; i !== changed.length; ++i) {
            const other = !change || JSON.stringify(changed[i].question) !== JSON.stringify(open[i].question);
            if (other && await fits(changed[i].question, again[i])) reasons.note(why);
            else still.push({ ...changed[i], answer: again[i] });
        }
        open = still;
    }
    console.log(`# ${name}: ${agreed} of ${count} agree as asked, ${refused} refused`);
    reasons.print();
    if (open.length) {
        const { first, question, answer } = open[0];
        assert.fail(`${name} differs in ${open.length}:\n${JSON.stringify(first.resource)}\n${JSON.stringify(first.operations)}\n` +
            `rewritten: ${JSON.stringify(question)}\nours: ${JSON.stringify(answer)}\ntheirs: ${JSON.stringify(await run(question))}`);
    }
    assert.ok(agreed > count * least, `only ${agreed} agree`);
}

const removalOfNothing = {
    why: 'taking away what is not there succeeds',
    instead: async (user, operation, next, before) => {
        if (operation.op.toLowerCase() !== 'remove') return next(user, operation);
        try { return await next(user, operation); } catch { return before; }
    },
};

// The peer knows no schema, so it cannot know that this belongs into a list.
const elementAlone = {
    why: 'RFC 7644 3.5.2.1: a value added to a multi-valued attribute need not be an array',
    change: ({ resource, operations }) => ({
        resource,
        operations: operations.map((o) => (/^(emails|phoneNumbers)$/.test(o.path) && o.value && !Array.isArray(o.value) ? { ...o, value: [o.value] } : o)),
    }),
};

const partsReplaced = {
    why: 'RFC 7644 3.5.2.3: parts of a complex attribute that a replace does not give stay',
    change: ({ resource, operations }) => ({
        resource,
        operations: operations.map((o) => (o.path === 'name' && o.op === 'replace' ? { ...o, op: 'add' } : o)),
    }),
};

const byType = /^(\w+)\[type eq "(.*)"\]\.value$/;

const elementByType = {
    why: 'RFC 7644 3.5.2.3 says noTarget; Entra counts on an element made for `attr[type eq "x"].sub`',
    instead: (user, operation, next) => {
        const [, name, type] = byType.exec(operation.path ?? '') ?? [];
        if (!name || operation.op === 'remove' || user[name]?.some((one) => one.type?.toLowerCase() === type.toLowerCase())) return next(user, operation);
        return next(user, { op: 'add', path: name, value: [{ type, value: operation.value }] });
    },
};

/** Every list in one order. */
const inOrder = {
    why: 'RFC 7643 2.4: the values of an attribute have no order',
    view: function sort(value) {
        if (value === null || typeof value !== 'object') return value;
        if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, sort(v)]));
        return value.map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    },
};

const noTarget = {
    why: 'RFC 7644 3.5.2.3: a replace whose filter matches nothing is noTarget',
    instead: (user, operation, next) => {
        const [, name, part, value] = /^(\w+)\[(type|value) eq "(.*)"\]/.exec(operation.path ?? '') ?? [];
        const matches = user[name]?.some((one) => one[part]?.toLowerCase() === value.toLowerCase());
        assert.ok(!name || matches || operation.op !== 'replace');
        return next(user, operation);
    },
};

test('scim-patch makes of users what we make', async () => {
    // It makes elements for every filter if it makes any; we do for types (and `primary`) only.
    await compare('scim-patch', (user, operations) => operations.reduce((u, op) =>
        scimPatch(u, [op], { mutateDocument: true, treatMissingAsAdd: !/\[value/.test(op.path) }), user), 0.8, [elementAlone, removalOfNothing]);
});

test('scimmy makes of users what we make', async () => {
    SCIMMY.Schemas.User.extend(SCIMMY.Schemas.EnterpriseUser);
    await compare('scimmy', async (resource, operations) => {
        const user = new SCIMMY.Schemas.User(resource, 'both');
        const patched = await new SCIMMY.Messages.PatchOp({ schemas: [patchUrn], Operations: operations }).apply(user);
        return JSON.parse(JSON.stringify(patched ?? user));
    }, 0.4, [noTarget, elementByType, partsReplaced, removalOfNothing, inOrder]);
});
