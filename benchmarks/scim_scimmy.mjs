// SPDX-License-Identifier: BSL-1.0
// The requests of scim_growth.cpp, answered by scimmy from the memory of node: its resources without HTTP, over maps with
// an index on userName, which is more than its documentation asks for. Arguments: users of the largest set, rounds.
// Needs `npm ci` in tests/scim_peers.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../tests/scim_peers/', import.meta.url));
const { default: SCIMMY } = await import(pathToFileURL(require.resolve('scimmy')));

const { dependencies: { scimmy: version } } = JSON.parse(readFileSync(new URL('../tests/scim_peers/package.json', import.meta.url)));

const largest = Number(process.argv[2] ?? 1_000_000), rounds = Number(process.argv[3] ?? 5);
const members = 10_000;
let users, byName, group;

const newUser = (n) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `user-${n}@example.com`, externalId: `x${n}`,
    name: { givenName: 'Given', familyName: 'Family' }, emails: [{ type: 'work', value: `user-${n}@example.com` }] });
const keep = (id, data) => {
    const user = { ...data, id, meta: { created: new Date(), lastModified: new Date() } };
    users.set(id, user);
    byName.set(user.userName.toLowerCase(), user);
    return user;
};

SCIMMY.Resources.declare(SCIMMY.Resources.User)
    .ingress((resource, data) => keep(resource.id ?? `u${String(users.size).padStart(12, '0')}`, data))
    .egress((resource) => {
        if (resource.id) return users.get(resource.id);
        const name = resource.filter?.[0]?.userName?.[1];
        if (name) return [byName.get(name.toLowerCase())].filter(Boolean);
        // A page is cut here: left to scimmy, each page would begin by reading every user.
        const { startIndex = 1, count = 100 } = resource.constraints ?? {};
        const page = [];
        let at = 0;
        for (const user of users.values()) {
            if (++at < startIndex) continue;
            if (page.length === count) break;
            page.push(user);
        }
        resource.constraints = { startIndex: 1, count };
        return page;
    })
    .degress((resource) => users.delete(resource.id));
SCIMMY.Resources.declare(SCIMMY.Resources.Group)
    .ingress((resource, data) => (group = { ...group, ...data, id: 'group' }))
    .egress(() => group)
    .degress(() => {});

const { User, Group } = SCIMMY.Resources;
const op = (...Operations) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

async function cost(times, step) {
    const before = process.cpuUsage();
    for (let n = 0; n < times; ++n) await step(n);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / times;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const rows = [];
for (const count of [10_000, 100_000, 1_000_000].filter((n) => n <= largest)) {
    users = new Map();
    byName = new Map();
    for (let n = 0; n < count; ++n) keep(`u${String(n).padStart(12, '0')}`, newUser(n));
    group = { id: 'group', displayName: 'Everybody', members: [...users.keys()].slice(0, members - 1).map((value) => ({ value })) };
    const any = () => Math.floor(Math.random() * count);
    const last = `u${String(count - 1).padStart(12, '0')}`;
    const results = [[], [], [], []];
    for (let round = 0; round < rounds; ++round) {
        results[0].push(await cost(500, () => new User({ filter: `userName eq "user-${any()}@example.com"` }).read()));
        results[1].push(await cost(20, () => new User({ startIndex: 1 + any() % 5_000, count: 100 }).read()));
        results[2].push(await cost(4, (n) => new Group('group').patch(n % 2 === 0 ? op({ op: 'add', path: 'members', value: [{ value: last }] })
            : op({ op: 'remove', path: `members[value eq "${last}"]` }))));
        results[3].push(await cost(200, () => new User().write(newUser(users.size))));
    }
    rows.push([count, ...results.map(median)]);
}
console.log(`node ${process.version}, scimmy ${version}, in memory, ${rounds} rounds; microseconds of CPU a request`);
for (const row of [['users', 'filter', 'page of 100', 'PATCH member', 'POST'], ...rows])
    console.log(row.map((cell, i) => (typeof cell === 'number' ? (i ? cell.toFixed(1) : String(cell)) : cell).padStart(i ? 16 : 10)).join(''));
