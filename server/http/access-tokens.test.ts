import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { refresh } from "../chat/refresh.ts";
import { endSignIn, signIn } from "../chat/sign-ins.ts";
import { issueTicket } from "../chat/tickets.ts";
import { hashPassword } from "../chat/passwords.ts";
import { tenantOf } from "../chat/tenants.ts";
import { type OpenDoor, openDoor, signing, tokenOf, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { createAccessTokens } from "./access-tokens.ts";

let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { requests_by_address: { per_second: 1_000, burst: 1_000 } } });
});
afterAll(() => here.dispose());

const [first, second] = signing;
if (!first || !second) throw new Error("The tests' secret has two lines");

type Json = Record<string, unknown>;
const base64 = (text: string): string => Buffer.from(text).toString("base64url");
const seconds = (): number => Math.floor(here.clock.now() / 1_000);
const header = { alg: "HS256", typ: "JWT", kid: first.kid };
const claims = (): Json => {
  const { tenant_id, user_id, via } = here.bob;
  return { iss: "snug", aud: "snug", typ: "access", tid: tenant_id, sub: user_id, sid: via.sign_in_id, iat: seconds(), exp: seconds() + 900 };
};
const without = (name: string): Json => Object.fromEntries(Object.entries(claims()).filter(([one]) => one !== name));

/** A token as anybody could write it down, signed by `key`. */
function forged(head: Json | string, payload: Json | string, key: Uint8Array = first?.key ?? new Uint8Array(), hash = "sha256"): string {
  const text = (part: Json | string): string => base64(typeof part === "string" ? part : JSON.stringify(part));
  const signed = `${text(head)}.${text(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest("base64url")}`;
}

const bearer = (token: string) => visit(open, null).get("/me", undefined, { authorization: `Bearer ${token}` });
const tenant = async () => (await tenantOf(here.chat, "localhost")) ?? expect.unreachable();

async function bobSignsIn() {
  const { t } = here.chat.store;
  const password_hash = await hashPassword("bob's own passphrase", "a test");
  await here.chat.store.write(async (tx) => void (await tx.update(t.users).set({ password_hash })));
  return signIn(here.chat, await tenant(), { username: "bob", password: "bob's own passphrase" }, { device: "a test", address: "::1" });
}

test("the token that the forger writes by the rules is bob's, so that the others are refused for what is wrong with them", async () => {
  const { status, body } = await bearer(forged(header, claims()));
  expect([status, body.id]).toEqual([200, here.bob.user_id]);
});

