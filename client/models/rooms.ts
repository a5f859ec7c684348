/** My rooms: what the server said of them, kept true by the frames. Unread is arithmetic on seqs, never a count of what was heard. */
import { action, computed, createModel, signal } from "@preact/signals";
import type { Level, List, Member, Message, Mine, NewRoom, PatchRoom, Role, Room, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import { byName } from "../lib/plurals.ts";
import { readUpTo } from "./read.ts";

export type MyRoom = Room & { me: Mine };
export type Rooms = InstanceType<typeof RoomsModel>;

const RECOUNT_MS = 1_000; // by then the server has heard the ack that made the count doubtful

export const RoomsModel = createModel((api: Api, later: (ms: number, run: () => void) => () => void) => {
  const rooms = signal<ReadonlyMap<string, MyRoom>>(new Map());
  const told = signal(false);
  // By room, a message of mine that stood above what I had read when it was heard. The server may have heard the ack before it, and counted it as read.
  const above = new Map<string, number>();
  let naming: Set<string> | null = null; // the rooms that `hello` and `rooms` frames have named so far

  const inOrder = (a: MyRoom, b: MyRoom): number => byName(a.name ?? "", b.name ?? "");
  const channels = computed(() => [...rooms.value.values()].filter(({ type }) => type === "channel").sort(inOrder));
  const latestOf = (room: MyRoom): string => room.last_at ?? room.created_at;
  const byLatest = (a: MyRoom, b: MyRoom): number => latestOf(b).localeCompare(latestOf(a)) || a.id.localeCompare(b.id);
  const directs = computed(() => [...rooms.value.values()].filter(({ type }) => type !== "channel").sort(byLatest));

  const put = (room: MyRoom): void => {
    rooms.value = new Map(rooms.value).set(room.id, room);
  };
  const change = (room_id: string, to: (room: MyRoom) => MyRoom): void => {
    const room = rooms.value.get(room_id);
    if (room) put(to(room));
  };
  const unreadOf = (room: MyRoom): MyRoom => ({
    ...room,
    me: { ...room.me, unread: Math.max(0, room.last_seq - Math.max(readUpTo(room.me), room.first_seq - 1)) },
  });
  /** The room's own row as the newer of both has it; what it is to me stays, and what only lists say. */
  const newer = (known: MyRoom, told: Room): MyRoom => {
    const { me, online, last_at } = known;
    return told.rev < known.rev ? known : { ...(online !== undefined && { online }), ...(last_at !== undefined && { last_at }), ...told, me };
  };
  const upTo = (room: MyRoom, last_seq: number, last_rev: number): MyRoom =>
    unreadOf({ ...room, last_seq: Math.max(room.last_seq, last_seq), last_rev: Math.max(room.last_rev, last_rev) });
  /** An ack that leaves some unread, where mentions were: which of them it took away, the server says. */
  const ackedUpTo = (room: MyRoom, seq: number): MyRoom => {
    const acked_seq = Math.max(room.me.acked_seq, seq);
    if (acked_seq > room.me.acked_seq && acked_seq < room.last_seq && room.me.unread_mentions > 0) recount(room.id);
    const isRead = acked_seq >= room.last_seq && room.me.marked_seq === undefined; // a mark goes when the server says so
    return unreadOf({ ...room, me: { ...room.me, acked_seq, ...(isRead && { unread_mentions: 0 }) } });
  };
  /** What a frame cannot say of the mentions that are unread is asked: whom `@room` meant, what stood between, and which ones a removal took away. */
  const isDoubtful = (room: MyRoom, { seq, content, removed_at }: Message, fresh: boolean): boolean =>
    (fresh && (content.includes("@room") || seq > room.last_seq + 1)) ||
    (removed_at !== undefined && seq > readUpTo(room.me) && room.me.unread_mentions > 0);
  const recounts = new Map<string, () => void>();
  const recount = (room_id: string): void => {
    if (!recounts.has(room_id))
      recounts.set(
        room_id,
        later(RECOUNT_MS, () => void ask(room_id)),
      );
  };
  const ask = async (room_id: string): Promise<void> => {
    recounts.delete(room_id);
    try {
      const told = await api.get<Room>(`/rooms/${room_id}`);
      if (hasMine(told)) counted(told);
    } catch (fault) {
      if (fault instanceof ApiError && fault.code === "not_found") lose(room_id);
    }
  };
  const counted = action((told: MyRoom): void => {
    change(told.id, (known) => {
      const acked_seq = Math.max(known.me.acked_seq, Math.min(told.me.acked_seq, known.last_seq)); // an ack never lowers
      const room = unreadOf({ ...known, me: { ...known.me, acked_seq } });
      const { marked_seq } = known.me;
      const isLevel = room.last_seq === told.last_seq && room.me.acked_seq === told.me.acked_seq && marked_seq === told.me.marked_seq;
      if (!isLevel) recount(room.id); // what moved meanwhile moved the count
      return isLevel ? { ...room, me: { ...room.me, unread_mentions: told.me.unread_mentions } } : room;
    });
  });
  const hasMine = (room: Room): room is MyRoom => room.me !== undefined;

  const lose = action((room_id: string) => {
    rooms.value = new Map([...rooms.value].filter(([id]) => id !== room_id));
  });
  const levelled = action((room_id: string, level: Level) => change(room_id, (room) => ({ ...room, me: { ...room.me, level } })));
  /** Known before the stream has told it, which never will tell that it is lost again at once: so it is asked for once more. */
  const found = action((room: Room) => {
    if (!hasMine(room) || rooms.value.has(room.id)) return;
    put(room);
    recount(room.id);
  });

  return {
    rooms,
    told,
    channels,
    directs,
    /**
     * One part of the list that a connection begins with. After the last one, rooms it did not name are gone (`gone`). An ack that the server
     * has not heard stays (`unheard`), as far as its history reaches.
     */
    begin(list: readonly Room[], first: boolean, last: boolean): { gone: string[]; unheard: { room_id: string; seq: number }[] } {
      if (first || !naming) naming = new Set();
      for (const { id } of list) naming.add(id);
      const kept = [...rooms.value].filter(([id]) => !last || naming?.has(id));
      const gone = [...rooms.value.keys()].filter((id) => last && !naming?.has(id));
      const unheard: { room_id: string; seq: number }[] = [];
      const begun = list.filter(hasMine).map((room) => {
        const seq = Math.min(room.last_seq, rooms.value.get(room.id)?.me.acked_seq ?? 0);
        if (seq <= room.me.acked_seq) return [room.id, room] as const;
        unheard.push({ room_id: room.id, seq });
        return [room.id, ackedUpTo(room, seq)] as const;
      });
      rooms.value = new Map([...kept, ...begun]);
      if (last) told.value = true;
      return { gone, unheard };
    },
    room(room: Room): void {
      const known = rooms.value.get(room.id);
      if (hasMine(room)) {
        if (!known) return put(room);
        const told = upTo({ ...newer(known, room), me: room.me }, Math.max(known.last_seq, room.last_seq), Math.max(known.last_rev, room.last_rev));
        return put(ackedUpTo(told, known.me.acked_seq));
      }
      change(room.id, (mine) => upTo(newer(mine, room), Math.max(mine.last_seq, room.last_seq), Math.max(mine.last_rev, room.last_rev)));
    },
    /** True when it says that I am out. */
    member(member: Member, my_id: string): boolean {
      const mine = member.user_id === my_id;
      if (mine && member.left_at !== undefined) {
        lose(member.room_id);
        return true;
      }
      change(member.room_id, (room) => {
        const me = mine ? { ...room.me, role: member.role } : room.me;
        return { ...room, me, last_rev: Math.max(room.last_rev, member.rev) };
      });
      return false;
    },
    /** True when it counts as read because I wrote it. */
    message(message: Message, my_id: string): boolean {
      let own = false;
      change(message.room_id, (room) => {
        const fresh = message.seq > room.last_seq;
        const addressed = fresh && message.sender_id !== my_id && message.mentions.includes(my_id);
        if (isDoubtful(room, message, fresh)) recount(room.id);
        own = fresh && message.sender_id === my_id && room.me.acked_seq === message.seq - 1;
        if (fresh && message.sender_id === my_id && !own) above.set(room.id, message.seq);
        const me = { ...room.me, acked_seq: own ? message.seq : room.me.acked_seq, unread_mentions: room.me.unread_mentions + (addressed ? 1 : 0) };
        return upTo({ ...room, me, ...(fresh && { last_at: message.created_at }) }, message.seq, message.rev);
      });
      return own;
    },
    acked(room_id: string, seq: number): void {
      change(room_id, (room) => ackedUpTo(room, seq));
      if ((above.get(room_id) ?? 0) > seq) recount(room_id);
      else above.delete(room_id);
    },
    synced(room_id: string, last_seq: number, last_rev: number): void {
      change(room_id, (room) => upTo(room, last_seq, last_rev));
    },
    forget(): void {
      for (const cancel of recounts.values()) cancel();
      recounts.clear();
      above.clear();
      rooms.value = new Map();
      told.value = false;
    },
    /** Makes a room, or finds the dm there is; knows it at once. */
    async create(room: NewRoom): Promise<Room> {
      const made = await api.post<Room>("/rooms", room);
      found(made);
      return made;
    },
    /** Joins a public channel and knows it at once: the stream may tell it a moment later. */
    async join(room_id: string): Promise<void> {
      await api.put<Member>(`/rooms/${room_id}/members/me`, {});
      found(await api.get<Room>(`/rooms/${room_id}`));
    },
    async leave(room_id: string): Promise<void> {
      await api.delete<void>(`/rooms/${room_id}/members/me`);
      lose(room_id);
    },
    patch: (room_id: string, change: PatchRoom): Promise<Room> => api.patch<Room>(`/rooms/${room_id}`, change),
    async setLevel(room_id: string, level: Level): Promise<void> {
      await api.put<Member>(`/rooms/${room_id}/members/me`, { level });
      levelled(room_id, level);
    },
    putOut: (room_id: string, user_id: string): Promise<void> => api.delete<void>(`/rooms/${room_id}/members/${encodeURIComponent(user_id)}`),
    setRole: (room_id: string, user_id: string, role: Role): Promise<Member> =>
      api.patch<Member>(`/rooms/${room_id}/members/${encodeURIComponent(user_id)}`, { role }),
    add: (room_id: string, user_id: string): Promise<Member> => api.post<Member>(`/rooms/${room_id}/members`, { user_id }),
    /** All there are, page after page. */
    async publicOnes(): Promise<Room[]> {
      const all: Room[] = [];
      for (let cursor = ""; ;) {
        const { items, next_cursor } = await api.get<List<Room>>(`/rooms?scope=public&limit=200${cursor}`);
        all.push(...items);
        if (next_cursor === undefined) return all;
        cursor = `&cursor=${encodeURIComponent(next_cursor)}`;
      }
    },
    members: (room_id: string, after = "", q = ""): Promise<List<{ member: Member; user: User }>> =>
      api.get(
        `/rooms/${room_id}/members?limit=200${after === "" ? "" : `&cursor=${encodeURIComponent(after)}`}${q === "" ? "" : `&q=${encodeURIComponent(q)}`}`,
      ),
  };
});
