/** First run, accounts and sign-ins. The refresh cookie is read by refresh and logout alone, and only for our own pages. */
import { Elysia, t } from "elysia";
import { refuse } from "../chat/refusal.ts";
import type { SignedIn } from "../chat/families.ts";
import { refresh } from "../chat/refresh.ts";
import { register } from "../chat/registration.ts";
import { changePassword, endSignIn, listSignIns, signIn, signOut } from "../chat/sign-ins.ts";
import { isSetUp, setUp } from "../chat/tenants.ts";
import { Id, listOf, Login, NewPassword, Refresh, Register, Setup, SignIn, Tokens } from "../protocol.ts";
import { answers } from "./answers.ts";
import { type Askers, tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";

export const setup = (door: Door, { stranger }: Askers) =>
  new Elysia({ prefix: "/setup" })
    .use(stranger)
    .get("/", async () => ((await isSetUp(door.chat)) ? refuse("not_found") : { open: true }), answers({ 200: t.Object({ open: t.Literal(true) }) }))
    .post("/", async ({ body, device, set, status }) => status(201, inCookie(door, set, await setUp(door.chat, body, device))), {
      body: Setup,
      ...answers({ 201: Tokens }, ["unauthorized", "conflict"]),
    });

export const auth = (door: Door, { stranger }: Askers) =>
  new Elysia({ prefix: "/auth" })
    .use(stranger)
    .post(
      "/register",
      async ({ body, device, request, status }) => status(201, await register(door.chat, await tenantFor(door, request), body, device)),
      {
        body: Register,
        ...answers({ 201: t.Object({ id: Id, username: t.String() }) }, ["conflict"]),
      },
    )
    .post(
      "/login",
      async ({ body, device, request, set }) => {
        const signedIn = await signIn(door.chat, await tenantFor(door, request), body, device);
        return body.session === "cookie" ? inCookie(door, set, signedIn) : tokens(signedIn);
      },
      { body: Login, ...answers({ 200: Tokens }, ["unauthorized"]) },
    )
    .post(
      "/refresh",
      async ({ body, request, set }) => {
        const tenant = await tenantFor(door, request);
        if (body?.refresh_token !== undefined) return tokens(await refresh(door.chat, tenant, body.refresh_token));
        return inCookie(door, set, await refresh(door.chat, tenant, cookieOf(door, request) ?? refuse("unauthorized")));
      },
      { body: t.Optional(Refresh), ...answers({ 200: Tokens }, ["unauthorized"]) },
    )
    .post(
      "/logout",
      async ({ body, request, set, status }) => {
        const token = body?.refresh_token ?? cookieOf(door, request);
        if (token !== null) await signOut(door.chat, await tenantFor(door, request), token);
        set.headers["set-cookie"] = cookie(door, "", 0);
        set.headers["clear-site-data"] = '"cache", "storage"';
        return status(204, undefined);
      },
      { body: t.Optional(Refresh), ...answers({ 204: null }) },
    );

export const signIns = (door: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/auth" })
    .use(asker)
    .get("/sign-ins", ({ who }) => listSignIns(door.chat, who), answers({ 200: listOf(SignIn) }))
    .delete("/sign-ins/:sign_in_id", async ({ who, params, status }) => status(204, await endSignIn(door.chat, who, params)), {
      params: t.Object({ sign_in_id: Id }),
      ...answers({ 204: null }),
    })
    .put("/password", async ({ who, body, status }) => status(204, await changePassword(door.chat, who, body)), {
      body: NewPassword,
      ...answers({ 204: null }),
    });

const tokens = ({ access_token, expires_in, refresh_token, user }: SignedIn): Tokens => ({
  access_token,
  token_type: "Bearer",
  expires_in,
  refresh_token,
  user,
});

type Setting = { headers: Record<string, string | number | undefined> };

function inCookie(door: Door, set: Setting, signedIn: SignedIn): Tokens {
  set.headers["set-cookie"] = cookie(door, signedIn.refresh_token, Math.floor(door.config.refresh_ttl_ms / 1_000));
  const { refresh_token: _, ...rest } = tokens(signedIn);
  return rest;
}

const cookieName = (secure: boolean): string => (secure ? "__Host-snug" : "snug");

function cookie(door: Door, value: string, seconds: number): string {
  const secure = isSecure(door);
  return `${cookieName(secure)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? "; Secure" : ""}`;
}

/** The cookie signs, so the page that sends it must say that it is ours; `stranger` has refused every other that says anything. */
function cookieOf(door: Door, request: Request): string | null {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const name = `${cookieName(isSecure(door))}=`;
  const value = pairs.find((pair) => pair.startsWith(name))?.slice(name.length) ?? "";
  if (value === "") return null;
  if (!request.headers.has("origin")) refuse("forbidden");
  return value;
}

/** By the public address, never by a header that a client can send. */
const isSecure = ({ config }: Door): boolean => config.public_url?.startsWith("https:") === true;
