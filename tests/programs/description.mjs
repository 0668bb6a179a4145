// SPDX-License-Identifier: BSL-1.0
// Holds answers of the server against its OpenAPI description: path, status, media type, header fields, schema.
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';

const methods = ['get', 'put', 'post', 'patch', 'delete'];

export class Description {
    constructor(document) {
        this.document = document;
        this.seen = new Set();
        this.ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
        addFormats(this.ajv);
        this.ajv.addSchema(this.#own({ $id: 'description', $defs: document.components.schemas }));
        this.compiled = new Map();
        this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
            methods.filter((m) => item[m]).map((m) => ({ ...item[m], path, method: m.toUpperCase() })));
    }

    /// References into the document as references into the one schema that ajv knows.
    #own(schema) { return JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', 'description#/$defs/')); }

    #resolve(node) {
        return node?.$ref ? this.#resolve(node.$ref.slice(2).split('/').reduce((at, key) => at[key], this.document)) : node;
    }

    #validate(schema, value, what) {
        const key = JSON.stringify(schema);
        if (!this.compiled.has(key)) this.compiled.set(key, this.ajv.compile(this.#own(schema)));
        const check = this.compiled.get(key);
        if (!check(value)) throw new Error(`${what}: ${this.ajv.errorsText(check.errors, { dataVar: '' })} in ${JSON.stringify(value).slice(0, 2000)}`);
    }

    /// The path of the document that a path of the server is meant by: the one with the fewest holes.
    pathOf(path) {
        const parts = path.split('/');
        const fits = Object.keys(this.document.paths).filter((template) => {
            const pieces = template.split('/');
            return pieces.length === parts.length && pieces.every((piece, i) => piece === parts[i] || (/^\{.+\}$/.test(piece) && parts[i]));
        });
        return fits.sort((a, b) => a.split('{').length - b.split('{').length)[0];
    }

    /// Throws unless the document has this answer to this request. HEAD is a GET without its body.
    check(method, url, answer, body) {
        const template = this.pathOf(decodeURI(new URL(url).pathname));
        const what = `${method} ${template ?? new URL(url).pathname} ${answer.status}`;
        const operation = this.document.paths[template]?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
        if (!operation) throw new Error(`${what}: the description has no such operation`);
        const response = this.#resolve(operation.responses[answer.status]);
        if (!response) throw new Error(`${what}: the description has no such status: ${answer.text}`);
        for (const name of Object.keys(response.headers ?? {}))
            if (answer.headers[name.toLowerCase()] === undefined) throw new Error(`${what}: no ${name}`);
        this.seen.add(`${method === 'HEAD' ? 'GET' : method} ${template} ${answer.status}`);
        const type = answer.headers['content-type'];
        if (response.content) {
            const content = response.content[type];
            if (!content) throw new Error(`${what}: ${type} is not described`);
            if (type === 'application/json' && method !== 'HEAD') this.#validate(content.schema, JSON.parse(answer.text), what);
        } else if (answer.text) throw new Error(`${what}: a body where none is described`);
        // What the server took must be what the description allows.
        const wanted = operation.requestBody?.content['application/json'];
        if (wanted && body !== undefined && answer.status < 300) this.#validate(wanted.schema, JSON.parse(body), `${what}, request`);
        return answer;
    }

    /// Every operation with every status, as `check` notes them.
    all() { return this.operations.flatMap((o) => Object.keys(o.responses).map((status) => `${o.method} ${o.path} ${status}`)); }
}
