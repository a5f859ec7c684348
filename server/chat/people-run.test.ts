import { afterEach, beforeEach, expect, test } from "bun:test";
import { refusalOf } from "../testing/refusals.ts";
import { type House, house } from "../testing/seat.ts";
import { pieces } from "../testing/uploads.ts";
import { draftFor } from "../testing/world.ts";
import { createApiKey, listApiKeys, rotateApiKey } from "./api-keys.ts";
import { listAudit } from "./audit-log.ts";
import { findFile, uploadFile } from "./files.ts";
import { eraseUser } from "./erasure.ts";
import { endpointsOf } from "./endpoints.ts";
import { checkInvite, createInvite, listInvites } from "./invites.ts";
import { actFor, keyItself, keyShown } from "./key-rights.ts";
import { removeMember } from "./membership.ts";
import { pageMessages, postMessage } from "./messages.ts";
import { handOver } from "./ownership.ts";
import type { Principal } from "./principal.ts";
import { subscribe } from "./subscriptions.ts";
import { tenantOf } from "./tenants.ts";
import { listAllUsers } from "./user-list.ts";
import { listUsers, patchUser } from "./users.ts";
import { createWebhook, listWebhooks, patchWebhook } from "./webhooks.ts";

let here: House;
beforeEach(async () => void (here = await house()));
afterEach(() => here.dispose());

const names = async (who: Principal, input: Parameters<typeof listAllUsers>[2] = {}): Promise<string[]> =>
  (await listAllUsers(here.chat, who, input)).items.map(({ display_name }) => display_name);
const givePasswords = (): Promise<void> =>
  here.chat.store.write(async (tx) => void (await tx.update(here.chat.store.t.users).set({ password_hash: "some hash" })));
const actions = async (): Promise<string[]> => (await listAudit(here.chat, here.ann)).items.map(({ action }) => action);

test("who runs the workspace finds everybody, page by page, by name, by role and by state; a member and a stranger do not", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  await patchUser(chat, ann, { user_id: cy.user_id, role: "admin" });
  expect(await names(ann)).toEqual(["ann", "bob", "cy"]);
  const { items, next_cursor = "" } = await listAllUsers(chat, ann, { limit: 2 });
  expect([items.length, await names(ann, { cursor: next_cursor })]).toEqual([2, ["cy"]]);
  expect(await names(ann, { q: "bo" })).toEqual(["bob"]);
  expect(await names(ann, { role: "admin" })).toEqual(["cy"]);
  expect(await names(ann, { state: "disabled" })).toEqual([]);
  expect(await names(mallory)).toEqual(["mallory"]);
  expect(await refusalOf(listAllUsers(chat, bob))).toBe("forbidden");
});

test("a ban says why, ends everything at once and closes the doors they held open; a word lets them in again", async () => {
  const { chat, ann, bob, cy } = here;
  await patchUser(chat, ann, { user_id: bob.user_id, role: "admin" });
  const bobs = await createInvite(chat, { ...bob, role: "admin" }, { role: "member", expires_in_seconds: 3_600, max_uses: 5 });
  const anns = await createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 5 });
  const socket = await here.seat(bob);
  await patchUser(chat, ann, { user_id: bob.user_id, banned: true });
  expect(await socket.closed).toBe(4202);
  expect((await listAllUsers(chat, ann, { state: "disabled" })).items).toMatchObject([{ id: bob.user_id, disabled_why: "banned" }]);
  const { items } = await listInvites(chat, ann);
  expect(items.map(({ id, revoked_at }) => [id, revoked_at !== undefined])).toEqual([
    [anns.id, false],
    [bobs.id, true],
  ]);
  await patchUser(chat, ann, { user_id: bob.user_id, disabled: false });
  expect(await names(ann, { state: "disabled" })).toEqual([]);
  expect(await refusalOf(patchUser(chat, ann, { user_id: cy.user_id, banned: true, disabled: false }))).toBe("invalid");
  expect(await refusalOf(patchUser(chat, cy, { user_id: bob.user_id, banned: true }))).toBe("forbidden");
});

