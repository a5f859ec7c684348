/** How far the others of a room have read, where the workspace lets that be told. What came while nobody listened is asked for anew. */
import { action, createModel, signal } from "@preact/signals";
import type { List, Message, ServerFrame } from "../../server/protocol.ts";
import type { Receipt } from "../../server/protocol/receipts.ts";
import type { Api } from "../api.ts";
import { words } from "../lib/receipts-strings.ts";
import type { Line } from "./lines.ts";

type Parts = { api: Pick<Api, "get">; find(ids: readonly string[]): void; now(): number };
type Read = Pick<Receipt, "seq" | "joined_at">;
export type Receipts = ReadonlyMap<string, Read>; // by user

export const ReceiptsModel = createModel(({ api, find, now }: Parts) => {
  const rooms = signal<ReadonlyMap<string, Receipts>>(new Map());

  const merge = action((room_id: string, read: readonly Receipt[]): void => {
    const known = new Map(rooms.value.get(room_id));
    for (const { user_id, seq, joined_at } of read) known.set(user_id, { seq: Math.max(seq, known.get(user_id)?.seq ?? 0), joined_at });
    rooms.value = new Map(rooms.value).set(room_id, known);
  });

  return {
    rooms,
    /** How it is said. */
    words,
    /** Asks how far they have read: when the room is opened, and when the line is back. */
    async need(room_id: string): Promise<void> {
      if (!rooms.value.has(room_id)) merge(room_id, []); // what is heard while the answer is on its way may be newer than it
      const list = await api.get<List<Receipt>>(`/rooms/${room_id}/receipts`).catch(() => null); // a courtesy: nobody waits for it
      if (!list) return;
      find(list.items.map(({ user_id }) => user_id));
      merge(room_id, list.items);
    },
    /** The ack of somebody else. Who is not known yet has just come. */
    heard({ room_id, user_id, seq }: Extract<ServerFrame, { type: "ack" }>): void {
      const known = rooms.value.get(room_id);
      if (!known) return;
      find([user_id]);
      merge(room_id, [{ user_id, seq, joined_at: known.get(user_id)?.joined_at ?? new Date(now()).toISOString() }]);
    },
    /** The lines of a room, and under one's own last message who has seen it. Who came after it was said has it by joining, and may not have seen it. */
    withSeen(lines: readonly Line[], receipts: Receipts | undefined, my_id: string): Line[] {
      const last = lines.findLastIndex((line) => line.kind === "post" && isMine(line.post.message, my_id));
      const line = lines[last];
      const message = line?.kind === "post" ? line.post.message : undefined;
      if (!message) return [...lines];
      const by = [...(receipts ?? [])].flatMap(([id, { seq, joined_at }]) =>
        id !== my_id && seq >= message.seq && joined_at <= message.created_at ? id : [],
      );
      return by.length === 0 ? [...lines] : lines.toSpliced(last + 1, 0, { kind: "seen", key: "seen", by });
    },
    forget(): void {
      rooms.value = new Map();
    },
  };
});

const isMine = (message: Message | undefined, my_id: string): boolean =>
  message !== undefined && message.sender_id === my_id && message.removed_at === undefined;
