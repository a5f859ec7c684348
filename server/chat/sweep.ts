/** Deletes what has expired and can no longer be asked for. Tokens of a family that lives stay, so that a replay of any of them is still seen. */
import { and, eq, gt, inArray, isNull, lt, notExists, or } from "drizzle-orm";
import type { Chat } from "./chat.ts";
import { REMOVED } from "./webhooks.ts";

const KEPT_MS = 3_600_000; // long enough for a clock that is wrong by minutes

export async function sweep(chat: Chat): Promise<void> {
  const { ws_tickets, ws_sessions, instances, refresh_tokens, sign_ins, webhooks } = chat.store.t;
  const { refresh_ttl_ms, refresh_idle_ms } = chat.config;
  const before = chat.now() - KEPT_MS;
  const lives = and(isNull(sign_ins.ended_at), gt(sign_ins.born_at, before - refresh_ttl_ms), gt(sign_ins.seen_at, before - refresh_idle_ms));
  const isTheirs = and(eq(sign_ins.tenant_id, refresh_tokens.tenant_id), eq(sign_ins.id, refresh_tokens.sign_in_id));
  await chat.store.write(async (tx) => {
    await tx.delete(ws_tickets).where(or(lt(ws_tickets.expires_at, before), lt(ws_tickets.used_at, before)));
    const dead = lt(instances.seen_at, before); // killed: whoever stops in order leaves nothing
    await tx.delete(ws_sessions).where(inArray(ws_sessions.instance_id, tx.select({ id: instances.id }).from(instances).where(dead)));
    await tx.delete(instances).where(dead);
    const family = tx.select({ id: sign_ins.id }).from(sign_ins).where(and(isTheirs, lives));
    await tx.delete(refresh_tokens).where(notExists(family));
    await tx.delete(webhooks).where(and(eq(webhooks.disabled_reason, REMOVED), lt(webhooks.updated_at, before))); // every instance knows by now
  });
}
