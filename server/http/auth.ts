/** First run, accounts and sign-ins. The refresh cookie is read by refresh and logout alone, and only for our own pages. */
import { Elysia, t } from "elysia";
import { refuse } from "../chat/refusal.ts";
import { changePassword, endSignIn, listSignIns, refresh, type SignedIn, signIn, signOut } from "../chat/sign-ins.ts";
import { isSetUp, setUp } from "../chat/tenants.ts";
import { register } from "../chat/users.ts";
import { Id, Login, NewPassword, Refresh, Register, Setup, type Tokens } from "../protocol.ts";
import { type Askers, tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";

export const setup = (door: Door, { stranger }: Askers) =>
  new Elysia({ prefix: "/setup" })
    .use(stranger)
    .get("/", async () => ((await isSetUp(door.chat)) ? refuse("not_found") : { open: true }))
    .post("/", async ({ body, device, request, set, status }) => status(201, inCookie(door, request, set, await setUp(door.chat, body, device))), { body: Setup });

export const auth = (door: Door, { stranger }: Askers) =>
  new Elysia({ prefix: "/auth" })
    .use(stranger)
    .post("/register", async ({ body, request, status }) => status(201, await register(door.chat, await tenantFor(door, request), body)), {
      body: Register,
    })
    .post(
      "/login",
      async ({ body, device, request, set }) => {
        const signedIn = await signIn(door.chat, await tenantFor(door, request), body, device);
        return body.session === "cookie" ? inCookie(door, request, set, signedIn) : tokens(signedIn);
      },
      { body: Login },
    )
    .post(
      "/refresh",
      async ({ body, request, set }) => {
        const tenant = await tenantFor(door, request);
        if (body?.refresh_token !== undefined) return tokens(await refresh(door.chat, tenant, body.refresh_token));
        return inCookie(door, request, set, await refresh(door.chat, tenant, cookieOf(door, request) ?? refuse("unauthorized")));
      },
      { body: t.Optional(Refresh) },
    )
    .post(
      "/logout",
      async ({ body, request, set, status }) => {
        const token = body?.refresh_token ?? cookieOf(door, request);
        if (token !== null) await signOut(door.chat, await tenantFor(door, request), token);
        set.headers["set-cookie"] = cookie(door, request, "", 0);
        set.headers["clear-site-data"] = '"cache", "storage"';
        return status(204, undefined);
      },
      { body: t.Optional(Refresh) },
    );

export const signIns = (door: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/auth" })
    .use(asker)
    .get("/sign-ins", ({ who }) => listSignIns(door.chat, who))
    .delete("/sign-ins/:sign_in_id", async ({ who, params, status }) => status(204, await endSignIn(door.chat, who, params)), {
      params: t.Object({ sign_in_id: Id }),
    })
    .put("/password", async ({ who, body, status }) => status(204, await changePassword(door.chat, who, body)), { body: NewPassword });

const tokens = ({ access_token, expires_in, refresh_token, user }: SignedIn): Tokens => ({
  access_token,
  token_type: "Bearer",
  expires_in,
  refresh_token,
  user,
});

type Setting = { headers: Record<string, string | number | undefined> };

function inCookie(door: Door, request: Request, set: Setting, signedIn: SignedIn): Tokens {
  set.headers["set-cookie"] = cookie(door, request, signedIn.refresh_token, Math.floor(door.config.refresh_idle_ms / 1_000));
  const { refresh_token: _, ...rest } = tokens(signedIn);
  return rest;
}

const cookieName = (secure: boolean): string => (secure ? "__Host-snug" : "snug");

function cookie(door: Door, request: Request, value: string, seconds: number): string {
  const secure = isSecure(door, request);
  return `${cookieName(secure)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? "; Secure" : ""}`;
}

/** The cookie signs, so the page that sends it must be ours and say so; the guard has compared a present Origin with the Host. */
function cookieOf(door: Door, request: Request): string | null {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const name = `${cookieName(isSecure(door, request))}=`;
  const value = pairs.find((pair) => pair.startsWith(name))?.slice(name.length) ?? "";
  if (value === "") return null;
  if (!request.headers.has("origin") || door.config.allowed_origins.includes(request.headers.get("origin") ?? "")) refuse("forbidden");
  return value;
}

/** By the public address, never by a header that a client can send. */
const isSecure = ({ config }: Door, request: Request): boolean =>
  config.public_url?.startsWith("https:") === true || new URL(request.url).protocol === "https:";
