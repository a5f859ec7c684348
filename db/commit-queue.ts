/**
 * Group commit for a database with one writer. Everything that arrived in one turn of the event loop is one transaction with one fsync;
 * one group is in flight while the next collects. Works run one after another, each in its savepoint, so one that throws undoes itself
 * alone; each is told its outcome only after COMMIT has returned.
 *
 * A full disk or an I/O error may make SQLite roll back the *whole* transaction inside one work. `inTransaction` tells. Then no further
 * work of the group may run (its statements would commit themselves one by one) and neither ROLLBACK TO nor ROLLBACK may be sent:
 * the group is rejected as a whole.
 */
import { StoreAway } from "./faults.ts";
import type { Leases } from "./leases.ts";

/** What the queue asks of a connection. Each call throws what the database threw. */
export type Transactions = {
  begin(): void;
  commit(): void;
  rollback(): void;
  savepoint(): void;
  release(): void;
  rollbackToSavepoint(): void;
  inTransaction(): boolean;
};

export type QueueLimits = {
  /** Works that may wait; the next is refused with StoreAway. */
  waiting: number;
  /** Works in one transaction, so that a burst does not hold the event loop. */
  group: number;
  /** Milliseconds one work may keep all others waiting before it is abandoned and rolled back. */
  work_ms: number;
};

export type CommitQueue = {
  /** Runs `work` in the next group. Rejects with what the work threw, or with what kept its group from being committed. */
  add<R>(work: () => Promise<R>): Promise<R>;
  /** Runs `task` when no transaction is open. Rejects with what it threw. */
  between<R>(task: () => R): Promise<R>;
  /** Refuses new works; resolves when those that wait are settled. */
  close(): Promise<void>;
};

/** `work` resolves with what tells its caller; the queue calls that after COMMIT. */
type Job = { work: () => Promise<() => void>; reject: (fault: unknown) => void };

export function makeCommitQueue(transactions: Transactions, leases: Leases, limits: QueueLimits): CommitQueue {
  let waiting: Job[] = [];
  let tasks: (() => void)[] = [];
  let closed = false;
  let busy = false; // a group is in flight or its turn is booked

  const wake = () => {
    if (busy) return;
    busy = true;
    setImmediate(() => void turn()); // after all that this turn's I/O brings; a fixed delay only loses
  };

  const turn = async () => {
    const group = waiting.slice(0, limits.group);
    waiting = waiting.slice(limits.group);
    if (group.length > 0) await commitGroup(transactions, leases, limits.work_ms, group);
    const due = tasks;
    tasks = [];
    for (const task of due) task();
    busy = false;
    if (waiting.length > 0 || tasks.length > 0) wake();
  };

  const between = <R>(task: () => R): Promise<R> =>
    new Promise((resolve, reject) => {
      tasks.push(() => {
        try {
          resolve(task());
        } catch (fault) {
          reject(fault);
        }
      });
      wake();
    });

  return {
    between,
    add<R>(work: () => Promise<R>): Promise<R> {
      if (closed) return Promise.reject(new StoreAway("The store is closed"));
      if (waiting.length >= limits.waiting) return Promise.reject(new StoreAway("Too many writes are waiting"));
      const told = new Promise<R>((resolve, reject) => {
        waiting.push({ reject, work: () => work().then((value) => () => resolve(value)) });
      });
      wake();
      return told;
    },
    async close() {
      closed = true;
      while (waiting.length > 0) await between(() => undefined);
      await between(() => undefined);
    },
  };
}

/** Never throws: every job is told. */
async function commitGroup(transactions: Transactions, leases: Leases, work_ms: number, group: Job[]): Promise<void> {
  const refusals: (() => void)[] = []; // what failed by itself keeps its own reason, whatever becomes of the group
  const settle: (() => void)[] = [];
  const patience = makePatience(work_ms);
  try {
    transactions.begin();
    for (const job of group) {
      if (group.length > 1) transactions.savepoint();
      try {
        const tell = await runJob(leases, patience, job);
        if (!transactions.inTransaction()) throw new Error("SQLite rolled the transaction back inside a work that did not say so");
        if (group.length > 1) transactions.release();
        settle.push(tell); // last: what fails before this is undone below
      } catch (fault) {
        if (!transactions.inTransaction()) throw fault;
        refusals.push(() => job.reject(fault));
        if (group.length > 1) transactions.rollbackToSavepoint();
      }
    }
    if (group.length === 1 && refusals.length === 1) transactions.rollback();
    else transactions.commit();
    for (const tell of settle) tell();
  } catch (fault) {
    for (const tell of refusals) tell();
    for (const job of group) job.reject(new Error("The commit this write was part of failed", { cause: fault }));
    abandon(transactions);
    return;
  } finally {
    patience.end();
  }
  for (const tell of refusals) tell();
}

async function runJob(leases: Leases, patience: Patience, job: Job): Promise<() => void> {
  const lease = { open: true };
  try {
    return await patience.with(leases.run(lease, job.work));
  } finally {
    lease.open = false;
  }
}

/** Leaves no transaction behind. If even ROLLBACK fails, the next BEGIN will say so to its own group. */
function abandon(transactions: Transactions): void {
  try {
    if (transactions.inTransaction()) transactions.rollback();
  } catch {
    // told to the next group by its BEGIN
  }
}

type Patience = ReturnType<typeof makePatience>;

/** One timer for a whole group: a work that is still running when it has not been touched for `work_ms` is given up. */
function makePatience(work_ms: number) {
  let giveUp: (fault: StoreAway) => void = nobody;
  const timer = setTimeout(() => {
    giveUp(new StoreAway(`A work did not end within ${work_ms} ms`));
    timer.refresh();
  }, work_ms);
  return {
    with: <R>(running: Promise<R>): Promise<R> =>
      new Promise((resolve, reject) => {
        giveUp = reject;
        running.then(resolve, reject);
      }),
    end: () => clearTimeout(timer),
  };
}

function nobody(): void {}
