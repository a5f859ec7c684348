/**
 * What outlives a page: unsent messages and drafts, in IndexedDB, by user. Where that is withheld it lasts as long as the tab, and says so.
 * A tab is alive while it holds its Web Lock, or, where there are none (plain http), while it renews a lease.
 */

import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";

export type Entry = {
  client_id: string;
  user_id: string;
  room_id: string;
  content: string;
  /** The id of the message it answers. */
  reply_to?: string;
  /** The ids of its files, and what is shown of them until the server's row tells. */
  files?: string[];
  shown?: readonly FileOfMessage[];
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

/** IndexedDB, or memory where it cannot be opened (private windows of some browsers) or does not answer: the page must not wait for it. */
export async function openStorage(): Promise<Storage> {
  try {
    const late = new Promise<never>((_, reject) => setTimeout(reject, OPEN_MS));
    return lastingStorage(await Promise.race([openDatabase(), late]));
  } catch {
    return memoryStorage();
  }
}

const OPEN_MS = 2_000;

const byAge = (a: Entry, b: Entry): number => a.at - b.at || (a.client_id < b.client_id ? -1 : 1);

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("snug", 1);
  request.onupgradeneeded = () => void request.result.createObjectStore("outbox", { keyPath: "client_id" });
  return answerOf(request);
}

function lastingStorage(database: IDBDatabase): Storage {
  let open = database;
  const within = <T>(mode: IDBTransactionMode, ask: (outbox: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    answerOf(ask(open.transaction("outbox", mode).objectStore("outbox")));
  /** A sign-out clears this origin's storage, and with it closes the database under us: then it is opened anew, once. */
  const answer = async <T>(mode: IDBTransactionMode, ask: (outbox: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    try {
      return await within(mode, ask);
    } catch {
      open = await openDatabase();
      return within(mode, ask);
    }
  };
  const all = async (user_id: string): Promise<Entry[]> => {
    const entries: Entry[] = await answer("readonly", (outbox) => outbox.getAll());
    return entries.filter((entry) => entry.user_id === user_id).sort(byAge);
  };
  const drop = (client_id: string): Promise<undefined> => answer("readwrite", (outbox) => outbox.delete(client_id));
  return {
    lasting: true,
    all,
    drop,
    put: async (entry) => void (await answer("readwrite", (outbox) => outbox.put(entry))),
    async forget(user_id) {
      for (const { client_id } of await all(user_id)) await drop(client_id);
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
const LAPSED_MS = 11_000; // two renewals missed; of a hidden tab whose timers sleep longer, an entry is sent twice and stored once

/** Makes this tab known to the others for as long as it lives. Where storage is withheld too there are no other tabs to know. */
export function openTabs(id: string): Tabs {
  return "locks" in navigator ? lockedTabs(id) : leasedTabs(id);
}

const nameOf = (tab: string): string => `snug-tab-${tab}`;

function lockedTabs(id: string): Tabs {
  const held = new Promise<void>(() => {}); // until the tab goes
  void navigator.locks.request(nameOf(id), () => held);
  return {
    id,
    async alive() {
      const { held: locks } = await navigator.locks.query();
      const names = new Set((locks ?? []).map((lock) => lock.name));
      return (tab) => names.has(nameOf(tab));
    },
  };
}

function leasedTabs(id: string): Tabs {
  const renew = (): void => {
    try {
      localStorage.setItem(nameOf(id), String(Date.now()));
    } catch {
      // full or withheld: at worst another tab sends the same entry, and the server stores it once
    }
  };
  renew();
  setInterval(renew, LEASE_MS);
  addEventListener("pagehide", () => localStorage.removeItem(nameOf(id)));
  addEventListener("pageshow", renew);
  return { id, alive: async () => (tab) => Date.now() - Number(localStorage.getItem(nameOf(tab)) ?? 0) < LAPSED_MS };
}
