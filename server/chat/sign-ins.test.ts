import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { earOf } from "../testing/ear.ts";
import { refusalOf } from "../testing/refusals.ts";
import { type World, world } from "../testing/world.ts";
import { createApiKey } from "./api-keys.ts";
import { listAudit } from "./audit-log.ts";
import { checkInvite, createInvite, listInvites, revokeInvite } from "./invites.ts";
import { refresh } from "./refresh.ts";
import { register } from "./registration.ts";
import { changePassword, endSignIn, listSignIns, principalOf, resetPassword, signIn, signOut } from "./sign-ins.ts";
import { patchConfig } from "./tenant-config.ts";
import { setUp, type Tenant, tenantOf } from "./tenants.ts";
import { issueTicket, redeemTicket } from "./tickets.ts";
import { getMe, getUser, listUsers, patchMe, patchUser } from "./users.ts";

let here: World;
let harbour: Tenant;
let elsewhere: Tenant;
const device = { device: "a browser", address: "10.0.0.1" };
const password = "a long enough one";

beforeEach(async () => {
  here = await world();
  harbour = await tenantNamed("");
  elsewhere = await tenantNamed("elsewhere.test");
});
afterEach(() => here.dispose());

async function tenantNamed(host: string): Promise<Tenant> {
  const tenant = await tenantOf(here.chat, host);
  if (!tenant) throw new Error("no tenant");
  return tenant;
}

/** Dee, who has a password. */
async function dee() {
  const { code = "" } = await createInvite(here.chat, here.ann, { role: "member", expires_in_seconds: 3_600, max_uses: 1 });
  await register(here.chat, harbour, { username: "Dee", password, code }, device);
  return () => signIn(here.chat, harbour, { username: "dee", password }, device);
}
const claimsOf = async (signedIn: { user: { id: string }; sign_in_id: string }) => ({
  tid: harbour.id,
  sub: signedIn.user.id,
  sid: signedIn.sign_in_id,
});

test("exactly one of fifty setups at once makes the workspace; then there is no setup", async () => {
  const { chat } = here;
  const { t } = chat.store;
  await chat.store.write(async (tx) => {
    await tx.delete(t.tenants);
  });
  const input = { setup_token: chat.keys.setup_token, workspace: "Pier", username: "Owner", password };
  expect(await refusalOf(setUp(chat, { ...input, setup_token: "guess" }, device))).toBe("unauthorized");
  const races = Array.from({ length: 50 }, (_, i) => refusalOf(setUp(chat, { ...input, username: `owner${i}` }, device)));
  const outcomes = (await Promise.all(races)).filter((outcome) => outcome !== "unavailable"); // the queue of hashes is bounded
  expect(outcomes.filter((outcome) => outcome === "not refused")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome !== "not refused").every((outcome) => outcome === "not_found")).toBe(true);
  expect(await chat.store.read.select().from(t.tenants)).toHaveLength(1);
  expect(await refusalOf(setUp(chat, input, device))).toBe("not_found");
});

test("an invite opens as often as it says, for its workspace alone, until it ends; every other code is one answer", async () => {
  const { chat, ann, bob, clock } = here;
  const invite = await createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 3 });
  const code = invite.code ?? "";
  const joins = Array.from({ length: 6 }, (_, i) => refusalOf(register(chat, harbour, { username: `guest${i}`, password, code }, device)));
  const outcomes = await Promise.all(joins);
  expect(outcomes.filter((outcome) => outcome === "not refused")).toHaveLength(3);
  expect(outcomes.filter((outcome) => outcome === "forbidden")).toHaveLength(3);
  const other = await createInvite(chat, ann, { role: "member", expires_in_seconds: 60, max_uses: 1 });
  const again = await createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 1 });
  expect(await checkInvite(chat, harbour, other.code ?? "")).toEqual({ workspace: "Harbour", valid: true, registration: "invite" });
  expect(await checkInvite(chat, elsewhere, other.code ?? "")).toEqual({ workspace: "Elsewhere", valid: false, registration: "invite" });
  expect((await checkInvite(chat, { ...harbour, registration: "closed" }, other.code ?? "")).valid).toBe(false);
  await revokeInvite(chat, ann, { invite_id: again.id });
  clock.advance(61_000);
  const closed = await Promise.all([code, other.code ?? "", again.code ?? "", "invented"].map((one) => checkInvite(chat, harbour, one)));
  expect(new Set(closed.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(closed[0]?.valid).toBe(false);
  expect(JSON.stringify(await listInvites(chat, ann))).not.toContain(code);
  expect(await refusalOf(listInvites(chat, bob))).toBe("forbidden");
  expect(await refusalOf(createInvite(chat, bob, { role: "member", expires_in_seconds: 60, max_uses: 1 }))).toBe("forbidden");
});

