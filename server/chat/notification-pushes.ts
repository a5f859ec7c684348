/**
 * How a notification comes to its recipient: to the sockets they have open, again with growing pauses until they acknowledge it, and to a socket
 * they open later. An attempt is counted where a socket was there to hear it: being away is no attempt, and costs nothing, because what falls due
 * for who is away is laid aside until they come. Who was here for all attempts and acknowledged none has a dead letter,
 * and so has who never came.
 *
 * The rows are claimed before anything is sent: an instance that dies between the two has used an attempt up, and sends nothing twice.
 */
import { and, asc, eq, gt, inArray, isNull, lte, or } from "drizzle-orm";
import { isAnyDue } from "../../db/delivery-islands.ts";
import type { Tables } from "../../db/store.ts";
import type { Chat, UserBell } from "./chat.ts";
import { forEachOf } from "./each.ts";
import { bornAt, tell, type Telling } from "./outbox.ts";

type DeliveryRow = Tables["deliveries"]["$inferSelect"];
type Due = Pick<DeliveryRow, "tenant_id" | "id" | "target_id" | "subject_id" | "attempts" | "detail" | "created_at">;

const DUE_AT_ONCE = 500;
const ROUNDS_MAX = 20;
/** UTF-16 units of user ids in one notice: one that is too large for a line between instances is not carried. */
const NOTICE_SIZE = 4_000;

/** How a delivery begins: with the push that follows its commit for who is here, without one for who is not. */
export function firstPush(chat: Chat, place: UserBell): Pick<DeliveryRow, "attempts" | "due_at" | "last_attempt_at"> {
  const now = chat.now();
  if (!chat.sessions.hears(place)) return { attempts: 0, last_attempt_at: null, due_at: now + pauseAfter(chat, 1) };
  return { attempts: 1, last_attempt_at: now, due_at: now + pauseAfter(chat, 1) };
}

/** Has it sent to those of them who are here, on every instance. Only after COMMIT. */
export function pushTo(chat: Chat, { tenant_id, id }: { tenant_id: string; id: string }, user_ids: readonly string[]): void {
  const here = user_ids.filter((user_id) => chat.sessions.hears({ tenant_id, user_id }));
  let some: string[] = [];
  let size = 0;
  const tell = (): void => {
    if (some.length > 0) chat.backplane.tell({ tenant_id, to: { user_ids: some }, notification_id: id });
    some = [];
    size = 0;
  };
  for (const user_id of here) {
    if (size + user_id.length > NOTICE_SIZE) tell();
    some.push(user_id);
    size += user_id.length + 3; // its quotes and comma
  }
  tell();
}

/** Work of a loop: pushes what is due to those who are here, lays aside what is due to others, and gives up what was sent often enough or has waited for too long. */
export async function pushDue(chat: Chat): Promise<void> {
  if (!(await isAnyDue(chat.store.read, { courier: "user", now: chat.now() }))) return; // mostly: and then nothing is built to be asked
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const due = await dueNow(chat);
    const {
      spent = [],
      expired = [],
      here = [],
      away = [],
    } = Object.groupBy(due, (row) => {
      if (row.attempts >= chat.config.notifications.attempts) return "spent";
      if (endOf(chat, row) <= chat.now()) return "expired";
      return chat.sessions.hears({ tenant_id: row.tenant_id, user_id: row.target_id }) ? "here" : "away";
    });
    await layAside(chat, away);
    const subjects = Map.groupBy(await claim(chat, here), ({ tenant_id, subject_id }) => JSON.stringify([tenant_id, subject_id])).values();
    await forEachOf(chat, "notification.due", subjects, placeIn, (rows) => {
      const [{ tenant_id, subject_id: id } = { tenant_id: "", subject_id: "" }] = rows;
      const user_ids = rows.map(({ target_id }) => target_id);
      pushTo(chat, { tenant_id, id }, user_ids);
    });
    await bury(chat, spent, "not_acknowledged");
    await bury(chat, expired, "expired");
    if (due.length < DUE_AT_ONCE) return;
  }
}

async function dueNow(chat: Chat): Promise<Due[]> {
  const { deliveries } = chat.store.t;
  const { tenant_id, id, target_id, subject_id, attempts, detail, created_at } = deliveries;
  return chat.store.read
    .select({ tenant_id, id, target_id, subject_id, attempts, detail, created_at })
    .from(deliveries)
    .where(and(eq(deliveries.courier, "user"), lte(deliveries.due_at, chat.now()), isNull(deliveries.settled_at)))
    .orderBy(asc(deliveries.due_at))
    .limit(DUE_AT_ONCE);
}

