// SPDX-License-Identifier: BSL-1.0
// The benchmark's login on Auth.js with its usual sessions, sealed cookies: start, callback, token, user, emails, session
// cookie, "who am I". Browsers of the benchmark begin with a GET, so the start calls Auth.js as its own server-side signIn
// does.
//
//   node authjs.mjs --provider http://127.0.0.1:N | https://localhost:N         (NODE_EXTRA_CA_CERTS trusts its certificate)
import { Auth, skipCSRFCheck } from "@auth/core";
import { createServer } from "node:http";
import { provider, secret, tell } from "./common.mjs";

const config = {
    secret,
    trustHost: true,
    basePath: "/auth",
    useSecureCookies: false,
    skipCSRFCheck,
    logger: { error: (error) => console.error(error) },
    providers: [
        {
            id: "provider",
            name: "Provider",
            type: "oauth",
            clientId: "key",
            clientSecret: "secret",
            client: { token_endpoint_auth_method: "client_secret_post" },
            checks: ["state", "pkce"],
            authorization: { url: "https://bitbucket.org/site/oauth2/authorize", params: { scope: "account email" } },
            token: `${provider}/token`,
            userinfo: {
                url: `${provider}/user`,
                async request({ tokens }) {
                    const headers = { Authorization: `Bearer ${tokens.access_token}` };
                    const [user, emails] = await Promise.all(
                        ["user", "user/emails"].map(async (path) => (await fetch(`${provider}/${path}`, { headers })).json())
                    );
                    return { ...user, email: emails.values.find((entry) => entry.is_primary)?.email };
                },
            },
            profile: (user) => ({ id: user.uuid, name: user.display_name, email: user.email }),
        },
    ],
};

const paths = { "/login": "/auth/signin/provider", "/callback": "/auth/callback/provider", "/me": "/auth/session" };

const server = createServer(async (incoming, outgoing) => {
    const [path, query] = incoming.url.split("?");
    const url = `http://127.0.0.1${paths[path] ?? path}${query ? `?${query}` : ""}`;
    const headers = new Headers({ cookie: incoming.headers.cookie ?? "" });
    const begins = path === "/login";
    if (begins) headers.set("content-type", "application/x-www-form-urlencoded");
    const answer = await Auth(new Request(url, { method: begins ? "POST" : "GET", headers, body: begins ? "" : undefined }), config);
    outgoing.statusCode = answer.status;
    for (const [name, value] of answer.headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
    outgoing.setHeader("set-cookie", answer.headers.getSetCookie());
    const body = await answer.text();
    outgoing.setHeader("content-length", Buffer.byteLength(body));
    outgoing.end(path === "/me" && body === "null" ? ((outgoing.statusCode = 401), "") : body);
});
tell(server.listen(0, "127.0.0.1"));
