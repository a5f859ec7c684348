/**
 * Who is inside a transaction. A work holds a lease while it runs; the lease ends with the work, so a statement that outlives it (a promise
 * nobody awaited) finds it closed and cannot slip into the next work's transaction, and a `write` or `read` inside a work is refused.
 */
import { AsyncLocalStorage } from "node:async_hooks";

export type Lease = { open: boolean };

export type Leases = ReturnType<typeof makeLeases>;

export function makeLeases() {
  const current = new AsyncLocalStorage<Lease>();
  return {
    /** Runs `work` under `lease`; whoever ends the work closes the lease. */
    run: <R>(lease: Lease, work: () => Promise<R>): Promise<R> => current.run(lease, work),
    /** Throws unless called from inside a work that still runs. */
    demand(): void {
      if (current.getStore()?.open !== true) throw new Error("A statement of a transaction ran after, or outside, the work it was given to");
    },
    /** Throws if called from inside a work that still runs. */
    refuse(what: "write" | "read"): void {
      if (current.getStore()?.open !== true) return;
      throw new Error(what === "write" ? "store.write inside a work: use the tx it was given" : "store.read inside a work: read through its tx");
    },
  };
}
