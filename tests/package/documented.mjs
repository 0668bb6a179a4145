// SPDX-License-Identifier: BSL-1.0
// Counts what the reference leaves unsaid: node documented.mjs FOLDER_WITH_DOXYGENS_XML
//
// Every public name of namespace authmod outside `detail` has a description of its own: types, functions, members, constants,
// words of enums. Constructors, destructors and operators are named by their class; of overloads one is enough.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2];
const names = new Map(); // full name -> where it stands, and whether it is documented

const inner = (xml, tag) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(xml)?.[1] ?? '';
const text = (xml) => xml.replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').trim();
const documented = (xml) => text(inner(xml, 'briefdescription')) !== '' || text(inner(xml, 'detaileddescription')) !== '';

function note(name, xml) {
    const place = /<location file="([^"]*)" line="(\d+)"/.exec(xml)?.slice(1).join(':');
    const known = names.get(name) ?? { place, documented: false };
    known.documented ||= documented(xml);
    names.set(name, known);
}

for (const file of readdirSync(folder).filter((n) => n.endsWith('.xml') && n !== 'index.xml')) {
    const xml = readFileSync(path.join(folder, file), 'utf8');
    const [, attributes] = /<compounddef ([^>]*)>/.exec(xml) ?? [];
    const compound = text(inner(xml, 'compoundname'));
    if (!attributes || !compound.startsWith('authmod') || compound.split('::').includes('detail')) continue;
    if (/kind="(file|dir|page)"|prot="private"/.test(attributes)) continue;
    const members = xml.match(/<memberdef [\s\S]*?<\/memberdef>/g) ?? [];
    const itself = xml.replace(/<sectiondef[\s\S]*<\/sectiondef>/, '');
    if (!attributes.includes('kind="namespace"')) note(compound, itself);
    const own = compound.split('<')[0].split('::').at(-1).trim();
    for (const member of members) {
        const [head] = /<memberdef [^>]*>/.exec(member);
        const values = member.match(/<enumvalue [\s\S]*?<\/enumvalue>/g) ?? [];
        const bare = member.replace(/<enumvalue [\s\S]*?<\/enumvalue>/g, '').replace(/<templateparamlist>[\s\S]*?<\/templateparamlist>/g, '');
        const name = text(inner(bare, 'name'));
        if (head.includes('prot="private"') || head.includes('kind="friend"')) continue;
        if (name && name !== own && !/^(~|operator\b|@)/.test(name)) note(`${compound}::${name}`, bare.replace(/<param>[\s\S]*?<\/param>/g, ''));
        for (const value of values) note(`${compound}::${name}::${text(inner(value, 'name'))}`, value);
    }
}

const missing = [...names].filter(([, { documented: yes }]) => !yes);
for (const [name, { place }] of missing) console.log(`${place}: ${name} is not documented`);
console.log(`${names.size} public names, ${missing.length} without documentation`);
process.exitCode = missing.length === 0 && names.size > 2000 ? 0 : 1; // fewer: this looks at the wrong place
