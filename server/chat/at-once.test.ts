/** What two do at the same moment ends as if one had come after the other, on either database. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { refusalOf } from "../testing/refusals.ts";
import { heldUp } from "../testing/held-up.ts";
import { giveAll } from "../testing/passwords.ts";
import { type World, world } from "../testing/world.ts";
import { createBot } from "./bots.ts";
import type { Chat } from "./chat.ts";
import { eraseUser } from "./erasure.ts";
import { deactivateMe } from "./leaving.ts";
import { handOver } from "./ownership.ts";
import type { SignedInPrincipal } from "./principal.ts";
import { changePassword, listSignIns, signIn } from "./sign-ins.ts";
import { tenantOf } from "./tenants.ts";
import { findByName } from "./user-names.ts";
import { personIn } from "./user-rows.ts";
import { patchMe, patchUser } from "./users.ts";

const ROUNDS = 4;
const PASSWORD = "a long enough one";
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
const all = (deeds: readonly Promise<unknown>[]): Promise<unknown> => Promise.allSettled(deeds);
const bobNow = () => personIn(here.chat, here.chat.store.read, here.bob.tenant_id, here.bob.user_id);
const asBefore = async (): Promise<void> => {
  const { chat, ann, bob } = here;
  const { users } = chat.store.t;
  await chat.store.write(async (tx) => {
    await tx.update(users).set({ role: "owner", disabled_at: null, disabled_why: null }).where(eq(users.id, ann.user_id));
    await tx.update(users).set({ role: "admin", disabled_at: null, disabled_why: null }).where(eq(users.id, bob.user_id));
  });
};
const owners = async (): Promise<string[]> => {
  const { users } = here.chat.store.t;
  const rows = await here.chat.store.read.select().from(users).where(eq(users.tenant_id, here.ann.tenant_id));
  return rows.filter(({ role, disabled_at }) => role === "owner" && disabled_at === null).map(({ id }) => id);
};

test("who is made the owner while an admin makes them a member, or while they leave, is the owner or is not: there is always one", async () => {
  const { chat, ann, bob } = here;
  const meanwhile = [
    () => patchUser(chat, ed, { user_id: bob.user_id, role: "member" }),
    () => patchUser(chat, ed, { user_id: bob.user_id, disabled: true }),
    () => deactivateMe(chat, bob, { password: PASSWORD }),
    () => eraseUser(chat, ed, { user_id: bob.user_id, messages: "keep" }),
  ];
  for (const [i, deed] of meanwhile.entries()) {
    for (let round = 0; round < ROUNDS; round += 1) {
      await asBefore();
      const first = round % 2 === 0;
      const hand = () => handOver(chat, ann, { user_id: bob.user_id });
      await all(first ? [hand(), deed()] : [deed(), hand()]);
      expect([i, (await owners()).length]).toEqual([i, 1]);
      if (i === 3)
        await chat.store.write((tx) =>
          tx.update(chat.store.t.users).set({ password_hash: ann.user_id }).where(eq(chat.store.t.users.id, bob.user_id)),
        );
    }
  }
});

test("who is banned stays so, whatever else is done to them meanwhile", async () => {
  const { chat, ann, bob } = here;
  for (let round = 0; round < ROUNDS; round += 1) {
    await asBefore();
    const ban = () => patchUser(chat, ann, { user_id: bob.user_id, banned: true });
    const role = () => patchUser(chat, ed, { user_id: bob.user_id, role: "member" });
    await all(round % 2 === 0 ? [ban(), role()] : [role(), ban()]);
    const { disabled_why, role: now } = await bobNow();
    expect([disabled_why, now]).toEqual(["banned", "member"]);
  }
});

test("two devices that set something at once have both set it", async () => {
  const { chat, bob } = here;
  for (let round = 0; round < ROUNDS; round += 1) {
    await all([0, 1, 2].map((n) => patchMe(chat, bob, { settings: { [`at ${round}.${n}`]: true } })));
    expect(Object.keys((await bobNow()).settings)).toHaveLength(3 * (round + 1));
  }
});

test("who changes something of themselves while they are erased brings nothing back", async () => {
  const { chat, ann, bob } = here;
  const patched = (display_name: string) => (held: Chat) => patchMe(held, bob, { display_name });
  expect((await slowly(patched("Bobby"), async () => undefined)).display_name).toBe("Bobby");
  const gone = slowly(patched("Robert"), () => eraseUser(chat, ann, { user_id: bob.user_id, messages: "keep" }));
  expect([await refusalOf(gone), (await bobNow()).display_name]).toEqual(["unauthorized", "Former member"]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const dan = await here.person("tenant-one", `dan${round}`);
    await all([patchMe(chat, dan, { display_name: "Daniel" }), eraseUser(chat, ann, { user_id: dan.user_id, messages: "keep" })]);
  }
  expect(await findByName(chat, chat.store.read, { tenant_id: ann.tenant_id, q: "dan", limit: 10, seen: undefined })).toEqual([]);
});

test("who is made an owner while an admin erases them is not: only an owner erases one", async () => {
  const { chat, ann, bob, cy } = here;
  const erased = (user_id: string) => (held: Chat) => eraseUser(held, ed, { user_id, messages: "keep" });
  const crowned = slowly(erased(bob.user_id), () => patchUser(chat, ann, { user_id: bob.user_id, role: "owner" }));
  expect([await refusalOf(crowned), (await bobNow()).role]).toEqual(["forbidden", "owner"]);
  expect((await slowly(erased(cy.user_id), async () => undefined)).user.disabled_why).toBe("erased");
});

test("a sign-in that was asked for by the former password, or before its user was disabled, does not begin", async () => {
  const { chat, ann, bob } = here;
  const other = "another long enough one";
  const device = { device: "another browser", address: "192.0.2.1" };
  const asked = async (password: string, done: () => Promise<unknown>): Promise<string> => {
    const tenant = await tenantNow();
    return refusalOf(slowly((held) => signIn(held, tenant, { username: "bob", password }, device), done));
  };
  const changed = () => changePassword(chat, bob, { current_password: PASSWORD, password: other });
  expect(await asked(PASSWORD, changed)).toBe("unauthorized");
  expect((await listSignIns(chat, bob)).items.map((one) => one.device)).toEqual(["a test"]);
  expect(await asked(other, async () => undefined)).toBe("not refused");
  expect(await asked(other, () => patchUser(chat, ann, { user_id: bob.user_id, disabled: true }))).toBe("unauthorized");
});

test("of two who change one password at once by the same former one, the second is told that it is none", async () => {
  const { chat, bob } = here;
  const to = (password: string) => changePassword(chat, bob, { current_password: PASSWORD, password });
  const late = slowly(
    (held) => changePassword(held, bob, { current_password: PASSWORD, password: "the thief's very own" }),
    () => to("bob's very own one"),
  );
  expect(await refusalOf(late)).toBe("forbidden");
  expect(await Bun.password.verify("bob's very own one", (await bobNow()).password_hash ?? "")).toBe(true);
});

test("an owner as whom nobody could sign in is none: the last who could stays, whatever else is called an owner", async () => {
  const { chat, ann, bob } = here;
  const { users } = chat.store.t;
  const { id: bot } = await createBot(chat, ann, { kind: "bot", display_name: "Mill" });
  expect(await refusalOf(patchUser(chat, ann, { user_id: bot, role: "owner" }))).toBe("conflict");
  await chat.store.write((tx) => tx.update(users).set({ role: "owner" }).where(eq(users.id, bot))); // as an older Snug let it be
  expect(await refusalOf(deactivateMe(chat, ann, { password: PASSWORD }))).toBe("conflict");
  await patchUser(chat, ann, { user_id: bob.user_id, role: "owner" });
  expect(await refusalOf(deactivateMe(chat, ann, { password: PASSWORD }))).toBe("not refused");
});
