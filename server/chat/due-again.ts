/**
 * What is owed comes when its time has come, and that time was written down by a clock that may be set. Set ahead, all of it comes at once; set back by
 * an hour, all of it would wait for that hour to pass again. So each instance remembers the latest time it has seen: an earlier one is a clock that was set
 * back, and by how much. What was touched by the clock of before waits as long as it still had to, and what would have come by now comes now. Coming too
 * early is one attempt too early; so several instances may do it, each when it notices.
 */
import { gt, sql } from "drizzle-orm";
import { moveDue, type Waiting, WAITING_AT_ONCE, waitingAfter } from "../../db/delivery-islands.ts";
import { breathe } from "./breathe.ts";
import type { Chat } from "./chat.ts";
import { CLOCKS_DIFFER_MS } from "./clocks.ts";

const SET_BACK_MS = 5_000; // less than that is waited out

const latestOf = new WeakMap<Chat, number>();

/** Work of a loop. The first one also finds what a clock left that was set back while nobody ran. */
export async function mendDue(chat: Chat): Promise<void> {
  const now = chat.now();
  const before = latestOf.get(chat);
  const latest = before ?? now;
  if (before !== undefined && latest - now < SET_BACK_MS) return void latestOf.set(chat, Math.max(now, latest));
  if (latest > now) await endRests(chat, latest - now);
  for (const courier of ["webhook", "user"] as const) await mend(chat, courier, { now, latest: latest === now ? now : latest + SET_BACK_MS });
  latestOf.set(chat, now); // what has failed before is tried again by the next look
}

/** The soonest first, until there is nothing to mend among many. */
async function mend(chat: Chat, courier: "webhook" | "user", clock: Clock): Promise<void> {
  for (let after: Pick<Waiting, "due_at" | "id"> = { due_at: clock.now + 1, id: "" }; ;) {
    await breathe();
    const found = await waitingAfter(chat.store.read, courier, after);
    const moves = found.flatMap((from) => moveOf(from, clock) ?? []);
    if (moves.length > 0) await chat.store.write((tx) => moveDue(tx, moves));
    if (found.length < WAITING_AT_ONCE || moves.length === 0) return;
    after = found.at(-1) ?? after;
  }
}

type Clock = { now: number; latest: number };

function moveOf(from: Waiting, { now, latest }: Clock): { from: Waiting; due_at: number; last_attempt_at: number | null } | null {
  const touched_at = from.last_attempt_at ?? from.created_at;
  const last_attempt_at = from.last_attempt_at && Math.min(from.last_attempt_at, now);
  if (touched_at > now + CLOCKS_DIFFER_MS) return { from, due_at: now + Math.max(0, from.due_at - touched_at), last_attempt_at };
  return from.due_at <= latest ? { from, due_at: now, last_attempt_at } : null;
}

/** An endpoint rests no longer than it had to; one probe too early costs nobody anything. */
async function endRests(chat: Chat, by_ms: number): Promise<void> {
  const { webhooks } = chat.store.t;
  const { rest_until } = webhooks;
  const now = chat.now();
  await chat.store.write((tx) =>
    tx
      .update(webhooks)
      .set({ rest_until: sql`CASE WHEN ${rest_until} - ${by_ms} > ${now} THEN ${rest_until} - ${by_ms} ELSE ${now} END` })
      .where(gt(rest_until, now)),
  );
}