describe("no text that is not an access token of ours, in time and alive, opens anything:", () => {
  const rsa = (): string => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const signed = `${base64(JSON.stringify({ ...header, alg: "RS256" }))}.${base64(JSON.stringify(claims()))}`;
    return `${signed}.${createSign("sha256").update(signed).sign(privateKey).toString("base64url")}`;
  };
  const tampered = (): string => {
    const [head, , tail] = forged(header, claims()).split(".");
    return `${head}.${base64(JSON.stringify({ ...claims(), sub: here.ann.user_id }))}.${tail}`;
  };
  const forgeries: Record<string, () => string | Promise<string>> = {
    "alg none, without a signature": () => `${base64(JSON.stringify({ ...header, alg: "none" }))}.${base64(JSON.stringify(claims()))}.`,
    "alg none, with the signature": () => forged({ ...header, alg: "none" }, claims()),
    "alg NONE": () => forged({ ...header, alg: "NONE" }, claims()),
    "alg HS384 by the same secret": () => forged({ ...header, alg: "HS384" }, claims(), first.key, "sha384"),
    "alg HS512 by the same secret": () => forged({ ...header, alg: "HS512" }, claims(), first.key, "sha512"),
    "alg RS256 by a key of one's own": rsa,
    "no alg": () => forged({ typ: "JWT", kid: first.kid }, claims()),
    "a jku that names another key": () => forged({ ...header, jku: "https://evil.test/keys" }, claims(), new Uint8Array(32)),
    "a jwk that is another key": () => forged({ ...header, jwk: { kty: "oct", k: base64("0".repeat(32)) } }, claims(), Buffer.from("0".repeat(32))),
    "a critical header nobody knows": () => forged({ ...header, crit: ["exp"] }, claims()),
    "no kid": () => forged({ alg: "HS256", typ: "JWT" }, claims()),
    "an unknown kid": () => forged({ ...header, kid: "0000000000000000" }, claims()),
    "the kid of the other line": () => forged({ ...header, kid: second.kid }, claims()),
    "a kid that is a path": () => forged({ ...header, kid: "../../dev/null" }, claims(), new Uint8Array()),
    "another key": () => forged(header, claims(), new Uint8Array(32)),
    "other claims than were signed": tampered,
    "no signature": () => `${forged(header, claims()).split(".").slice(0, 2).join(".")}.`,
    "another typ in the header": () => forged({ ...header, typ: "at+jwt" }, claims()),
    "another kind of token": () => forged(header, { ...claims(), typ: "minted" }),
    "no kind": () => forged(header, without("typ")),
    "another issuer": () => forged(header, { ...claims(), iss: "snugger" }),
    "another audience": () => forged(header, { ...claims(), aud: "elsewhere" }),
    "no audience": () => forged(header, without("aud")),
    expired: () => forged(header, { ...claims(), exp: seconds() - 1 }),
    "no exp": () => forged(header, without("exp")),
    "exp as a text": () => forged(header, { ...claims(), exp: "9999999999" }),
    "exp in a hundred years": () => forged(header, { ...claims(), exp: seconds() + 3_155_760_000 }),
    "exp without an end": () => forged(header, JSON.stringify(claims()).replace(/"exp":\d+/u, '"exp":1e999')),
    "not valid yet": () => forged(header, { ...claims(), nbf: seconds() + 600 }),
    "exp told twice, the second time as past": () => forged(header, JSON.stringify(claims()).replace("}", `,"exp":${seconds() - 1}}`)),
    "no iat": () => forged(header, without("iat")),
    "no user": () => forged(header, without("sub")),
    "a user as a list": () => forged(header, { ...claims(), sub: [here.bob.user_id] }),
    "no tenant": () => forged(header, without("tid")),
    "another tenant": () => forged(header, { ...claims(), tid: "tenant-two" }),
    "another user's sign-in": () => forged(header, { ...claims(), sub: here.ann.user_id }),
    "no sign-in": () => forged(header, without("sid")),
    "a sign-in nobody made": () => forged(header, { ...claims(), sid: "0000000000000000000nothere" }),
    "claims that are a list": () => forged(header, "[]"),
    "claims that are null": () => forged(header, "null"),
    "claims that are no JSON": () => forged(header, "{"),
    "a header that is null": () => forged("null", claims()),
    "a header that is no JSON": () => forged("{", claims()),
    "four parts": () => `${forged(header, claims())}.x`,
    "a text": () => "opensesame",
    "one part of three thousand characters": () => `${"a".repeat(3_000)}.b.c`,
    "a ticket": async () => (await issueTicket(here.chat, here.bob, { origin: null })).ticket,
    "a refresh token": async () => (await bobSignsIn()).refresh_token,
    "the setup token": () => here.chat.keys.setup_token,
    "the operator key": () => here.chat.keys.operator_key,
  };
  for (const [name, forge] of Object.entries(forgeries)) {
    test(name, async () => {
      const { status, body, headers } = await bearer(await forge());
      expect([status, body.error.code, headers.get("www-authenticate")]).toEqual([401, "unauthorized", "Bearer"]);
    });
  }
});

test("a token opens for fifteen minutes and not for a second more", async () => {
  const token = await tokenOf(open, here.bob);
  here.clock.advance(899_000);
  expect((await bearer(token)).status).toBe(200);
  here.clock.advance(1_000);
  expect((await bearer(token)).status).toBe(401);
});

test("a token ends with its sign-in, and bob's other sign-in goes on", async () => {
  const [one, other] = [await bobSignsIn(), await bobSignsIn()];
  expect((await bearer(one.access_token)).status).toBe(200);
  await endSignIn(here.chat, here.bob, { sign_in_id: one.sign_in_id });
  expect((await bearer(one.access_token)).status).toBe(401);
  expect((await bearer(other.access_token)).status).toBe(200);
});

test("an access token is no refresh token", async () => {
  const { access_token, refresh_token } = await bobSignsIn();
  expect((await visit(open, null).post("/auth/refresh", { refresh_token: access_token })).status).toBe(422); // longer than any of those
  expect((await refresh(here.chat, await tenant(), refresh_token)).user.id).toBe(here.bob.user_id);
});

test("a token says nothing of the role: the role is the user's as of now", async () => {
  expect((await bearer(forged(header, { ...claims(), role: "owner" }))).body.role).toBe("member");
});

test("what the second line of the secret signed is still believed; the first line signs", async () => {
  const old = createAccessTokens([second], here.clock.now);
  const { tenant_id, user_id, via } = here.bob;
  const token = await old.sign({ typ: "access", tid: tenant_id, sub: user_id, sid: via.sign_in_id }, 900);
  expect((await bearer(token)).status).toBe(200);
  const [head = ""] = (await tokenOf(open, here.bob)).split(".");
  expect(JSON.parse(Buffer.from(head, "base64url").toString())).toEqual(header);
});

test("the scheme is read as the standard has it, and nothing but one token behind it", async () => {
  const token = await tokenOf(open, here.bob);
  const by = (authorization: string) => visit(open, null).get("/me", undefined, { authorization });
  expect((await by(`bearer ${token}`)).status).toBe(200);
  for (const text of [token, `Basic ${token}`, `Bearer  ${token}`, `Bearer ${token}, Bearer ${token}`, "Bearer ", "Bearer"])
    expect((await by(text)).status).toBe(401);
  expect((await visit(open, null).ask("GET", `/api/v1/me?access_token=${token}`)).status).toBe(401);
});
