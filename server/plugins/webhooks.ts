/**
 * Webhooks: the first plugin, on the same seams as any other. It owes what happened to the endpoints that asked for it, and carries that to them as
 * Standard Webhooks says: the id is the delivery's and the same at each attempt, the signature is over id, time and body.
 */
import type { Attempt, Carried } from "../chat/carried.ts";
import type { Chat } from "../chat/chat.ts";
import { type Endpoint, endpointsOf } from "../chat/endpoints.ts";
import type { Debt, Telling } from "../chat/outbox.ts";
import { secretsOf } from "../chat/webhooks.ts";
import { build } from "../version.ts";
import type { Outbound, Outcome } from "./outbound.ts";
import { toldTo } from "./webhook-body.ts";

export function webhooks(chat: Chat, outbound: Outbound): void {
  const endpoints = endpointsOf(chat);
  chat.hooks.owing((telling) => debtsTo(endpoints.of(telling.tenant_id), telling));
  chat.hooks.bind("delivery.attempt", async (event, next) => {
    if (event.delivery.courier !== "webhook") return next();
    const carried = await carry(chat, outbound, event);
    if (!event.signal.aborted) event.carried = carried;
  });
}

async function carry(chat: Chat, outbound: Outbound, { delivery, endpoint, signal }: Attempt): Promise<Carried> {
  const told = await toldTo(chat, delivery, endpoint);
  if (!("body" in told)) return told;
  const seconds = Math.floor(chat.now() / 1_000);
  const headers = {
    "content-type": "application/json",
    "user-agent": `Snug/${build.version}`,
    "webhook-id": delivery.id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": secretsOf(chat, endpoint)
      .map((secret) => signatureOf(secret, `${delivery.id}.${seconds}.${told.body}`))
      .join(" "),
    "snug-attempt": String(delivery.attempts),
  };
  return carriedBy(await outbound.post({ url: endpoint.url, headers, body: told.body }, signal), chat.now());
}

function signatureOf(secret: string, signed: string): string {
  const key = Buffer.from(secret.slice(secret.indexOf("_") + 1), "base64");
  return `v1,${new Bun.CryptoHasher("sha256", key).update(signed).digest("base64")}`;
}

function carriedBy(outcome: Outcome, now: number): Carried {
  if ("failed" in outcome) return outcome;
  const { status, headers } = outcome;
  if (status >= 200 && status < 300) return { done: true, status };
  if (status === 410) return { failed: "gone", status };
  const retry_after_ms = pauseIn(headers.get("retry-after"), now);
  if (status === 429 || (status === 503 && retry_after_ms !== null))
    return { failed: "busy", status, ...(retry_after_ms !== null && { retry_after_ms }) };
  return { failed: "refused", status };
}

/** Retry-After: seconds, or a date. */
function pauseIn(text: string | null, now: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/u.test(text.trim())) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Who is away for less than that has not missed anything: a reload is not a departure. */
const GRACE_MS = 5_000;

function debtsTo(endpoints: readonly Endpoint[], telling: Telling): readonly Debt[] {
  if (endpoints.length === 0) return NOTHING;
  const { tenant_id, room, subject_id, detail, event } = telling;
  const is_open = isOpen(telling);
  const debts: Debt[] = [];
  for (const { id: target_id, events, include_private } of endpoints) {
    if (!include_private && !is_open) continue;
    const debt: Debt = { tenant_id, courier: "webhook", target_id, event, room_id: room?.id ?? null, subject_id };
    if (detail) debt.detail = detail;
    if (events.has(event)) debts.push(debt);
    if (event === "message.created" && events.has("message.offline")) debts.push({ ...debt, event: "message.offline", after_ms: GRACE_MS });
  }
  return debts;
}

const NOTHING: readonly Debt[] = [];

/** A notification is for its recipients by name; of rooms only those that everybody of the workspace may read. */
export const isOpen = ({ room }: Pick<Telling, "room">): boolean => room === null || (room.type === "channel" && room.visibility === "public");