test("a ban ends the keys they made, with all that those made, and switches off the endpoints they named; what others made holds", async () => {
  const { chat, ann, bob } = here;
  const key = { name: "mill", scope: "admin", impersonate: false } as const;
  const keyed = async (by: Principal) => (await createApiKey(chat, by, key)).key ?? "";
  const asKey = async (text: string) => keyItself((await keyShown(chat, text)) ?? expect.unreachable("an ended key"));
  const holds = async (text: string) => (await keyShown(chat, text)) !== null;
  const hook = (by: Principal, host: string) => createWebhook(chat, by, { url: `https://${host}.example/`, events: ["message.created"] });
  await patchUser(chat, ann, { user_id: bob.user_id, role: "admin" });
  const asBob = { ...bob, role: "admin" } as const;
  const [anns, bobs, renewed] = [await keyed(ann), await keyed(asBob), await keyed(asBob)];
  const child = await keyed(await asKey(bobs));
  const { code = "" } = await createInvite(chat, await asKey(child), { role: "member", expires_in_seconds: 3_600, max_uses: 5 });
  const { items } = await listApiKeys(chat, ann);
  const old = items.find(({ prefix }) => renewed.startsWith(prefix));
  const fresh = await rotateApiKey(chat, ann, { key_id: old?.id ?? "" }); // ann's from here on: bob does not know it
  expect(fresh.created_by).toBe(ann.user_id);
  const hooks = [await hook(ann, "anns"), await hook(asBob, "bobs"), await hook(await asKey(child), "childs")];
  expect(hooks.map(({ created_by }) => created_by)).toEqual([ann.user_id, bob.user_id, expect.stringMatching(/^key\//u)]);
  const seat = await here.seat(bob);
  const programs = await here.seat(await actFor(chat, (await keyShown(chat, child)) ?? expect.unreachable("an ended key"), { user_id: "a-shopper" }));
  expect(endpointsOf(chat).of(ann.tenant_id)).toHaveLength(3);

  await patchUser(chat, ann, { user_id: bob.user_id, disabled: true });
  expect(await Promise.all([anns, bobs, child, fresh.key ?? ""].map(holds))).toEqual([true, true, true, true]); // whoever leaves leaves them to the workspace
  await patchUser(chat, ann, { user_id: bob.user_id, banned: true });
  expect([await seat.closed, await programs.closed]).toEqual([4202, 4201]);
  expect(await Promise.all([anns, bobs, child, fresh.key ?? ""].map(holds))).toEqual([true, false, false, true]);
  const tenant = await tenantOf(chat, "");
  expect(tenant && (await checkInvite(chat, tenant, code)).valid).toBe(false);
  expect((await listWebhooks(chat, ann)).items.map(({ disabled_reason }) => disabled_reason)).toEqual([undefined, "asked", "asked"]);
  expect(
    endpointsOf(chat)
      .of(ann.tenant_id)
      .map(({ id }) => id),
  ).toEqual([hooks[0]?.id ?? ""]);
  const told = (await listAudit(chat, ann)).items.filter(({ action }) => /^(api_key\.revoked|webhook\.disabled)$/u.test(action));
  expect(told.map(({ actor_id, action, detail }) => [actor_id, action, detail.reason])).toEqual([
    [ann.user_id, "webhook.disabled", "banned"],
    [ann.user_id, "webhook.disabled", "banned"],
    [ann.user_id, "api_key.revoked", undefined],
    [ann.user_id, "api_key.revoked", undefined],
  ]);
  await patchUser(chat, ann, { user_id: bob.user_id, disabled: false });
  expect(await holds(bobs)).toBe(false);
  await patchWebhook(chat, ann, { webhook_id: hooks[1]?.id ?? "", disabled: false });
  expect(endpointsOf(chat).of(ann.tenant_id).length).toBe(2);
});

test("the workspace passes to who could sign in as its owner, in one step, and only the owner can do that", async () => {
  const { chat, ann, bob, cy, mallory } = here;
  expect(await refusalOf(handOver(chat, ann, { user_id: bob.user_id }))).toBe("conflict"); // nobody could sign in as bob
  await givePasswords();
  for (const [who, user_id, code] of [
    [bob, bob.user_id, "forbidden"],
    [bob, cy.user_id, "forbidden"],
    [ann, ann.user_id, "forbidden"],
    [mallory, bob.user_id, "not_found"],
    [ann, "nobody", "not_found"],
  ] as const)
    expect(await refusalOf(handOver(chat, who, { user_id }))).toBe(code);
  await patchUser(chat, ann, { user_id: cy.user_id, disabled: true });
  expect(await refusalOf(handOver(chat, ann, { user_id: cy.user_id }))).toBe("conflict");
  await handOver(chat, ann, { user_id: bob.user_id });
  const roles = (await listAllUsers(chat, ann)).items.map(({ display_name, role }) => `${display_name} ${role}`);
  expect(roles).toEqual(["ann admin", "bob owner", "cy member"]);
  expect(await refusalOf(handOver(chat, ann, { user_id: cy.user_id }))).toBe("forbidden"); // her right was as of before
  expect(await actions()).toContain("workspace.handed_over");
});

test("of two who hand over at once there is one owner in the end", async () => {
  const { chat, ann, bob, cy } = here;
  await givePasswords();
  const both = await Promise.allSettled([handOver(chat, ann, { user_id: bob.user_id }), handOver(chat, ann, { user_id: cy.user_id })]);
  expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await listAllUsers(chat, ann)).items.filter(({ role }) => role === "owner")).toHaveLength(1);
});

test("who is erased has no name, no way in and leaves no trace to be found by; what they wrote stays, under nobody's name", async () => {
  const { chat, ann, bob, cy, room } = here;
  await givePasswords();
  const { message } = await postMessage(chat, bob, draftFor(room, "to be kept"));
  await subscribe(chat, bob, { topic: "his own" });
  const { users: table, sign_ins, user_names, saved, subscriptions } = chat.store.t;
  await chat.store.write(async (tx) => {
    const put = { tenant_id: bob.tenant_id, user_id: bob.user_id, id: chat.newId(), message_id: message.id, room_id: room.id, created_at: 0 };
    await tx.insert(saved).values([put, { ...put, user_id: ann.user_id }]);
    await tx.update(sign_ins).set({ device: "the phone of bob" });
  });
  const socket = await here.seat(bob);
  const { user, messages_left } = await eraseUser(chat, ann, { user_id: bob.user_id, messages: "keep" });
  expect([user.display_name, user.username, user.disabled_why, messages_left]).toEqual(["Former member", undefined, "erased", false]);
  expect(await socket.closed).toBe(4202);
  expect((await listUsers(chat, ann, { q: "bob" })).items).toEqual([]);
  const { items, users } = await pageMessages(chat, ann, { room_id: room.id });
  expect(items.map(({ content }) => content)).toEqual(["to be kept"]);
  expect(users.map(({ display_name }) => display_name)).toEqual(["Former member"]);
  const kept = JSON.stringify([
    (await chat.store.read.select().from(table)).filter(({ id }) => id === bob.user_id).map(({ id: _, ...row }) => row),
    (await chat.store.read.select().from(sign_ins)).filter(({ user_id }) => user_id === bob.user_id).map(({ device }) => device),
    (await chat.store.read.select().from(user_names)).filter(({ user_id }) => user_id === bob.user_id),
  ]);
  expect(kept).not.toContain("bob");
  expect(kept).not.toContain("some hash");
  expect(await chat.store.read.select().from(subscriptions)).toEqual([]);
  expect((await chat.store.read.select().from(saved)).map(({ user_id }) => user_id)).toEqual([ann.user_id]);
  for (const change of [{ disabled: false }, { banned: true }, { role: "admin" }] as const)
    expect(await refusalOf(patchUser(chat, ann, { user_id: bob.user_id, ...change }))).toBe("conflict");
  expect(await refusalOf(eraseUser(chat, cy, { user_id: bob.user_id, messages: "keep" }))).toBe("forbidden");
  expect(await actions()).toContain("user.erased");
});

test("where they are removed too, whoever is there sees tombstones, also in rooms they had left; the others' messages stay", async () => {
  const { chat, ann, bob, cy, room } = here;
  for (let i = 0; i < 5; i += 1) {
    here.clock.advance(60_000);
    await postMessage(chat, bob, draftFor(room, `secret ${i} @ann`));
    await postMessage(chat, ann, draftFor(room, `answer ${i}`));
  }
  await removeMember(chat, ann, { room_id: room.id, user_id: bob.user_id });
  const anns = await here.seat(ann);
  expect((await eraseUser(chat, ann, { user_id: bob.user_id, messages: "remove" })).messages_left).toBe(false);
  const { items } = await pageMessages(chat, ann, { room_id: room.id, limit: 50 });
  expect(
    items.filter(({ sender_id }) => sender_id === bob.user_id).every(({ content, removed_at }) => content === "" && removed_at !== undefined),
  ).toBe(true);
  expect(items.filter(({ sender_id }) => sender_id === ann.user_id).every(({ removed_at }) => removed_at === undefined)).toBe(true);
  const [last] = items.filter(({ sender_id }) => sender_id === bob.user_id).slice(-1);
  await anns.when((frame) => frame.type === "message" && frame.message.id === last?.id && frame.message.removed_at !== undefined);
  const heard = (await anns.heard("message")).flatMap((frame) => (frame.message.removed_at === undefined ? [] : frame.message.rev));
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  expect(heard).toHaveLength(5);
  expect(await refusalOf(eraseUser(chat, ann, { user_id: ann.user_id, messages: "remove" }))).toBe("forbidden");
  expect(await refusalOf(eraseUser(chat, cy, { user_id: ann.user_id, messages: "remove" }))).toBe("forbidden");
});

test("what they sent along with it goes too, from the disk as well; of others nothing does", async () => {
  const { chat, ann, bob, room } = here;
  const send = async (who: Principal, bytes: string): Promise<string> => {
    const { id } = await uploadFile(chat, who, { room_id: room.id, name: "note.txt", length: null }, pieces(bytes));
    await postMessage(chat, who, draftFor(room, "see", { files: [id] }));
    return id;
  };
  const [bobs, anns] = [await send(bob, "of bob's"), await send(ann, "of ann's")];
  await eraseUser(chat, ann, { user_id: bob.user_id, messages: "remove" });
  expect(await refusalOf(findFile(chat, ann, { file_id: bobs }))).toBe("not_found");
  expect(await refusalOf(findFile(chat, ann, { file_id: anns }))).toBe("not refused");
  const left = await chat.store.read.select().from(chat.store.t.files);
  expect(left.map(({ id }) => id)).toEqual([anns]);
});

test("somebody who wrote much is erased over several requests, each of which goes on where the one before ended", async () => {
  const { chat, ann, bob, room } = here;
  const now = chat.now();
  const row = (i: number) => {
    const seq = i + 1;
    const told = { content: "x", meta: null, mentions: null, reply_to: null, created_at: now, edited_at: null, removed_at: null };
    return {
      ...told,
      id: chat.newId(),
      tenant_id: room_tenant,
      room_id: room.id,
      sender_id: bob.user_id,
      client_id: chat.newId(),
      seq,
      rev: 10 + i,
      born_rev: 10 + i,
    };
  };
  const room_tenant = ann.tenant_id;
  const { messages, rooms } = chat.store.t;
  await chat.store.write(async (tx) => {
    for (let from = 0; from < 1_500; from += 250) await tx.insert(messages).values(Array.from({ length: 250 }, (_, i) => row(from + i)));
    await tx.update(rooms).set({ last_seq: 1_500, last_rev: 1_510 });
  });
  const input = { user_id: bob.user_id, messages: "remove" } as const;
  expect((await eraseUser(chat, ann, input)).messages_left).toBe(true);
  expect((await eraseUser(chat, ann, input)).messages_left).toBe(false);
  const left = (await chat.store.read.select().from(messages)).filter(({ removed_at }) => removed_at === null);
  expect(left).toEqual([]);
});
