/**
 * Refused rights go into the audit log: who asked for what they may not do. Once a minute for each asker and deed, so that whoever asks for it a
 * thousand times writes one row; of more than RECENT_MAX at once the oldest are forgotten.
 */
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { createRecent, type Recent } from "./recent.ts";
import type { Refusal } from "./refusal.ts";

const EVERY_MS = 60_000;
const RECENT_MAX = 10_000;

const noted = new WeakMap<Chat, Recent<number>>();

/**
 * `deed` is a route's template with its method, or a frame's type: never what was asked about. Only what is forbidden as such counts: a field that is
 * wrong (a password) is no right. Resolves when it is written; never throws, since the answer does not depend on it.
 */
export async function noteRefusal(chat: Chat, { tenant_id, user_id, via }: Principal, deed: string, { reason, detail }: Refusal): Promise<void> {
  if (reason !== "forbidden" || detail.fields !== undefined) return;
  const recent = noted.get(chat) ?? createRecent<number>(RECENT_MAX);
  noted.set(chat, recent);
  const key = JSON.stringify([tenant_id, user_id, deed]);
  const now = chat.now();
  if (Math.abs(now - (recent.get(key) ?? -EVERY_MS)) < EVERY_MS) return;
  recent.set(key, now);
  await chat.store
    .write((tx) => audit(chat, tx, { tenant_id, actor_id: user_id, via, action: "right.refused", detail: { deed } }))
    .catch((fault: unknown) => chat.log.warn("audit.refused", { why: String(fault) }));
}
