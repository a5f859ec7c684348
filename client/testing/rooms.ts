/** Rooms of a list, as the server says them to the one who sits there. */
import type { MyRoom } from "../models/rooms.ts";

const TIME = "2026-01-02T00:00:00.000Z";

export const myRoom = (id: string, { me, ...more }: Partial<Omit<MyRoom, "me">> & { me?: Partial<MyRoom["me"]> } = {}): MyRoom => ({
  ...{ id, type: "channel", visibility: "public", name: id, description: "", owner_id: null, created_at: TIME },
  ...{ first_seq: 1, last_seq: 0, last_rev: 1, rev: 1, member_count: 2 },
  ...more,
  me: { role: "member", level: "all", acked_seq: 0, unread: 0, unread_mentions: 0, ...me },
});

export const directWith = (user_id: string, more: Parameters<typeof myRoom>[1] = {}): MyRoom =>
  myRoom(`dm-${user_id}`, { type: "dm", visibility: "private", name: null, user_ids: ["me", user_id], ...more });