test("registration by mode: open to anyone, closed to all, and a username is taken whatever its case", async () => {
  const { chat } = here;
  expect(await refusalOf(register(chat, harbour, { username: "eve", password }, device))).toBe("forbidden");
  const come = async (username: string, by = password) => refusalOf(register(chat, await tenantNamed(""), { username, password: by }, device));
  await patchConfig(chat, here.ann, { registration: "closed" });
  expect(await come("eve")).toBe("forbidden");
  await patchConfig(chat, here.ann, { registration: "open" });
  expect([await come("eve"), await come("EVE"), await come("a b")]).toEqual(["not refused", "conflict", "invalid"]);
  for (const bad of ["short", "password1", "x".repeat(129)]) expect(await come("fay", bad)).toBe("invalid");
});

test("a wrong password and an unknown user are one answer; after five failures that address waits, another does not", async () => {
  const { chat, clock } = here;
  await dee();
  const attempt = (username: string, tried: string, address = "10.0.0.1") =>
    refusalOf(signIn(chat, harbour, { username, password: tried }, { device: "b", address }));
  expect(await attempt("nobody", password)).toBe("unauthorized");
  for (let i = 0; i < 5; i += 1) expect(await attempt("dee", "wrong")).toBe("unauthorized");
  expect(await attempt("dee", password)).toBe("rate_limited");
  expect(await attempt("dee", password, "10.0.0.2")).toBe("not refused");
  clock.advance(1_001);
  expect(await attempt("DEE", password)).toBe("not refused");
});

