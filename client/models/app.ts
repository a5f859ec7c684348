/** Builds the other models, hears every frame, and owns the address. */
import { action, computed, createModel, effect, signal } from "@preact/signals";
import type { Message, Room, ServerFrame } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { forgetDrafts } from "../lib/drafts.ts";
import type { Storage, Tabs } from "../lib/storage.ts";
import type { Link, Reach } from "../link.ts";
import { AccountModel } from "./account.ts";
import { DirectoryModel } from "./directory.ts";
import { OutboxModel } from "./outbox.ts";
import { PeopleModel } from "./people.ts";
import { type MyRoom, RoomsModel } from "./rooms.ts";
import { type Timeline, TimelineModel } from "./timeline.ts";

export type Parts = {
  api: Api;
  link: Link;
  storage: Storage;
  tabs: Tabs;
  now(): number;
  newId(now: number): string;
  later(ms: number, run: () => void): () => void;
  address: { read(): string; write(path: string): void };
  secure: boolean;
};
export type App = InstanceType<typeof AppModel>;
export type Screen = "setup" | "sign-in" | "join" | "browse" | "room" | "home";

const ACK_MS = 1_000;

export const AppModel = createModel((parts: Parts) => {
  const { api, link, later, now } = parts;
  const path = signal(parts.address.read());
  const reach = signal<Reach>({ state: "connecting" });
  const lost_at = signal<number | null>(null);
  const account = new AccountModel(api);
  const rooms = new RoomsModel(api);
  const people = new PeopleModel(api, later);
  const directory = new DirectoryModel(rooms, people, account);
  const editing = signal<string | null>(null);
  const timelines = signal<ReadonlyMap<string, Timeline>>(new Map());
  const outbox = new OutboxModel({ ...parts, stored: (room_id, message) => mine(room_id, message) });
  let epoch: string | undefined;
  const acks = new Map<string, number>();

  const screen = computed((): Screen => {
    const [, first = ""] = path.value.split("/");
    if (account.state.value === "setup") return "setup";
    if (account.state.value !== "signed_in") return first === "join" ? "join" : "sign-in";
    return first === "r" ? "room" : first === "browse" ? "browse" : "home";
  });
  const room_id = computed(() => (screen.value === "room" ? (path.value.split("/")[2] ?? null) : null));
  const room = computed((): MyRoom | null => rooms.rooms.value.get(room_id.value ?? "") ?? null);
  const timeline = computed(() => timelines.value.get(room_id.value ?? "") ?? null);

  const go = action((to: string) => {
    if (to === path.value) return;
    parts.address.write(to);
    path.value = to;
  });

  const mine = (id: string, message: Message): void => {
    timelines.value.get(id)?.merge(message);
    rooms.message(message, account.me.value?.id ?? "");
  };

  const hold = action((id: string, held: Timeline) => {
    timelines.value = new Map(timelines.value).set(id, held);
  });
  const letGo = action((ids: readonly string[]) => {
    timelines.value = new Map([...timelines.value].filter(([id]) => !ids.includes(id)));
  });

  const openTimeline = (id: string): void => {
    const known = rooms.rooms.value.get(id);
    if (!known || timelines.value.has(id)) return;
    const acked_seq = known.me.unread > 0 ? known.me.acked_seq : Number.MAX_SAFE_INTEGER;
    const opened = new TimelineModel({ api, room_id: id, acked_seq, later, meet: people.meet });
    hold(id, opened);
    void opened.open();
    void people
      .presence(id)
      .then(({ items }) => people.present(items))
      .catch(() => undefined);
  };

  const sync = (): void => {
    const held = [...timelines.value.values()].flatMap((one) => {
      const cursor = one.cursor();
      return cursor === null ? [] : [[one.roomId(), cursor] as [string, number]];
    });
    link.say({ type: "sync", rooms: held, ...(epoch !== undefined && { epoch }) });
  };

  const named = (list: readonly Room[], first: boolean, last: boolean): void => {
    letGo(rooms.begin(list, first, last));
    const strangers = list.flatMap(({ user_ids }) => user_ids ?? []).filter((id) => !people.users.value.has(id));
    if (strangers.length > 0)
      void people
        .some(strangers)
        .then(({ items }) => people.meet(items))
        .catch(() => undefined);
    if (last) sync();
  };

  const heard = action((frame: ServerFrame): void => {
    const my_id = account.me.value?.id ?? "";
    switch (frame.type) {
      case "hello":
        people.meet([frame.user]);
        named(frame.rooms, true, frame.last === true);
        epoch = frame.epoch;
        return void outbox.adopt();
      case "rooms":
        return named(frame.rooms, false, frame.last === true);
      case "message":
        people.meet([frame.user]);
        people.stop(frame.message.room_id, frame.message.sender_id);
        outbox.heard(frame.message);
        timelines.value.get(frame.message.room_id)?.apply(frame.message);
        return rooms.message(frame.message, my_id);
      case "member":
        people.meet([frame.user]);
        timelines.value.get(frame.member.room_id)?.moved(frame.member.rev);
        if (rooms.member(frame.member, my_id)) letGo([frame.member.room_id]);
        return;
      case "room":
        if (!frame.room.me) timelines.value.get(frame.room.id)?.moved(frame.room.rev);
        if (frame.room.me && frame.room.user_ids)
          void people
            .some(frame.room.user_ids)
            .then(({ items }) => people.meet(items))
            .catch(() => undefined);
        return rooms.room(frame.room);
      case "synced":
        rooms.synced(frame.room_id, frame.last_seq);
        return void timelines.value.get(frame.room_id)?.synced(frame.verdict, frame.last_rev);
      case "ack":
        return frame.user_id === my_id ? rooms.acked(frame.room_id, frame.seq) : undefined;
      case "typing":
        return frame.user_id === my_id ? undefined : people.types(frame.room_id, frame.user_id, frame.is_typing);
      case "presence":
        return people.present(frame.users);
      case "user":
        return people.meet([frame.user]);
      case "caught_up":
        return outbox.hurry();
      case "shutdown":
      case "ok":
      case "error":
      case "pong":
        return;
    }
  });

  const reached = action((next: Reach): void => {
    reach.value = next;
    if (next.state === "open") lost_at.value = null;
    else {
      lost_at.value ??= now();
      people.unknown();
    }
    if (next.state === "ended") account.end(next.why === "disabled" ? "disabled" : "ended");
  });

  /** "I have seen it up to here": at most one ack a second and room. */
  const seen = (id: string, seq: number): void => {
    const acked = rooms.rooms.value.get(id)?.me.acked_seq ?? Number.MAX_SAFE_INTEGER;
    const waiting = acks.get(id);
    if (seq <= acked || (waiting !== undefined && waiting >= seq)) return;
    acks.set(id, seq);
    if (waiting === undefined) later(ACK_MS, () => flush(id));
  };
  const flush = (id: string): void => {
    const seq = acks.get(id);
    acks.delete(id);
    if (seq === undefined) return;
    rooms.acked(id, seq);
    if (link.isOpen()) link.say({ type: "ack", room_id: id, seq });
    else void api.put(`/rooms/${id}/ack`, { seq }, { keepalive: true }).catch(() => undefined);
  };

  effect(() => link.on("frame", heard));
  effect(() => link.on("reach", reached));
  effect(() => {
    if (account.state.value !== "signed_in" || !account.me.value) return undefined;
    void outbox.begin(account.me.value.id);
    link.start();
    return () => link.stop();
  });
  effect(() => {
    if (room_id.value !== null && rooms.told.value) openTimeline(room_id.value);
  });
  effect(() => {
    if (screen.value !== "home" || !rooms.told.value) return;
    const first = rooms.channels.value[0] ?? rooms.directs.value[0];
    go(first ? `/r/${first.id}` : "/browse");
  });

  return {
    isSecure: () => parts.secure,
    path,
    screen,
    reach,
    lost_at,
    account,
    rooms,
    people,
    outbox,
    directory,
    editing,
    beginEdit(message_id: string | null): void {
      editing.value = message_id;
    },
    room,
    room_id,
    timeline,
    go,
    /** The browser went back or forward. */
    wentTo(to: string): void {
      path.value = to;
    },
    seen,
    flushAcks(): void {
      for (const id of [...acks.keys()]) flush(id);
    },
    edit: (message: Message, content: string): Promise<void> =>
      api.patch<Message>(`/rooms/${message.room_id}/messages/${message.id}`, { content }).then((row) => timelines.value.get(row.room_id)?.merge(row)),
    remove: (message: Message): Promise<void> =>
      api.delete<Message>(`/rooms/${message.room_id}/messages/${message.id}`).then((row) => timelines.value.get(row.room_id)?.merge(row)),
    types: (id: string, is_typing: boolean): void => link.say({ type: "typing", room_id: id, is_typing }),
    touch: (status: "active" | "away"): void => link.say({ type: "presence", status }),
    hurry(): void {
      link.hurry();
      outbox.hurry();
    },
    async signOut(): Promise<void> {
      forgetDrafts(account.me.value?.id ?? "");
      letGo([...timelines.value.keys()]);
      await outbox.forget();
      await account.signOut();
      rooms.forget();
      go("/sign-in");
    },
  };
});
