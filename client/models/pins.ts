/** What is pinned in the room whose details are open. A part that is fetched late; from then on the stream keeps it true. */
import { action, signal } from "@preact/signals";
import type { Message, User } from "../../server/protocol.ts";
import { perApp } from "./per-app.ts";

export const pinsOf = perApp((api, app) => {
  const pins = signal<{ room_id: string; items: readonly Message[] | null }>({ room_id: "", items: null });

  const begin = action((room_id: string): void => {
    if (pins.value.room_id !== room_id) pins.value = { room_id, items: null };
  });
  const took = action((room_id: string, items: readonly Message[]): void => {
    if (pins.value.room_id === room_id) pins.value = { room_id, items };
  });
  const heard = action((message: Message): void => {
    const { room_id, items } = pins.value;
    const known = items?.find(({ id }) => id === message.id);
    if (!items || room_id !== message.room_id || (known && known.rev >= message.rev)) return;
    if (!known && message.pinned_at === undefined) return;
    const others = items.filter(({ id }) => id !== message.id);
    const next = message.pinned_at === undefined ? others : [message, ...others];
    pins.value = { room_id, items: next.toSorted((a, b) => (b.pinned_at ?? "").localeCompare(a.pinned_at ?? "") || b.seq - a.seq) };
  });
  /** The room begins at this seq: what was pinned before it is gone. */
  const began = action((id: string, first_seq: number): void => {
    const { room_id, items } = pins.value;
    if (room_id === id && items?.some(({ seq }) => seq < first_seq)) pins.value = { room_id, items: items.filter(({ seq }) => seq >= first_seq) };
  });
  const me = app.account.me.peek()?.id;
  const end = app.onFrame((frame) => {
    if (app.account.me.peek()?.id !== me) return end(); // somebody else sits here, with a model of their own
    if (frame.type === "message") heard(frame.message);
    if (frame.type === "room") began(frame.room.id, frame.room.first_seq);
    if (frame.type === "caught_up" && pins.peek().room_id !== "") void find(pins.peek().room_id).catch(() => undefined);
  });
  const find = async (room_id: string): Promise<void> => {
    begin(room_id);
    const { items, users } = await api.get<{ items: Message[]; users: User[] }>(`/rooms/${room_id}/pins`);
    app.people.meet(users);
    took(room_id, items);
  };

  return {
    pins,
    find,
    /** Pins it, or takes the pin off. */
    async toggle({ room_id, id, pinned_at }: Message): Promise<void> {
      const path = `/rooms/${room_id}/messages/${id}/pin`;
      const answer = await (pinned_at === undefined ? api.put<Message>(path, undefined) : api.delete<Message>(path));
      app.answered(room_id, answer);
      heard(answer);
    },
  };
});
