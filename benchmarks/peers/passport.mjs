// SPDX-License-Identifier: BSL-1.0
// The benchmark's login on Express and passport, as their documentation shows it: start, callback, token, user, emails,
// session cookie, "who am I".
//
//   node passport.mjs --provider http://127.0.0.1:N | https://localhost:N       (NODE_EXTRA_CA_CERTS trusts its certificate)
import express from "express";
import session from "express-session";
import passport from "passport";
import OAuth2Strategy from "passport-oauth2";
import { provider, secret, tell } from "./common.mjs";

const strategy = new OAuth2Strategy(
    {
        authorizationURL: "https://bitbucket.org/site/oauth2/authorize",
        tokenURL: `${provider}/token`,
        clientID: "key",
        clientSecret: "secret",
        callbackURL: "http://127.0.0.1/callback",
        scope: ["account", "email"],
        state: true,
        pkce: true,
    },
    (accessToken, refreshToken, profile, done) => done(null, profile)
);

strategy.userProfile = function (accessToken, done) {
    this._oauth2.useAuthorizationHeaderforGET(true);
    this._oauth2.get(`${provider}/user`, accessToken, (failed, body) => {
        if (failed) return done(failed);
        const user = JSON.parse(body);
        this._oauth2.get(`${provider}/user/emails`, accessToken, (failed, body) => {
            if (failed) return done(failed);
            const primary = JSON.parse(body).values.find((entry) => entry.is_primary);
            done(null, { id: user.uuid, username: user.username, full_name: user.display_name, email: primary?.email });
        });
    });
};

passport.use("provider", strategy);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(session({ secret, resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get("/login", passport.authenticate("provider"));
app.get("/callback", passport.authenticate("provider", { successRedirect: "/" }));
app.get("/me", (request, response) => {
    if (!request.user) return response.status(401).end();
    response.json(request.user);
});
tell(app.listen(0, "127.0.0.1"));
