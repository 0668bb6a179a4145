// SPDX-License-Identifier: BSL-1.0
// What the services on node share.
import { randomBytes } from "node:crypto";

const at = process.argv.indexOf("--provider");
if (at < 0 || !process.argv[at + 1]) {
    console.error("usage: node PEER.mjs --provider http://127.0.0.1:N | https://localhost:N");
    process.exit(2);
}

/** Where the provider listens. */
export const provider = process.argv[at + 1];

/** What cookies are signed or sealed with. */
export const secret = randomBytes(32).toString("hex");

/** Says where `server` listens, as benchmarks/run waits for it. */
export function tell(server) {
    server.on("listening", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
}
