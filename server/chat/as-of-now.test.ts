/** Whose right is taken away between the moment in which it was shown and the one in which they write does not write, on either database. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { refusalOf } from "../testing/refusals.ts";
import { heldUp } from "../testing/held-up.ts";
import { giveAll } from "../testing/passwords.ts";
import { type World, world } from "../testing/world.ts";
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "./api-keys.ts";
import type { Chat } from "./chat.ts";
import { eraseUser } from "./erasure.ts";
import { checkInvite, createInvite } from "./invites.ts";
import { deactivateMe } from "./leaving.ts";
import { handOver } from "./ownership.ts";
import { actFor, keyItself, keyShown } from "./key-rights.ts";
import type { Principal, SignedInPrincipal } from "./principal.ts";
import { register } from "./registration.ts";
import { signIn } from "./sign-ins.ts";
import { patchConfig } from "./tenant-config.ts";
import { tenantOf } from "./tenants.ts";
import { personIn } from "./user-rows.ts";
import { patchUser } from "./users.ts";
import { createWebhook, patchWebhook } from "./webhooks.ts";

const PASSWORD = "a long enough one";
const NEAR = { address: "10.0.0.1" };
let here: World;
let ed: SignedInPrincipal;
beforeEach(async () => {
  here = await world();
  ed = await here.person("tenant-one", "ed", "admin");
  await giveAll(here.chat, PASSWORD);
});
afterEach(() => here.dispose());

const slowly = <T>(deed: (chat: Chat) => Promise<T>, done: () => Promise<unknown>): Promise<T> => heldUp(here.chat, deed, done);
const tenantNow = async () => (await tenantOf(here.chat, "localhost")) ?? expect.unreachable();
const bobNow = () => personIn(here.chat, here.chat.store.read, here.bob.tenant_id, here.bob.user_id);

test("what a key makes while it is revoked ends with it, or is not made: keys, their successors and invitations", async () => {
  const { chat, ann } = here;
  const given = { name: "mill", scope: "admin", impersonate: false } as const;
  const wish = { role: "member", expires_in_seconds: 3_600, max_uses: 5 } as const;
  const keyed = async (by: Principal = ann) => {
    const { id } = await createApiKey(chat, by, given);
    return {
      id,
      who: keyItself({ tenant_id: ann.tenant_id, id, scope: "admin", impersonate: false, expires_at: null, revoked_at: null, last_used_at: null }),
    };
  };
  const deeds: Record<string, (held: Chat, who: Principal, key_id: string) => Promise<unknown>> = {
    made: (held, who) => createApiKey(held, who, given),
    invited: (held, who) => createInvite(held, who, wish),
    renewed: (held, who, key_id) => rotateApiKey(held, who, { key_id }),
  };
  for (const [name, deed] of Object.entries(deeds)) {
    const { id, who } = await keyed();
    const child = await keyed(who);
    await slowly(
      (held) => deed(held, who, child.id),
      async () => undefined,
    );
    const late = name === "renewed" ? (await keyed(who)).id : child.id;
    const refused = await refusalOf(
      slowly(
        (held) => deed(held, who, late),
        () => revokeApiKey(chat, ann, { key_id: id }),
      ),
    );
    expect([name, refused]).toEqual([name, "unauthorized"]);
  }
  const alive = (await listApiKeys(chat, ann)).items.filter(({ revoked_at }) => revoked_at === undefined);
  expect(alive).toEqual([]);
});

test("an invitation of a key that was revoked opens nothing, nor does one of somebody who may not come in themselves; let in again, theirs does", async () => {
  const { chat, ann, bob } = here;
  const wish = { role: "member", expires_in_seconds: 3_600, max_uses: 5 } as const;
  const opens = async (code = ""): Promise<boolean> => (await checkInvite(chat, await tenantNow(), code)).valid;
  const { id } = await createApiKey(chat, ann, { name: "mill", scope: "admin", impersonate: false });
  const held = { tenant_id: ann.tenant_id, id, scope: "admin", impersonate: false, revoked_at: null, last_used_at: null } as const;
  const keys = await createInvite(chat, keyItself({ ...held, expires_at: null }), wish);
  const brief = await createInvite(chat, keyItself({ ...held, expires_at: chat.now() + 60_000 }), wish);
  expect(Date.parse(brief.expires_at)).toBe(chat.now() + 60_000);
  const [eds, anns] = [await createInvite(chat, ed, wish), await createInvite(chat, ann, wish)];
  expect(await Promise.all([keys, eds, anns].map(({ code }) => opens(code)))).toEqual([true, true, true]);
  await revokeApiKey(chat, ann, { key_id: id });
  await patchUser(chat, ann, { user_id: ed.user_id, disabled: true });
  expect(await Promise.all([keys, eds, anns].map(({ code }) => opens(code)))).toEqual([false, false, true]);
  await patchUser(chat, ann, { user_id: ed.user_id, disabled: false });
  expect(await Promise.all([keys, eds].map(({ code }) => opens(code)))).toEqual([false, true]);
  const again = await signIn(chat, await tenantNow(), { username: "ed", password: PASSWORD }, { device: "a test", ...NEAR });
  await deactivateMe(chat, { ...ed, via: { sign_in_id: again.sign_in_id } }, { password: PASSWORD });
  expect(await opens(eds.code)).toBe(false);
  expect(await refusalOf(register(chat, await tenantNow(), { username: "eddie", password: "a long enough one", code: eds.code ?? "" }, NEAR))).toBe(
    "forbidden",
  );
  await eraseUser(chat, ann, { user_id: ed.user_id, messages: "keep" });
  expect([await opens(eds.code), await opens(anns.code), (await bobNow()).role]).toEqual([false, true, bob.role]);
});

test("what an admin was about to do when that right was taken away is not done", async () => {
  const { chat, ann, bob, cy } = here;
  const bobs = await createApiKey(chat, ann, { name: "bob's", scope: "server", impersonate: false });
  const hook = await createWebhook(chat, ann, { url: "https://one.example/", events: ["message.created"] });
  const deeds: Record<string, (held: Chat) => Promise<unknown>> = {
    "makes a key": (held) => createApiKey(held, ed, { name: "mill", scope: "admin", impersonate: false }),
    "renews a key": (held) => rotateApiKey(held, ed, { key_id: bobs.id, old_holds_seconds: 60 }),
    invites: (held) => createInvite(held, ed, { role: "member", expires_in_seconds: 3_600, max_uses: 5 }),
    "names an endpoint": (held) => createWebhook(held, ed, { url: "https://eds.example/", events: ["message.created"] }),
    "moves an endpoint": (held) => patchWebhook(held, ed, { webhook_id: hook.id, url: "https://eds.example/" }),
    "makes an admin": (held) => patchUser(held, ed, { user_id: bob.user_id, role: "admin" }),
    "erases somebody": (held) => eraseUser(held, ed, { user_id: cy.user_id, messages: "keep" }),
  };
  const ends: Record<string, [by: () => Promise<unknown>, refusal: string, back: () => Promise<unknown>]> = {
    "a member by now": [
      () => patchUser(chat, ann, { user_id: ed.user_id, role: "member" }),
      "forbidden",
      () => patchUser(chat, ann, { user_id: ed.user_id, role: "admin" }),
    ],
    "signed out by now": [
      () => chat.store.write((tx) => tx.update(chat.store.t.sign_ins).set({ ended_at: chat.now() })),
      "unauthorized",
      () => chat.store.write((tx) => tx.update(chat.store.t.sign_ins).set({ ended_at: null })),
    ],
    "banned by now": [() => patchUser(chat, ann, { user_id: ed.user_id, banned: true }), "unauthorized", async () => undefined],
  };
  for (const [how, [by, refusal, back]] of Object.entries(ends)) {
    for (const [name, deed] of Object.entries(deeds)) {
      expect([how, name, await refusalOf(slowly(deed, by))]).toEqual([how, name, refusal]);
      await back();
    }
  }
  const { users, sign_ins } = chat.store.t;
  const { key = "" } = await createApiKey(chat, ann, { name: "mill", scope: "admin", impersonate: true });
  await patchUser(chat, ann, { user_id: ed.user_id, disabled: false });
  const keyed = await actFor(chat, (await keyShown(chat, key)) ?? expect.unreachable("a key"), { user_id: ed.user_id });
  const invited = slowly(
    (held) => createInvite(held, keyed, { role: "member", expires_in_seconds: 3_600, max_uses: 5 }),
    () => patchUser(chat, ann, { user_id: ed.user_id, disabled: true }),
  );
  expect(await refusalOf(invited)).toBe("unauthorized");
  await patchUser(chat, ann, { user_id: ed.user_id, disabled: false });
  await chat.store.write((tx) => tx.update(sign_ins).set({ ended_at: null }));
  for (const [name, deed] of Object.entries(deeds))
    expect([name, await refusalOf(slowly(deed, async () => undefined))]).toEqual([name, "not refused"]);
  expect((await bobNow()).role).toBe("admin");
  expect((await chat.store.read.select().from(users).where(eq(users.id, cy.user_id)))[0]?.disabled_why).toBe("erased");
});

test("an owner who has handed over gives no longer what an owner gives, though they asked before", async () => {
  const { chat, ann, bob } = here;
  const hook = await createWebhook(chat, ann, { url: "https://one.example/", events: ["message.created"], include_private: true });
  const deeds: ((held: Chat) => Promise<unknown>)[] = [
    (held) => createApiKey(held, ann, { name: "mill", scope: "admin", impersonate: true }),
    (held) => createInvite(held, ann, { role: "admin", expires_in_seconds: 3_600, max_uses: 5 }),
    (held) => createWebhook(held, ann, { url: "https://two.example/", events: ["message.created"], include_private: true }),
    (held) => patchWebhook(held, ann, { webhook_id: hook.id, url: "https://two.example/" }),
  ];
  for (const deed of deeds) {
    const bobs = { ...bob, role: "owner" as const };
    expect(await refusalOf(slowly(deed, () => handOver(chat, ann, { user_id: bob.user_id })))).toBe("forbidden");
    await handOver(chat, bobs, { user_id: ann.user_id });
    expect(await refusalOf(slowly(deed, async () => undefined))).toBe("not refused");
  }
});

test("who was about to come in when registration was closed does not", async () => {
  const { chat, ann } = here;
  await patchConfig(chat, ann, { registration: "open" });
  const tenant = await tenantNow();
  const come = (username: string) => (held: Chat) => register(held, tenant, { username, password: "a long enough one" }, NEAR);
  expect((await slowly(come("early"), async () => undefined)).username).toBe("early");
  for (const registration of ["closed", "invite"] as const)
    expect(await refusalOf(slowly(come("late"), () => patchConfig(chat, ann, { registration })))).toBe("forbidden");
});