/**
 * Counts an attempt for those of the rows that are due or laid aside, and says when the next one is. Gives the rows it was first to claim; the
 * others are being pushed by somebody else, or have been not long ago.
 */
export async function claim(chat: Chat, rows: readonly Due[]): Promise<Due[]> {
  const { deliveries } = chat.store.t;
  const now = chat.now();
  const claimed: Due[] = [];
  await forEachOf(chat, "notification.claim", alikeIn(rows), placeIn, async (alike) => {
    const [{ tenant_id, attempts } = { tenant_id: "", attempts: 0 }] = alike;
    const due = or(lte(deliveries.due_at, now), gt(deliveries.due_at, now + chat.config.notifications.longest_pause_ms)); // further away than any pause: laid aside
    const taken = await chat.store.write((tx) =>
      tx
        .update(deliveries)
        .set({ attempts: attempts + 1, last_attempt_at: now, due_at: now + pauseAfter(chat, attempts + 1) })
        .where(and(eq(deliveries.tenant_id, tenant_id), inArray(deliveries.id, idsOf(alike)), eq(deliveries.attempts, attempts), due, open(chat)))
        .returning({ id: deliveries.id }),
    );
    const ids = new Set(taken.map(({ id }) => id));
    claimed.push(...alike.filter(({ id }) => ids.has(id)));
  });
  return claimed;
}

/** Until they come, or its life ends: then it is due for the last time. */
async function layAside(chat: Chat, rows: readonly Due[]): Promise<void> {
  const { deliveries } = chat.store.t;
  const now = chat.now();
  const alikes = Map.groupBy(rows, (row) => JSON.stringify([row.tenant_id, endOf(chat, row)])).values();
  await forEachOf(chat, "notification.aside", alikes, placeIn, async (alike) => {
    const [first] = alike;
    if (!first) return;
    const theirs = and(eq(deliveries.tenant_id, first.tenant_id), inArray(deliveries.id, idsOf(alike)));
    await chat.store.write((tx) =>
      tx
        .update(deliveries)
        .set({ due_at: endOf(chat, first) })
        .where(and(theirs, lte(deliveries.due_at, now), open(chat))),
    );
  });
}

async function bury(chat: Chat, rows: readonly Due[], last_error: "not_acknowledged" | "expired"): Promise<void> {
  const { deliveries } = chat.store.t;
  const now = chat.now();
  await forEachOf(chat, "notification.bury", Map.groupBy(rows, (row) => row.tenant_id).values(), placeIn, async (some) => {
    const { tenant_id } = placeIn(some);
    const theirs = and(eq(deliveries.tenant_id, tenant_id), inArray(deliveries.id, idsOf(some)));
    const dead = await chat.store.write(async (tx) => {
      const died = await tx
        .update(deliveries)
        .set({ state: "dead", settled_at: now, last_error })
        .where(and(theirs, lte(deliveries.due_at, now), open(chat)))
        .returning();
      await tell(chat, tx, died.map(deathOf));
      return died;
    });
    for (const delivery of dead) chat.hooks.after("delivery.died", { delivery });
  });
}

const deathOf = ({ tenant_id, subject_id, target_id }: DeliveryRow): Telling => ({
  tenant_id,
  event: "notification.dead",
  room: null,
  subject_id,
  detail: { user_id: target_id },
});

/** Of one tenant and as often tried: what one statement can claim. */
const alikeIn = (rows: readonly Due[]): Iterable<Due[]> =>
  Map.groupBy(rows, ({ tenant_id, attempts }) => JSON.stringify([tenant_id, attempts])).values();

const placeIn = ([first]: readonly Due[]) => ({ tenant_id: first?.tenant_id ?? "" });
const open = (chat: Chat) => isNull(chat.store.t.deliveries.settled_at);
const idsOf = (rows: readonly Due[]): string[] => rows.map(({ id }) => id);

/** When it has waited for long enough; one that was taken out of the dead letters begins anew. */
const endOf = ({ config }: Chat, row: Due): number => bornAt(row) + config.notifications.life_ms;

/** Milliseconds until the next attempt: doubling, up to the longest. */
function pauseAfter({ config: { notifications } }: Chat, attempts: number): number {
  return Math.min(notifications.longest_pause_ms, notifications.first_pause_ms * 2 ** (attempts - 1));
}
