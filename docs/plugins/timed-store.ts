/**
 * Tells the log of every write that took longer than it should, from being asked until it is on disk. It stands over a database of ours and passes
 * the contract of stores.
 *
 *   snug serve --database-url timed+sqlite:./snug-data/snug.db --plugin ./timed-store.ts
 *
 * TIMED_STORE_MS is how long a write may take, 100 unless said otherwise.
 */
import { definePlugin, type Log, type Store } from "snug/plugin";

export const timedStore = (ours: Store, log: Log, slow_ms = Number(process.env.TIMED_STORE_MS ?? 100)): Store => ({
  ...ours,
  async write(work) {
    const begun = performance.now();
    try {
      return await ours.write(work);
    } finally {
      const took_ms = Math.round(performance.now() - begun);
      if (took_ms >= slow_ms) log.warn("store.slow", { took_ms });
    }
  },
});

export const plugin = definePlugin({ name: "timed-store", store: { scheme: "timed", over: (ours, { log }) => timedStore(ours, log) } });
