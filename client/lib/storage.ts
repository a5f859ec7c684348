/**
 * What outlives a page: unsent messages and drafts, in IndexedDB, by user. Where that is withheld it lasts as long as the tab, and says so.
 * A tab is alive while it holds its Web Lock, or, where there are none (plain http), while it renews a lease.
 */

export type Entry = {
  client_id: string;
  user_id: string;
  room_id: string;
  content: string;
  at: number;
  /** The tab that sends it. */
  tab: string;
};

export type Storage = {
  readonly lasting: boolean;
  put(entry: Entry): Promise<void>;
  drop(client_id: string): Promise<void>;
  /** Those of this user, oldest first. */
  all(user_id: string): Promise<Entry[]>;
  /** Erases what this user left here. */
  forget(user_id: string): Promise<void>;
};

export type Tabs = { readonly id: string; alive(): Promise<(tab: string) => boolean> };

export function memoryStorage(): Storage {
  const entries = new Map<string, Entry>();
  return {
    lasting: false,
    put: async (entry) => void entries.set(entry.client_id, entry),
    drop: async (client_id) => void entries.delete(client_id),
    all: async (user_id) => [...entries.values()].filter((entry) => entry.user_id === user_id).sort(byAge),
    forget: async (user_id) => entries.forEach((entry, key) => void (entry.user_id === user_id && entries.delete(key))),
  };
}

/** IndexedDB, or memory where it cannot be opened (private windows of some browsers). */
export async function openStorage(): Promise<Storage> {
  try {
    return lastingStorage(await openDatabase());
  } catch {
    return memoryStorage();
  }
}

const byAge = (a: Entry, b: Entry): number => a.at - b.at || (a.client_id < b.client_id ? -1 : 1);

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("snug", 1);
  request.onupgradeneeded = () => void request.result.createObjectStore("outbox", { keyPath: "client_id" });
  return answerOf(request);
}

function lastingStorage(database: IDBDatabase): Storage {
  const outbox = (mode: IDBTransactionMode): IDBObjectStore => database.transaction("outbox", mode).objectStore("outbox");
  const all = async (user_id: string): Promise<Entry[]> => {
    const entries: Entry[] = await answerOf(outbox("readonly").getAll());
    return entries.filter((entry) => entry.user_id === user_id).sort(byAge);
  };
  return {
    lasting: true,
    all,
    put: async (entry) => void (await answerOf(outbox("readwrite").put(entry))),
    drop: (client_id) => answerOf(outbox("readwrite").delete(client_id)),
    async forget(user_id) {
      for (const { client_id } of await all(user_id)) await answerOf(outbox("readwrite").delete(client_id));
    },
  };
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const LEASE_MS = 5_000;
const LAPSED_MS = 20_000; // timers of a hidden tab may sleep for seconds

/** Makes this tab known to the others for as long as it lives. */
export function openTabs(id: string): Tabs {
  const name = (tab: string): string => `snug-tab-${tab}`;
  if ("locks" in navigator) {
    const held = new Promise<void>(() => {}); // until the tab goes
    void navigator.locks.request(name(id), () => held);
    return {
      id,
      async alive() {
        const { held: locks } = await navigator.locks.query();
        const names = new Set((locks ?? []).map((lock) => lock.name));
        return (tab) => names.has(name(tab));
      },
    };
  }
  const renew = (): void => localStorage.setItem(name(id), String(Date.now()));
  renew();
  setInterval(renew, LEASE_MS);
  addEventListener("pagehide", () => localStorage.removeItem(name(id)));
  return { id, alive: async () => (tab) => Date.now() - Number(localStorage.getItem(name(tab)) ?? 0) < LAPSED_MS };
}
