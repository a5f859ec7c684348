/**
 * A POST that creates, asked twice by one key, creates once: the second asker is given the first one's answer for a day (`keep_answers_ms`; purge.ts forgets it).
 *
 * It holds because the key is claimed, by one INSERT, before anything is made: of two at once one makes. Whoever claims settles, and whoever is
 * refused gives the key back. A process that dies between the two leaves a claim without an answer; after `CLAIM_MS` the next asker takes it
 * over. What the dead one had made by then is made again: a claim is no lock on the thing itself, so a verb that can find what is there should.
 *
 * Never: keep an answer that holds a secret. It would lie in the database in the clear, and be told again.
 */
import { and, eq, isNull, lt, or } from "drizzle-orm";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";

/** Longer than any request lives: the door cuts one that is silent for ten seconds. */
export const CLAIM_MS = 60_000;
const COME_BACK_MS = 1_000;

/** `request_hash` is of all that was asked: another one under the same key is another request. */
export type Keyed = { key: string; request_hash: string };
export type Answered = { status: number; answer: Record<string, unknown> };

/** By chat: the requests under way here, so that who asks at the same moment waits instead of being sent away. */
const underWay = new WeakMap<Chat, Map<string, { request_hash: string; answering: Promise<Answered> }>>();

/**
 * Gives what `make` gives, or what it gave when this key was used before. Refuses `conflict` when the key was used for another request, `unavailable`
 * with the time to come back while another instance is answering it, and whatever `make` refuses: then the key is free again.
 */
export async function once(chat: Chat, who: Principal, keyed: Keyed, make: () => Promise<Answered>): Promise<Answered> {
  const here = underWay.get(chat) ?? new Map<string, { request_hash: string; answering: Promise<Answered> }>();
  underWay.set(chat, here);
  const name = JSON.stringify([who.tenant_id, who.user_id, keyed.key]);
  const other = here.get(name);
  if (other) return other.request_hash === keyed.request_hash ? other.answering : refuse("conflict", { fields: ["idempotency-key"] });
  const answering = answered(chat, who, keyed, make).finally(() => here.delete(name));
  here.set(name, { request_hash: keyed.request_hash, answering });
  return answering;
}

async function answered(chat: Chat, who: Principal, keyed: Keyed, make: () => Promise<Answered>): Promise<Answered> {
  const claimed_at = await claim(chat, who, keyed);
  if (claimed_at === null) return earlier(chat, who, keyed);
  let made: Answered;
  try {
    made = await make();
  } catch (fault) {
    await chat.store.write((tx) => tx.delete(chat.store.t.idempotency_keys).where(isClaim(chat, who, keyed, claimed_at)));
    throw fault;
  }
  // It is made: that its answer cannot be kept is no reason to say that it is not.
  await chat.store
    .write((tx) =>
      tx
        .update(chat.store.t.idempotency_keys)
        .set(made)
        .where(isClaim(chat, who, keyed, claimed_at)),
    )
    .catch((fault: unknown) => chat.log.error("once.keep", fault));
  return made;
}

/** The time of the claim, or null when somebody holds the key. One statement: a key that is free, has expired or was left behind is taken over. */
async function claim({ store, now, config }: Chat, { tenant_id, user_id }: Principal, { key, request_hash }: Keyed): Promise<number | null> {
  const { idempotency_keys: t } = store.t;
  const at = now();
  const row = { tenant_id, asker: user_id, key, request_hash, status: null, answer: null, created_at: at };
  const isFree = or(lt(t.created_at, at - config.keep_answers_ms), and(isNull(t.answer), lt(t.created_at, at - CLAIM_MS)));
  const taken = await store.write((tx) =>
    tx
      .insert(t)
      .values(row)
      .onConflictDoUpdate({ target: [t.tenant_id, t.asker, t.key], set: row, ...(isFree && { setWhere: isFree }) })
      .returning({ created_at: t.created_at }),
  );
  return taken.length > 0 ? at : null;
}

async function earlier({ store }: Chat, { tenant_id, user_id }: Principal, { key, request_hash }: Keyed): Promise<Answered> {
  const { idempotency_keys: t } = store.t;
  const [row] = await store.read
    .select()
    .from(t)
    .where(and(eq(t.tenant_id, tenant_id), eq(t.asker, user_id), eq(t.key, key)));
  if (row && row.request_hash !== request_hash) refuse("conflict", { fields: ["idempotency-key"] });
  if (!row || row.status === null || row.answer === null) return refuse("unavailable", { retry_after_ms: COME_BACK_MS });
  return { status: row.status, answer: row.answer };
}

/** Still mine: not taken over by somebody who thought that I was dead. */
function isClaim({ store }: Chat, { tenant_id, user_id }: Principal, { key }: Keyed, claimed_at: number) {
  const { idempotency_keys: t } = store.t;
  return and(eq(t.tenant_id, tenant_id), eq(t.asker, user_id), eq(t.key, key), eq(t.created_at, claimed_at), isNull(t.answer));
}
