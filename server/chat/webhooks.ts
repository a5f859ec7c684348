/**
 * Webhooks as those who run a workspace see them: made, listed, changed, tried out. What an endpoint hears of dms and private rooms is the owner's
 * to give: an admin neither gives it nor sends it elsewhere. The secret is told once, when it is made.
 */
import { and, asc, eq, gt, inArray, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import { lockTenant } from "../../db/locks.ts";
import type { Tables, Tx } from "../../db/store.ts";
import type { List } from "../protocol.ts";
import type { MadeWebhook, NewWebhook, PatchWebhook, Webhook, WebhookEvent, WebhookSecret } from "../protocol/webhooks.ts";
import { EVENTS } from "../protocol/webhooks.ts";
import { asOfNow } from "./as-of-now.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { endpointsOf } from "./endpoints.ts";
import { owe } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { seal, unseal } from "./sealed.ts";
import { at } from "./views.ts";

type WebhookRow = Tables["webhooks"]["$inferSelect"];
export type WebhookPlace = { webhook_id: string };

const WEBHOOKS_MAX = 100; // of one workspace, those that are switched off too
const OLD_SECRET_MS = 86_400_000;
/** Stands where the reason does in a row that is there only so that other instances learn of its end; the sweep takes it away. */
export const REMOVED = "removed";

/** Refuses `invalid` (url), `forbidden` (not an admin; `include_private` from who is not the owner), `conflict` (there are a hundred already, or as many switched on as may be). */
export async function createWebhook(chat: Chat, who: Principal, input: NewWebhook): Promise<MadeWebhook> {
  checkRight(who, input);
  const now = chat.now();
  const id = chat.newId();
  const secret = newSecret(chat);
  const row: WebhookRow = {
    tenant_id: who.tenant_id,
    id,
    url: checkedUrl(input.url),
    events: input.events,
    include_private: input.include_private ?? false,
    secrets: [{ sealed: seal(chat, secret, sealPlace(who.tenant_id, id)), until: null }],
    description: input.description ?? "",
    failures: 0,
    rest_until: 0,
    disabled_at: null,
    disabled_reason: null,
    created_by: who.user_id,
    created_at: now,
    updated_at: now,
  };
  await chat.store.write(async (tx) => {
    const { webhooks } = chat.store.t;
    await lockTenant(tx, who.tenant_id);
    checkRight(await asOfNow(chat, tx, who), input);
    if ((await tx.$count(webhooks, and(eq(webhooks.tenant_id, who.tenant_id), kept(chat)))) >= WEBHOOKS_MAX) refuse("conflict");
    await checkRoomForOne(chat, tx, who);
    await tx.insert(webhooks).values(row);
    await note(chat, tx, who, row, "webhook.made", { include_private: row.include_private });
  });
  endpointsOf(chat).note(row);
  return { ...webhookView(row), secret };
}

/** In the order in which they were made; `cursor` is the id of the last one seen. */
export async function listWebhooks(chat: Chat, who: Principal, input: { cursor?: string; limit?: number } = {}): Promise<List<Webhook>> {
  checkRight(who);
  const { webhooks } = chat.store.t;
  const limit = input.limit ?? 100;
  const rows = await chat.store.read
    .select()
    .from(webhooks)
    .where(and(eq(webhooks.tenant_id, who.tenant_id), kept(chat), input.cursor === undefined ? undefined : gt(webhooks.id, input.cursor)))
    .orderBy(asc(webhooks.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(webhookView);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next_cursor: last.id } : { items };
}

export async function getWebhook(chat: Chat, who: Principal, input: WebhookPlace): Promise<Webhook> {
  checkRight(who);
  return webhookView(await webhookIn(chat, who, input));
}

/** Switching it on again (`conflict` when as many are on as may be), or giving it another address, forgets its failures. Only the owner may send what is private to another address. */
export async function patchWebhook(chat: Chat, who: Principal, { webhook_id, ...input }: WebhookPlace & PatchWebhook): Promise<Webhook> {
  checkRight(who, input);
  const after = await chat.store.write(async (tx) => {
    await lockTenant(tx, who.tenant_id);
    const by = await asOfNow(chat, tx, who);
    checkRight(by, input);
    const before = await webhookIn(chat, who, { webhook_id }, tx);
    const { disabled, ...columns } = input;
    const moved = columns.url !== undefined && checkedUrl(columns.url) !== before.url;
    if (moved && before.include_private && input.include_private !== false && by.role !== "owner") refuse("forbidden");
    if (disabled === false && before.disabled_at !== null) await checkRoomForOne(chat, tx, who);
    const now = chat.now();
    const set = {
      ...columns,
      ...(columns.url !== undefined && { url: checkedUrl(columns.url) }),
      ...(disabled === true && before.disabled_at === null && { disabled_at: now, disabled_reason: "asked" }),
      ...(disabled === false && { disabled_at: null, disabled_reason: null }),
      ...((moved || disabled === false) && { failures: 0, rest_until: 0 }),
      updated_at: now,
    };
    const [row] = await tx
      .update(chat.store.t.webhooks)
      .set(set) // only what was asked: somebody may remove it, rotate its secret or have it switched off meanwhile
      .where(and(placeOf(chat, who, webhook_id), kept(chat), eq(chat.store.t.webhooks.include_private, before.include_private)))
      .returning();
    if (!row) return refuse("not_found");
    const { url, include_private, disabled_at } = row;
    await note(chat, tx, who, row, "webhook.changed", { host: new URL(url).host, include_private, disabled: disabled_at !== null });
    return row;
  });
  endpointsOf(chat).note(after);
  return webhookView(after);
}

/** What is still owed to it is given up, and kept among the dead letters. */
export async function removeWebhook(chat: Chat, who: Principal, { webhook_id }: WebhookPlace): Promise<void> {
  checkRight(who);
  const after = await chat.store.write(async (tx) => {
    const before = await webhookIn(chat, who, { webhook_id }, tx);
    const now = chat.now();
    const row: WebhookRow = { ...before, secrets: [], disabled_at: now, disabled_reason: REMOVED, updated_at: now };
    await tx
      .update(chat.store.t.webhooks)
      .set(row)
      .where(placeOf(chat, who, webhook_id));
    await note(chat, tx, who, row, "webhook.removed");
    return row;
  });
  endpointsOf(chat).note(after);
}

/** Those that these have made are switched off: whoever is kept out hears nothing by them. Gives them as they are; note them in endpointsOf after COMMIT. */
export async function switchOffWebhooksOf(chat: Chat, tx: Tx, who: Principal, makers: readonly string[]): Promise<WebhookRow[]> {
  const { webhooks } = chat.store.t;
  const now = chat.now();
  const theirs = and(eq(webhooks.tenant_id, who.tenant_id), inArray(webhooks.created_by, [...makers]), isNull(webhooks.disabled_at));
  const off = await tx.update(webhooks).set({ disabled_at: now, disabled_reason: "asked", updated_at: now }).where(theirs).returning();
  for (const row of off) await note(chat, tx, who, row, "webhook.disabled", { reason: "banned" });
  return off;
}

/** Has it told of nothing but this: how that went is among its deliveries, under this id. Refuses `conflict` while it is switched off. */
export async function testWebhook(chat: Chat, who: Principal, { webhook_id }: WebhookPlace): Promise<{ delivery_id: string }> {
  checkRight(who);
  return chat.store.write(async (tx) => {
    const { disabled_at, id } = await webhookIn(chat, who, { webhook_id }, tx);
    if (disabled_at !== null) refuse("conflict");
    const debt = { tenant_id: who.tenant_id, courier: "webhook", target_id: id, room_id: null, subject_id: id } as const;
    const [delivery_id] = await owe(chat, tx, [{ ...debt, event: "webhook.test" }]);
    return { delivery_id: delivery_id ?? refuse("internal") };
  });
}

/** Another secret; the one before it signs for a day longer, beside it. */
export async function rotateSecret(chat: Chat, who: Principal, { webhook_id }: WebhookPlace): Promise<WebhookSecret> {
  checkRight(who);
  const secret = newSecret(chat);
  const until = chat.now() + OLD_SECRET_MS;
  await chat.store.write(async (tx) => {
    const row = await webhookIn(chat, who, { webhook_id }, tx);
    const newest = { sealed: seal(chat, secret, sealPlace(who.tenant_id, webhook_id)), until: null };
    const last = row.secrets.filter((one) => one.until === null).map(({ sealed }) => ({ sealed, until }));
    const secrets = [newest, ...last];
    await tx
      .update(chat.store.t.webhooks)
      .set({ secrets, updated_at: chat.now() })
      .where(placeOf(chat, who, webhook_id));
    await note(chat, tx, who, row, "webhook.secret_rotated");
  });
  return { secret, previous_until: at(until) };
}

/** The secrets that sign now, the newest first. */
export const secretsOf = (chat: Chat, { tenant_id, id, secrets }: Pick<WebhookRow, "tenant_id" | "id" | "secrets">): string[] =>
  secrets.filter(({ until }) => until === null || until > chat.now()).map((one) => opened(chat, one, sealPlace(tenant_id, id)));

type Sealed = WebhookRow["secrets"][number];
const plain = new WeakMap<Sealed, string>(); // all that one claim took for an endpoint has one row of it, and is signed within moments

function opened(chat: Chat, one: Sealed, place: string): string {
  const found = plain.get(one) ?? unseal(chat, one.sealed, place);
  plain.set(one, found);
  return found;
}

const SEALED_AT_ONCE = 200;

/**
 * Work of a loop: seals anew, with the first line of the secret, what an older line has sealed, so that the older one can be taken away an hour later.
 * One that no line opens stays as it is.
 */
export async function resealSecrets(chat: Chat): Promise<void> {
  const [first] = chat.keys.sealing;
  const { webhooks } = chat.store.t;
  const { tenant_id, id, secrets } = webhooks;
  for (let after: Pick<WebhookRow, "tenant_id" | "id"> | null = { tenant_id: "", id: "" }; after !== null;) {
    const past: SQL = sql`(${tenant_id}, ${id}) > (${after.tenant_id}, ${after.id})`;
    const rows: Pick<WebhookRow, "tenant_id" | "id" | "secrets">[] = await chat.store.read
      .select({ tenant_id, id, secrets })
      .from(webhooks)
      .where(past)
      .orderBy(asc(tenant_id), asc(id))
      .limit(SEALED_AT_ONCE);
    for (const row of rows.filter((one) => one.secrets.some(({ sealed }) => !sealed.startsWith(`${first?.kid}.`)))) await resealed(chat, row);
    after = rows.length < SEALED_AT_ONCE ? null : (rows.at(-1) ?? null);
  }
}

/** Where somebody has rotated it meanwhile, theirs stays. */
async function resealed(chat: Chat, row: Pick<WebhookRow, "tenant_id" | "id" | "secrets">): Promise<void> {
  const place = sealPlace(row.tenant_id, row.id);
  try {
    const { webhooks } = chat.store.t;
    const secrets = row.secrets.map(({ sealed, until }) => ({ sealed: seal(chat, unseal(chat, sealed, place), place), until }));
    const same = and(eq(webhooks.tenant_id, row.tenant_id), eq(webhooks.id, row.id));
    await chat.store.write(async (tx) => {
      const held = tx.update(webhooks).set({ updated_at: webhooks.updated_at }).where(same); // the lock alone
      const [now] = await held.returning({ secrets: webhooks.secrets });
      if (Bun.deepEquals(now?.secrets, row.secrets)) await tx.update(webhooks).set({ secrets }).where(same);
    });
  } catch (fault) {
    chat.log.error("webhooks.resealing", fault, { webhook_id: row.id });
  }
}

const sealPlace = (tenant_id: string, id: string): string => JSON.stringify(["webhook", tenant_id, id]);

/** As Standard Webhooks writes them: 32 random bytes in base64. */
const newSecret = (chat: Chat): string => `whsec_${Buffer.from(chat.newSecret(), "base64url").toString("base64")}`;

function checkRight(who: Principal, { include_private }: { include_private?: boolean | undefined } = {}): void {
  if (who.role === "member" || (include_private === true && who.role !== "owner")) refuse("forbidden");
}

/** Each post writes up to two rows for each that is switched on, in a transaction that others wait for. For whoever holds the tenant. */
async function checkRoomForOne(chat: Chat, tx: Tx, { tenant_id }: Principal): Promise<void> {
  const { webhooks } = chat.store.t;
  const on = await tx.$count(webhooks, and(eq(webhooks.tenant_id, tenant_id), isNull(webhooks.disabled_at)));
  if (on >= chat.config.webhooks_on) refuse("conflict", { fields: ["disabled"] });
}

/** The address as it will be asked. Where it leads is found out at each attempt: a name may mean another machine tomorrow. */
function checkedUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  const isPlain = url !== null && /^https?:$/u.test(url.protocol) && url.username === "" && url.password === "" && url.hash === "";
  return isPlain ? url.href : refuse("invalid", { fields: ["url"] });
}

async function webhookIn(chat: Chat, who: Principal, { webhook_id }: WebhookPlace, read: Pick<Tx, "select"> = chat.store.read): Promise<WebhookRow> {
  const { webhooks } = chat.store.t;
  const [row] = await read
    .select()
    .from(webhooks)
    .where(and(placeOf(chat, who, webhook_id), kept(chat)));
  return row ?? refuse("not_found");
}

function placeOf(chat: Chat, { tenant_id }: Principal, webhook_id: string) {
  const { webhooks } = chat.store.t;
  return and(eq(webhooks.tenant_id, tenant_id), eq(webhooks.id, webhook_id));
}

function kept(chat: Chat) {
  const { disabled_reason } = chat.store.t.webhooks;
  return or(isNull(disabled_reason), ne(disabled_reason, REMOVED));
}

const note = (chat: Chat, tx: Tx, who: Principal, row: WebhookRow, action: `webhook.${string}`, detail: Record<string, string | boolean> = {}) =>
  audit(chat, tx, { tenant_id: who.tenant_id, actor_id: who.user_id, via: who.via, action, target_id: row.id, detail });

function webhookView(row: WebhookRow): Webhook {
  const reason = row.disabled_reason === "gone" || row.disabled_reason === "asked" ? row.disabled_reason : null;
  return {
    id: row.id,
    url: row.url,
    events: EVENTS.filter((event): event is WebhookEvent => row.events.includes(event)),
    include_private: row.include_private,
    description: row.description,
    failures: row.failures,
    ...(row.rest_until > 0 && { rests_until: at(row.rest_until) }),
    ...(row.disabled_at !== null && { disabled_at: at(row.disabled_at) }),
    ...(reason !== null && { disabled_reason: reason }),
    ...(row.created_by !== null && { created_by: row.created_by }),
    created_at: at(row.created_at),
    updated_at: at(row.updated_at),
  };
}