test("a bcrypt hash signs in once and is argon2id afterwards; long passwords are an ordinary no", async () => {
  const { chat } = here;
  const { users } = chat.store.t;
  const enter = await dee();
  const bcrypt = await Bun.password.hash(password, { algorithm: "bcrypt", cost: 10 });
  await chat.store.write((tx) => tx.update(users).set({ password_hash: bcrypt }).where(eq(users.username, "dee")));
  await enter();
  const [row] = await chat.store.read.select().from(users).where(eq(users.username, "dee"));
  expect(row?.password_hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
  await enter();
  for (const length of [73, 128, 129, 1_000]) {
    expect(await refusalOf(signIn(chat, harbour, { username: "dee", password: "x".repeat(length) }, { device: "b", address: String(length) }))).toBe(
      "unauthorized",
    );
  }
});

test("a refresh token answers with the same successor until that is used, and for ten seconds; a later replay ends the family", async () => {
  const { chat, clock } = here;
  const first = await (await dee())();
  const [a, b] = await Promise.all([refresh(chat, harbour, first.refresh_token), refresh(chat, harbour, first.refresh_token)]);
  expect(a.refresh_token).toBe(b.refresh_token);
  expect(a.refresh_token).not.toBe(first.refresh_token);
  clock.advance(60_000);
  expect((await refresh(chat, harbour, first.refresh_token)).refresh_token).toBe(a.refresh_token); // its answer was lost
  const next = await refresh(chat, harbour, a.refresh_token);
  clock.advance(5_000);
  expect((await refresh(chat, harbour, a.refresh_token)).refresh_token).toBe(next.refresh_token);
  const ear = earOf(chat);
  clock.advance(6_000);
  expect(await refusalOf(refresh(chat, harbour, first.refresh_token))).toBe("unauthorized");
  expect(ear.users).toHaveLength(1);
  expect(await refusalOf(refresh(chat, harbour, next.refresh_token))).toBe("unauthorized");
  expect(await principalOf(chat, await claimsOf(first))).toBeNull();
  const { audit_log } = chat.store.t;
  expect(await chat.store.read.select().from(audit_log).where(eq(audit_log.action, "sign_in.replayed"))).toHaveLength(1);
});

test("a replay is one though the clock was set back by an hour since", async () => {
  const { chat, clock } = here;
  const first = await (await dee())();
  const second = await refresh(chat, harbour, first.refresh_token);
  const third = await refresh(chat, harbour, second.refresh_token);
  clock.advance(-30_000); // another instance's
  expect((await refresh(chat, harbour, first.refresh_token)).refresh_token).toBe(second.refresh_token);
  clock.advance(-3_600_000);
  expect(await refusalOf(refresh(chat, harbour, first.refresh_token))).toBe("unauthorized");
  expect(await refusalOf(refresh(chat, harbour, third.refresh_token))).toBe("unauthorized");
});

test("a refresh token is of its workspace, ends when idle, and thirty days after the sign-in", async () => {
  const { chat, clock } = here;
  const enter = await dee();
  const idle = await enter();
  expect(await refusalOf(refresh(chat, elsewhere, idle.refresh_token))).toBe("unauthorized");
  let used = await enter();
  for (let day = 0; day < 29; day += 5) {
    clock.advance(5 * 86_400_000);
    if (day < 25) used = { ...used, ...(await refresh(chat, harbour, used.refresh_token)) };
  }
  expect(await refusalOf(refresh(chat, harbour, idle.refresh_token))).toBe("unauthorized");
  clock.advance(86_400_000);
  expect(await refusalOf(refresh(chat, harbour, used.refresh_token))).toBe("unauthorized");
});

test("signing out, ending a device and changing the password each end what they must", async () => {
  const { chat } = here;
  const enter = await dee();
  const [one, two, three] = [await enter(), await enter(), await enter()];
  const who = await principalOf(chat, await claimsOf(three));
  if (!who) throw new Error("signed in");
  const alive = async () => (await Promise.all([one, two, three].map(claimsOf))).map((claims) => principalOf(chat, claims));
  const here3 = async () => (await Promise.all(await alive())).map((found) => found !== null);
  const ends = async () => (await listAudit(chat, here.ann, { action: "sign_in.ended" })).items.length;
  for (let time = 0; time < 3; time += 1) await signOut(chat, harbour, one.refresh_token);
  expect([await here3(), await ends()]).toEqual([[false, true, true], 1]);
  expect((await listSignIns(chat, who)).items.map(({ id, current }) => [id, current])).toContainEqual([three.sign_in_id, true]);
  expect(await refusalOf(endSignIn(chat, here.bob, { sign_in_id: two.sign_in_id }))).toBe("not_found");
  expect(await refusalOf(changePassword(chat, who, { current_password: "wrong", password: "another long one" }))).toBe("forbidden");
  await changePassword(chat, who, { current_password: password, password: "another long one" });
  expect(await here3()).toEqual([false, false, true]);
  expect(await refusalOf(enter())).toBe("unauthorized");
  await resetPassword(chat, harbour, { username: "dee", password: "a third long one" });
  expect(await here3()).toEqual([false, false, false]);
});

test("a disabled user is nobody at once; the last owner stays; nobody changes themselves", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  expect(await refusalOf(patchUser(chat, bob, { user_id: cy.user_id, disabled: true }))).toBe("forbidden");
  expect(await refusalOf(patchUser(chat, mallory, { user_id: cy.user_id, disabled: true }))).toBe("not_found");
  const claims = { tid: cy.tenant_id, sub: cy.user_id, sid: cy.via.sign_in_id };
  expect(await principalOf(chat, claims)).not.toBeNull();
  await patchUser(chat, ann, { user_id: cy.user_id, disabled: true });
  expect(await principalOf(chat, claims)).toBeNull();
  await patchUser(chat, ann, { user_id: cy.user_id, disabled: false });
  expect(await principalOf(chat, claims)).toBeNull(); // its sign-ins have ended for good
  expect(await refusalOf(patchUser(chat, ann, { user_id: ann.user_id, role: "member" }))).toBe("forbidden");
  expect(await refusalOf(patchUser(chat, ann, { user_id: bob.user_id, role: "owner" }))).toBe("conflict"); // nobody could sign in as bob
  await chat.store.write((tx) => tx.update(chat.store.t.users).set({ password_hash: "some hash" }));
  await patchUser(chat, ann, { user_id: bob.user_id, role: "owner" });
  const asBob = { ...bob, role: "owner" as const };
  const both = await Promise.all([
    refusalOf(patchUser(chat, ann, { user_id: bob.user_id, role: "member" })),
    refusalOf(patchUser(chat, asBob, { user_id: ann.user_id, role: "member" })),
  ]);
  expect(both.sort()).toEqual(["forbidden", "not refused"]); // who came second is no owner by then
});

