/** People as far as this tab has met them; who is here, and who is typing (each forgotten six seconds later, by this clock). */
import { action, computed, createModel, type ReadonlySignal, signal } from "@preact/signals";
import type { List, Presence, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";

export type People = InstanceType<typeof PeopleModel>;
const TYPING_MS = 6_000;
const NAMED_AT_ONCE = 200;
const FOUND_AT_ONCE = 50;
const SEEK_MS = 150;
const DAY_MS = 86_400_000; // no timer waits for more than 24 days

export const PeopleModel = createModel((api: Pick<Api, "get">, later: (ms: number, run: () => void) => () => void, now: () => number = Date.now) => {
  const users = signal<ReadonlyMap<string, User>>(new Map());
  const each = new Map<string, ReadonlySignal<User | undefined>>();
  const here = signal<ReadonlyMap<string, Presence>>(new Map());
  const typing = signal<ReadonlyMap<string, readonly string[]>>(new Map()); // by room, user ids
  const strangers = signal<ReadonlySet<string>>(new Set());
  const seeking = signal(false); // whether those who answer to what is typed are still being asked for
  const asked = new Set<string>();
  let knows_all = false; // whether the whole workspace has been met
  let asked_for = "";
  let cancelSeek = (): void => {};
  const expiries = new Map<string, () => void>();

  const stop = (room_id: string, user_id: string): void => {
    expiries.get(`${room_id} ${user_id}`)?.();
    expiries.delete(`${room_id} ${user_id}`);
    const left = (typing.value.get(room_id) ?? []).filter((id) => id !== user_id);
    typing.value = new Map(typing.value).set(room_id, left);
  };

  /** A status ends by this clock: nobody tells that it has. */
  const endStatus = ({ id, status }: User): void => {
    if (status?.until === undefined) return;
    const left_ms = Date.parse(status.until) - now();
    later(Math.min(Math.max(0, left_ms), DAY_MS), () => ended(id, status.until));
  };
  const ended = action((id: string, until: string | undefined): void => {
    const user = users.value.get(id);
    if (user?.status?.until === undefined || user.status.until !== until) return; // another one by now
    if (Date.parse(until) > now()) return endStatus(user);
    const { status: _, ...rest } = user;
    users.value = new Map(users.value).set(id, rest);
  });
  const meet = action((met: readonly User[]): void => {
    const changed = met.filter((user) => JSON.stringify(users.value.get(user.id)) !== JSON.stringify(user));
    if (changed.length > 0) users.value = new Map([...users.value, ...changed.map((user) => [user.id, user] as const)]);
    changed.forEach(endStatus);
  });
  const came = action((found: readonly User[], sought: readonly string[]): void => {
    meet(found);
    const missing = sought.filter((id) => !users.value.has(id));
    if (missing.length > 0) strangers.value = new Set([...strangers.value, ...missing]);
  });
  const present = action((list: readonly Presence[]): void => {
    here.value = new Map([...here.value, ...list.map((one) => [one.user_id, one] as const)]);
  });
  const ask = async (ids: readonly string[]): Promise<void> => {
    const list = `/users?ids=${ids.map(encodeURIComponent).join(",")}&limit=${NAMED_AT_ONCE}`;
    const found = await api.get<List<User>>(list).catch(() => null);
    for (const id of ids) asked.delete(id);
    if (found) came(found.items, ids);
  };

  const cameFirst = action(({ items, next_cursor }: List<User>): void => {
    meet(items);
    knows_all = next_cursor === undefined;
  });
  const sought = action((q: string, found: readonly User[]): void => {
    meet(found);
    if (q === asked_for) seeking.value = false;
  });
  const askFor = async (q: string): Promise<void> => {
    asked_for = q;
    const { items } = await api.get<List<User>>(`/users?q=${encodeURIComponent(q)}&limit=${FOUND_AT_ONCE}`).catch(() => ({ items: [] }));
    sought(q, items);
  };

  const lookAround = async (room_id: string): Promise<void> =>
    present((await api.get<{ items: Presence[] }>(`/rooms/${room_id}/presence`).catch(() => ({ items: [] }))).items);

  return {
    users,
    /** One of them: what is drawn of one person is drawn anew for that one alone. */
    of(id: string): ReadonlySignal<User | undefined> {
      const one = each.get(id) ?? computed(() => users.value.get(id));
      each.set(id, one);
      return one;
    },
    /** Whom the server did not name when it was asked. */
    strangers,
    here,
    typing,
    meet,
    present,
    unknown(): void {
      here.value = new Map();
    },
    types(room_id: string, user_id: string, is_typing: boolean): void {
      stop(room_id, user_id);
      if (!is_typing) return;
      typing.value = new Map(typing.value).set(room_id, [...(typing.value.get(room_id) ?? []), user_id]);
      expiries.set(
        `${room_id} ${user_id}`,
        later(TYPING_MS, () => stop(room_id, user_id)),
      );
    },
    stop,
    forget(): void {
      for (const cancel of expiries.values()) cancel();
      expiries.clear();
      users.value = new Map();
      each.clear();
      strangers.value = new Set();
      knows_all = false;
      cancelSeek();
      here.value = new Map();
      typing.value = new Map();
    },
    /** Gets to know those of these people whom this tab has not met. */
    find(ids: readonly string[]): void {
      const unmet = [...new Set(ids)].filter((id) => !users.value.has(id) && !strangers.value.has(id) && !asked.has(id));
      for (const id of unmet) asked.add(id);
      for (let from = 0; from < unmet.length; from += NAMED_AT_ONCE) void ask(unmet.slice(from, from + NAMED_AT_ONCE));
    },
    seeking,
    /** As `seek`, and at once. */
    askFor,
    /** Gets to know the people of the workspace: all of them where a page holds them, else the first; the others are sought. */
    meetAll: async (): Promise<void> => cameFirst(await api.get<List<User>>(`/users?limit=${NAMED_AT_ONCE}`)),
    /** Gets to know those whose names have a word that begins so, once the typing has stopped for a moment. Nothing is asked where all are known. */
    seek(text: string): void {
      const q = text.trim();
      cancelSeek();
      seeking.value = q !== "" && !knows_all;
      if (seeking.value) cancelSeek = later(SEEK_MS, () => void askFor(q));
    },
    /** Asks who of a room is here; from then on the stream tells it. */
    lookAround,
    /** The same for several rooms, one after the other: nobody waits for it. */
    async lookInto(room_ids: readonly string[]): Promise<void> {
      for (const room_id of room_ids) await lookAround(room_id);
    },
  };
});
