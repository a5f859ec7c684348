/** What is bounded by a number stays within it when everybody comes at once: who counts holds whose it is. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { pieces } from "../testing/uploads.ts";
import { draftFor, type World, world } from "../testing/world.ts";
import { createApiKey, rotateApiKey } from "./api-keys.ts";
import { uploadFile } from "./files.ts";
import { createInvite, listInvites, revokeInvite, takeInvite } from "./invites.ts";
import { postMessage } from "./messages.ts";
import { Refusal } from "./refusal.ts";
import { saveMessage } from "./saved.ts";
import { subscribe } from "./subscriptions.ts";
import { tenantOf } from "./tenants.ts";
import { createWebhook, patchWebhook } from "./webhooks.ts";

const AT_ONCE = 8;
let here: World;
beforeEach(async () => void (here = await world()));
afterEach(() => here.dispose());

/** Has eight do it at once: the reasons of those who were refused. */
async function refusedOf(deed: (nth: number) => Promise<unknown>): Promise<string[]> {
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, nth) => deed(nth)));
  return ended.flatMap((one) => (one.status === "fulfilled" ? [] : [one.reason instanceof Refusal ? one.reason.reason : String(one.reason)]));
}

const times = <T>(count: number, of: T): T[] => Array.from({ length: count }, () => of);
const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i).padStart(6, "0"));

describe("of eight at once exactly as many pass as there is room for:", () => {
  test("webhooks that are switched on, made and switched on again", async () => {
    const { ann } = here;
    const chat = Object.assign(here.chat, { config: { ...here.chat.config, webhooks_on: AT_ONCE } });
    const make = () => createWebhook(chat, ann, { url: "https://app.example.org/in", events: ["message.created"] });
    const off = await Promise.all(numbered(AT_ONCE).map(make));
    for (const { id } of off) await patchWebhook(chat, ann, { webhook_id: id, disabled: true });
    Object.assign(chat, { config: { ...chat.config, webhooks_on: 2 } });
    const switchOn = (nth: number) => (nth % 2 === 0 ? make() : patchWebhook(chat, ann, { webhook_id: off[nth]?.id ?? "", disabled: false }));
    expect(await refusedOf(switchOn)).toEqual(times(AT_ONCE - 2, "conflict"));
  });

  test("webhooks of a workspace, those that are off too", async () => {
    const { chat, ann } = here;
    await chat.store.write((tx) => tx.insert(chat.store.t.webhooks).values(numbered(99).map((id) => webhookRow(ann.tenant_id, id))));
    expect(await refusedOf(() => createWebhook(chat, ann, { url: "https://app.example.org/in", events: ["message.created"] }))).toEqual(
      times(AT_ONCE - 1, "conflict"),
    );
  });

  test("API keys, made or rotated while the old one holds", async () => {
    const { chat, ann, mallory } = here;
    const given = { name: "mill", scope: "server", impersonate: false } as const;
    const first = await createApiKey(chat, ann, given);
    await chat.store.write((tx) => tx.insert(chat.store.t.api_keys).values(numbered(998).map((id) => keyRow(ann.tenant_id, id))));
    const deed = (nth: number) =>
      nth % 2 === 0 ? createApiKey(chat, ann, given) : rotateApiKey(chat, ann, { key_id: first.id, old_holds_seconds: 60 });
    expect(await refusedOf(deed)).toEqual(times(AT_ONCE - 1, "conflict"));
    expect((await createApiKey(chat, mallory, given)).name).toBe("mill");
    expect((await rotateApiKey(chat, ann, { key_id: numbered(1)[0] ?? "" })).name).toBe("mill"); // the old one ends: no more than there were
  });

  test("topics that somebody has subscribed to", async () => {
    const { chat, ann, bob } = here;
    const own = { tenant_id: bob.tenant_id, user_id: bob.user_id, created_at: 0 };
    await chat.store.write((tx) => tx.insert(chat.store.t.subscriptions).values(numbered(199).map((id) => ({ ...own, id, topic: `t${id}` }))));
    expect(await refusedOf((nth) => subscribe(chat, bob, { topic: `one more ${nth}` }))).toEqual(times(AT_ONCE - 1, "too_large"));
    expect((await subscribe(chat, ann, { topic: "one more 1" })).created).toBe(true);
  });

  test("messages that somebody has put by", async () => {
    const { chat, ann, bob, room } = here;
    const posted = await Promise.all(numbered(AT_ONCE).map((text) => postMessage(chat, ann, draftFor(room, text))));
    const { message } = posted[0] ?? expect.unreachable();
    const others = await Promise.all(numbered(999).map((text) => postMessage(chat, ann, draftFor(room, text))));
    const own = { tenant_id: bob.tenant_id, user_id: bob.user_id, room_id: room.id, created_at: 0 };
    await chat.store.write((tx) =>
      tx.insert(chat.store.t.saved).values(others.map((one) => ({ ...own, id: one.message.id, message_id: one.message.id }))),
    );
    expect(await refusedOf((nth) => saveMessage(chat, bob, { message_id: posted[nth]?.message.id ?? "" }))).toEqual(times(AT_ONCE - 1, "too_large"));
    await saveMessage(chat, ann, { message_id: message.id });
  });

  test("uses of an invitation, of one that is revoked meanwhile none", async () => {
    const { chat, ann } = here;
    const tenant = (await tenantOf(chat, "")) ?? expect.unreachable();
    const wish = { role: "member", expires_in_seconds: 60, max_uses: 3 } as const;
    const [{ code = "" }, other] = [await createInvite(chat, ann, wish), await createInvite(chat, ann, wish)];
    const use = (by: string) => chat.store.write((tx) => takeInvite(chat, tx, tenant, by));
    expect(await refusedOf(() => use(code))).toEqual(times(AT_ONCE - 3, "forbidden"));
    await Promise.all([revokeInvite(chat, ann, { invite_id: other.id }), refusedOf(() => use(other.code ?? ""))]);
    expect(await refusedOf(() => use(other.code ?? ""))).toEqual(times(AT_ONCE, "forbidden"));
    expect((await listInvites(chat, ann)).items.map(({ used_count }) => used_count <= 3)).toEqual([true, true]);
  });

  test("bytes of a workspace's files, of two who bring theirs: nothing is left of those for which there was no room", async () => {
    const { chat, ann, bob, room } = here;
    Object.assign(chat.config, { storage_bytes: 30 });
    const bring = (nth: number) =>
      uploadFile(chat, nth % 2 === 0 ? ann : bob, { room_id: room.id, name: "note.txt", length: null }, pieces(`ten bytes${nth}`));
    expect(await refusedOf(bring)).toEqual(times(AT_ONCE - 3, "storage_full"));
    expect(await chat.store.read.$count(chat.store.t.files)).toBe(3);
  });
});

const webhookRow = (tenant_id: string, id: string) => ({
  tenant_id,
  id: `hook-${id}`,
  url: "https://app.example.org/in",
  events: [],
  include_private: false,
  secrets: [],
  description: "",
  failures: 0,
  rest_until: 0,
  disabled_at: 1,
  disabled_reason: "asked",
  created_by: null,
  created_at: 0,
  updated_at: 0,
});

const keyRow = (tenant_id: string, id: string) => ({
  tenant_id,
  id,
  prefix: id,
  hash: id,
  name: "mill",
  scope: "server" as const,
  impersonate: false,
  created_by: null,
  created_at: 0,
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
  rev: 1,
  changed_at: 0,
});
