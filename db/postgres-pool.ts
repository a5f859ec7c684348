/**
 * A pool that always answers: with the database's answer, or within `answer_ms` with StoreAway. A database that went away without a word
 * (a cut cable) leaves connections on which the kernel keeps trying for minutes; when nothing has been heard on the whole pool for that
 * long it is given up for a new one, so that what comes back is found at once.
 */
import type { SQL } from "bun";
import { isConnectionLost, StoreAway } from "./faults.ts";

export type PoolLimits = {
  /** Milliseconds until an asker is told that the database is away. */
  answer_ms: number;
  /** Questions that may be under way; the next is refused with StoreAway. */
  under_way: number;
};

export type Pool = {
  /** Asks; asks once more, within the same limit, if the connection broke and `mayRepeat` says that nothing has been done yet. */
  answer<R>(ask: (sql: SQL) => Promise<R>, mayRepeat: () => boolean): Promise<R>;
  /** Refuses new questions, waits for those under way (at most `answer_ms`), closes. */
  close(): Promise<void>;
};

/** One whose questions are counted. */
export type CountedPool = Pool & {
  /** Whether no question is under way. */
  isIdle(): boolean;
};

const RETRY_PAUSE_MS = 50; // lets the pool notice which of its other connections broke as well

export function makePool(first: SQL, connect: () => SQL, limits: PoolLimits): CountedPool {
  let sql = first;
  let closed = false;
  let under_way = 0;
  let heard_at = performance.now();

  const giveUp = (silent: SQL) => {
    if (silent !== sql || closed) return;
    sql = connect();
    heard_at = performance.now();
    silent.close({ timeout: 0 }).catch(() => {}); // nobody is left to be told
  };

  const ask = async <R>(question: (sql: SQL) => Promise<R>, limit_ms: number): Promise<R> => {
    if (closed) throw new StoreAway("The store is closed");
    if (under_way >= limits.under_way) throw new StoreAway("Too many questions wait for the database");
    const asked = sql;
    const asked_at = performance.now();
    under_way++;
    try {
      const answer = await within(limit_ms, question(asked));
      heard_at = performance.now();
      return answer;
    } catch (fault) {
      if (performance.now() - asked_at < limit_ms) heard_at = performance.now();
      else if (performance.now() - heard_at >= limit_ms) giveUp(asked);
      throw fault;
    } finally {
      under_way--;
    }
  };

  return {
    async answer(question, mayRepeat) {
      const deadline = performance.now() + limits.answer_ms;
      try {
        return await ask(question, limits.answer_ms);
      } catch (fault) {
        const left_ms = deadline - performance.now() - RETRY_PAUSE_MS;
        if (closed || left_ms <= 0 || !isConnectionLost(fault) || !mayRepeat()) throw fault;
        await Bun.sleep(RETRY_PAUSE_MS);
        return await ask(question, left_ms);
      }
    },
    isIdle: () => under_way === 0,
    async close() {
      closed = true;
      await sql.close({ timeout: limits.answer_ms / 1_000 });
    },
  };
}

/**
 * Both as one: what comes while nothing else is under way goes to the first. Given to whichever connection is free it would go round all of them, and each
 * is a process of the database that has its own plans to make and its own caches to fill.
 */
export const nearestOf = (near: CountedPool, others: Pool): Pool => ({
  answer: (ask, mayRepeat) => (near.isIdle() ? near : others).answer(ask, mayRepeat),
  close: async () => void (await Promise.all([near.close(), others.close()])),
});

/** Rejects with StoreAway if `running` has not settled after `limit_ms`. */
export function within<R>(limit_ms: number, running: Promise<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StoreAway(`The database did not answer within ${limit_ms} ms`)), limit_ms);
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