test("a ticket opens once in fifty tries at once, for a minute, for its origin, while its sign-in lives", async () => {
  const { chat, ann, cy, clock, room } = here;
  const origin = "https://chat.test";
  const { ticket } = await issueTicket(chat, ann, { origin });
  const tries = await Promise.all(Array.from({ length: 50 }, () => refusalOf(redeemTicket(chat, { ticket, origin }))));
  expect(tries.filter((outcome) => outcome === "not refused")).toHaveLength(1);
  const fresh = async () => (await issueTicket(chat, ann, { origin })).ticket;
  expect(await refusalOf(redeemTicket(chat, { ticket: await fresh(), origin: "https://evil.test" }))).toBe("unauthorized");
  expect(await refusalOf(redeemTicket(chat, { ticket: "invented", origin }))).toBe("unauthorized");
  const late = await fresh();
  clock.advance(60_001);
  expect(await refusalOf(redeemTicket(chat, { ticket: late, origin }))).toBe("unauthorized");
  expect((await redeemTicket(chat, { ticket: (await issueTicket(chat, ann, { origin, room_id: room.id })).ticket, origin })).room_id).toBe(room.id);
  expect(await refusalOf(issueTicket(chat, cy, { origin, room_id: room.id }))).toBe("not_found");
  const ended = await fresh();
  await endSignIn(chat, ann, { sign_in_id: ann.via.sign_in_id });
  expect(await refusalOf(redeemTicket(chat, { ticket: ended, origin }))).toBe("unauthorized");
});

test("people are found in one's own workspace; where the directory is off, only whom one shares a room with", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  const names = async (who: typeof ann) => (await listUsers(chat, who)).items.map(({ username }) => username);
  expect(await names(cy)).toEqual(["ann", "bob", "cy"]);
  expect(await names(mallory)).toEqual(["mallory"]);
  expect(await refusalOf(getUser(chat, mallory, { user_id: ann.user_id }))).toBe("not_found");
  const { tenants } = chat.store.t;
  await chat.store.write((tx) => tx.update(tenants).set({ directory: false }).where(eq(tenants.id, harbour.id)));
  expect(await names(cy)).toEqual(["cy"]);
  expect(await names(bob)).toEqual(["ann", "bob"]);
});

test("one changes one's own name and settings, and nothing else of oneself", async () => {
  const { chat, bob } = here;
  const changed = await patchMe(chat, bob, { display_name: "Bobby", settings: { theme: "dark" } });
  expect(changed).toMatchObject({ display_name: "Bobby", settings: { theme: "dark" }, role: "member" });
  expect((await patchMe(chat, bob, { settings: { theme: null } })).settings).toEqual({});
  expect(await refusalOf(patchMe(chat, bob, { display_name: "  " }))).toBe("invalid");
  expect(await refusalOf(patchMe(chat, bob, { settings: { big: "x".repeat(20_000) } }))).toBe("too_large");
  expect((await getMe(chat, bob)).workspace).toBe("Harbour");
});

test("no secret is kept in clear", async () => {
  const { chat } = here;
  const enter = await dee();
  const signedIn = await enter();
  const who = await principalOf(chat, await claimsOf(signedIn));
  const { ticket } = await issueTicket(chat, who ?? here.ann, { origin: null });
  const { key } = await createApiKey(chat, here.ann, { name: "a server's", scope: "server" });
  const { t } = chat.store;
  const tables = [t.users, t.sign_ins, t.refresh_tokens, t.ws_tickets, t.invites, t.api_keys, t.audit_log, t.tenants] as const;
  const rows = await Promise.all(tables.map((table) => chat.store.read.select().from(table)));
  const kept = JSON.stringify(rows);
  for (const secret of [password, signedIn.refresh_token, ticket, key ?? ""]) expect(kept).not.toContain(secret);
  expect(kept).toContain(signedIn.user.id);
});
