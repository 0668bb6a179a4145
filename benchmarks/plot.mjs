// SPDX-License-Identifier: BSL-1.0
// The plot of a run, as SVG on standard output: CPU time of a login and signed-in requests a second. Its colours follow the
// reader's light or dark page; every bar has its figure beside it, so nothing depends on colour alone.
//
//   node plot.mjs report.json > login.svg
import { readFileSync } from "node:fs";

const { services, compiler, flags, commit } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const names = [...new Set(Object.keys(services).map((name) => name.split("_")[0]))];
const escape = (text) => String(text).replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
const figure = (value) => (value < 100 ? value.toPrecision(2) : Math.round(value).toLocaleString("en-US"));

const width = 760, left = 150, right = 90, bar = 13, gap = 12;
let y = 28;
const out = [];
const text = (x, at, what, style = "", anchor = "start") =>
    out.push(`<text x="${x}" y="${at}" class="${style}" text-anchor="${anchor}">${escape(what)}</text>`);

/** Bars on a logarithmic scale; `rows` has a label and its bars with value and style. */
function panel(title, rows) {
    const values = rows.flatMap((row) => row.bars.map((one) => one.value));
    const low = 10 ** Math.floor(Math.log10(Math.min(...values))), high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
    const place = (value) => left + ((width - left - right) * Math.log10(value / low)) / Math.log10(high / low);
    text(0, y, title, "title");
    y += 12;
    const top = y;
    const lines = [];
    for (let tick = low; tick <= high; tick *= 10) lines.push(tick);
    const drawn = [];
    for (const { label, bars } of rows) {
        y += gap;
        const middle = y + (bars.length * bar) / 2 + 4;
        drawn.push(() => text(left - 10, middle, label, "", "end"));
        for (const { value, style } of bars) {
            const at = y;
            drawn.push(() => {
                out.push(`<rect x="${left}" y="${at}" width="${Math.max(2, place(value) - left).toFixed(1)}" height="${bar - 2}" class="${style}"/>`);
                text(place(value) + 5, at + bar - 3, figure(value), "figure");
            });
            y += bar;
        }
    }
    y += gap;
    for (const tick of lines) {
        out.push(`<line x1="${place(tick)}" x2="${place(tick)}" y1="${top}" y2="${y}"/>`);
        text(place(tick), y + 14, tick.toLocaleString("en-US"), "figure", "middle");
    }
    drawn.forEach((draw) => draw());
    y += 48;
}

const ours = (name) => (["memory", "sqlite"].includes(name) ? "ours" : "other");
panel("CPU time of the service for one login, microseconds (less is better)",
    names.map((name) => ({
        label: services[`${name}_http`].label,
        bars: [
            { value: services[`${name}_http`].login_us, style: ours(name) },
            { value: services[`${name}_tls`].login_us, style: `${ours(name)} tls` },
        ],
    })));
panel("Signed-in requests that one processor answers in a second (more is better)",
    names.filter((name) => services[`${name}_http`].check_us !== "-").map((name) => ({
        label: services[`${name}_http`].label,
        bars: [{ value: 1e6 / Number(services[`${name}_http`].check_us), style: ours(name) }],
    })));
text(0, y - 16, "Full bars: provider over HTTP; pale bars: over TLS. Logarithmic scales.", "figure");
text(0, y, `${compiler}, ${flags}, commit ${commit}`, "figure");
y += 12;

console.log(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-label="CPU time of a login and signed-in requests a second">
<style>
text { font: 13px sans-serif; fill: #1f2328 } .title { font-weight: bold } .figure { font-size: 11px; fill: #59636e }
line { stroke: #59636e; stroke-opacity: .3 } .ours { fill: #0969da } .other { fill: #818b98 } .tls { opacity: .55 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .figure { fill: #9198a1 } line { stroke: #9198a1 } .ours { fill: #4493f8 } .other { fill: #7d8590 }
}
</style>
${out.join("\n")}
</svg>`);
