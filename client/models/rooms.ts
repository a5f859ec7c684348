/** My rooms: what the server said of them, kept true by the frames. Unread is arithmetic on seqs, never a count of what was heard. */
import { computed, createModel, signal } from "@preact/signals";
import type { Level, List, Member, Message, Mine, NewRoom, Room, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";

export type MyRoom = Room & { me: Mine };
export type Rooms = InstanceType<typeof RoomsModel>;

export const RoomsModel = createModel((api: Api) => {
  const rooms = signal<ReadonlyMap<string, MyRoom>>(new Map());
  const told = signal(false);
  let naming: Set<string> | null = null; // the rooms that `hello` and `rooms` frames have named so far

  const byName = (a: MyRoom, b: MyRoom): number => (a.name ?? "").localeCompare(b.name ?? "");
  const channels = computed(() => [...rooms.value.values()].filter(({ type }) => type === "channel").sort(byName));
  const directs = computed(() => [...rooms.value.values()].filter(({ type }) => type !== "channel"));

  const put = (room: MyRoom): void => {
    rooms.value = new Map(rooms.value).set(room.id, room);
  };
  const change = (room_id: string, to: (room: MyRoom) => MyRoom): void => {
    const room = rooms.value.get(room_id);
    if (room) put(to(room));
  };
  const unreadOf = (room: MyRoom): MyRoom => ({
    ...room,
    me: { ...room.me, unread: Math.max(0, room.last_seq - Math.max(room.me.acked_seq, room.first_seq - 1)) },
  });
  const hasMine = (room: Room): room is MyRoom => room.me !== undefined;

  return {
    rooms,
    told,
    channels,
    directs,
    /** One part of the list that a connection begins with; after the last one, rooms it did not name are gone. */
    begin(list: readonly Room[], first: boolean, last: boolean): string[] {
      if (first || !naming) naming = new Set();
      for (const { id } of list) naming.add(id);
      const kept = [...rooms.value].filter(([id]) => !last || naming?.has(id));
      const gone = [...rooms.value.keys()].filter((id) => last && !naming?.has(id));
      rooms.value = new Map([...kept, ...list.filter(hasMine).map((room) => [room.id, room] as const)]);
      if (last) told.value = true;
      return gone;
    },
    room(room: Room): void {
      if (hasMine(room)) return put(room);
      change(room.id, (mine) =>
        room.rev < mine.rev ? mine : unreadOf({ ...mine, ...room, me: mine.me, last_seq: Math.max(mine.last_seq, room.last_seq) }),
      );
    },
    /** True when it says that I am out. */
    member(member: Member, my_id: string): boolean {
      const mine = member.user_id === my_id;
      if (mine && member.left_at !== undefined) {
        rooms.value = new Map([...rooms.value].filter(([id]) => id !== member.room_id));
        return true;
      }
      if (mine) change(member.room_id, (room) => ({ ...room, me: { ...room.me, role: member.role } }));
      return false;
    },
    message(message: Message, my_id: string): void {
      change(message.room_id, (room) => {
        const fresh = message.seq > room.last_seq;
        const addressed = fresh && message.sender_id !== my_id && message.mentions.includes(my_id);
        const own = fresh && message.sender_id === my_id && room.me.acked_seq === message.seq - 1;
        const me = { ...room.me, acked_seq: own ? message.seq : room.me.acked_seq, unread_mentions: room.me.unread_mentions + (addressed ? 1 : 0) };
        return unreadOf({ ...room, me, last_seq: Math.max(room.last_seq, message.seq) });
      });
    },
    acked(room_id: string, seq: number): void {
      change(room_id, (room) => {
        const acked_seq = Math.max(room.me.acked_seq, seq);
        const me = { ...room.me, acked_seq, ...(acked_seq >= room.last_seq && { unread_mentions: 0 }) };
        return unreadOf({ ...room, me });
      });
    },
    synced(room_id: string, last_seq: number): void {
      change(room_id, (room) => unreadOf({ ...room, last_seq: Math.max(room.last_seq, last_seq) }));
    },
    forget(): void {
      rooms.value = new Map();
      told.value = false;
    },
    create: (room: NewRoom): Promise<Room> => api.post<Room>("/rooms", room),
    join: (room_id: string): Promise<Member> => api.put<Member>(`/rooms/${room_id}/members/me`, {}),
    leave: (room_id: string): Promise<void> => api.delete<void>(`/rooms/${room_id}/members/me`),
    add: (room_id: string, user_id: string): Promise<Member> => api.post<Member>(`/rooms/${room_id}/members`, { user_id }),
    level: (room_id: string, level: Level): Promise<Member> => api.put<Member>(`/rooms/${room_id}/members/me`, { level }),
    publicOnes: (): Promise<List<Room>> => api.get<List<Room>>("/rooms?scope=public&limit=200"),
    members: (room_id: string): Promise<List<{ member: Member; user: User }>> => api.get(`/rooms/${room_id}/members?limit=200`),
  };
});
