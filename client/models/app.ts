/** Builds the other models from the outside world they are given, and holds what belongs to none of them alone. */
import { action, computed, createModel, effect, signal } from "@preact/signals";
import type { Limits, Message } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { ApiError } from "../lib/api-error.ts";
import { forgetDrafts } from "../lib/drafts.ts";
import { loadEmoji } from "../lib/emoji.ts";
import type { Storage, Tabs } from "../lib/storage.ts";
import { reasonOf } from "../lib/strings.ts";
import type { Link } from "../link.ts";
import { AccountModel } from "./account.ts";
import { createAcks } from "./acks.ts";
import { ActsModel } from "./acts.ts";
import { CompletionModel } from "./completion.ts";
import { DirectoryModel } from "./directory.ts";
import { NamesModel } from "./names.ts";
import { OutboxModel } from "./outbox.ts";
import { OutsidersModel } from "./outsiders.ts";
import { PeopleModel } from "./people.ts";
import { type Address, PlaceModel } from "./place.ts";
import { QuotesModel } from "./quotes.ts";
import { ReachModel } from "./reach.ts";
import { type MyRoom, RoomsModel } from "./rooms.ts";
import { SpokenModel } from "./spoken.ts";
import { createStream } from "./stream.ts";
import { TimelinesModel } from "./timelines.ts";

export type Parts = {
  api: Api;
  link: Link;
  storage: Storage;
  tabs: Tabs;
  now(): number;
  newId(now: number): string;
  later(ms: number, run: () => void): () => void;
  address: Address;
  /** Whether the connection is encrypted, or goes no further than this machine. */
  secure: boolean;
};
export type App = InstanceType<typeof AppModel>;

const UNKNOWN_LIMITS: Limits = { content_points: 4_000, content_bytes: 16_384, meta_bytes: 16_384, frame_bytes: 65_536 };

export const AppModel = createModel((parts: Parts) => {
  const { api, link, later } = parts;
  const account = new AccountModel(api);
  const place = new PlaceModel(parts.address, account);
  const rooms = new RoomsModel(api, later);
  const people = new PeopleModel(api, later);
  const names = new NamesModel(rooms, people, loadEmoji);
  const directory = new DirectoryModel(rooms, people, account);
  const completion = new CompletionModel({ names, rooms, people, myId: () => account.me.peek()?.id ?? "" });
  const outsiders = new OutsidersModel({ names, rooms, myId: () => account.me.peek()?.id ?? "" });
  const reach = new ReachModel(link, later);
  const timelines = new TimelinesModel({ api, link, people, later, myId: () => account.me.peek()?.id ?? "" });
  const acks = createAcks({ api, link, rooms, later });
  const outbox = new OutboxModel({ ...parts, stored: (room_id, message) => answered(room_id, message) });
  const held = ({ room_id, id }: Pick<Message, "room_id" | "id">) =>
    timelines
      .of(room_id)
      ?.stored.peek()
      .find((message) => message.id === id);
  const quotes = new QuotesModel({ api, held, meet: people.meet });
  const acts = new ActsModel();
  const spoken = new SpokenModel(later);
  const limits = signal<Limits>(UNKNOWN_LIMITS);
  const notice = signal<string | null>(null);

  const room = computed((): MyRoom | null => rooms.rooms.value.get(place.room_id.value ?? "") ?? null);
  const timeline = computed(() => timelines.held.value.get(place.room_id.value ?? "") ?? null);
  const myId = (): string => account.me.value?.id ?? "";

  /** A row that came as an answer: of use at once, though the stream tells it too. */
  const answered = action((room_id: string, message: Message): void => {
    timelines.of(room_id)?.merge(message);
    quotes.heard(message);
    rooms.message(message, myId());
  });
  const limited = action((told: Limits): void => {
    limits.value = told;
  });
  const say = action((words: string | null): void => {
    notice.value = words;
  });
  const forget = action((): void => {
    timelines.forget();
    rooms.forget();
    people.forget();
    directory.forget();
    acks.forget();
    quotes.forget();
    acts.forget();
    completion.forget();
    outsiders.leave();
    notice.value = null;
  });

  effect(() =>
    link.on("frame", createStream({ rooms, people, timelines, outbox, acks, quotes, spoken, myId, limited, open: () => place.room_id.peek() })),
  );
  effect(() =>
    link.on("reach", (next) => {
      if (next.state !== "open") people.unknown();
      if (next.state === "ended") account.end(next.why === "revoked" ? "ended" : next.why === "disabled" ? "disabled" : "outdated");
    }),
  );
  const user_id = computed(() => (account.state.value === "signed_in" ? (account.me.value?.id ?? null) : null));
  effect(() => {
    if (user_id.value === null) return undefined;
    void outbox.begin(user_id.value);
    link.start();
    return () => {
      link.stop();
      outbox.rest();
      forget();
    };
  });
  effect(() => {
    if (place.room_id.value !== null) spoken.begin();
  });
  effect(() => timelines.enter(room.value, place.seq.value));
  effect(() => {
    const id = timeline.value?.roomId();
    const isOpen = reach.state.value === "open";
    if (id !== undefined && isOpen) void people.lookAround(id);
  });
  effect(() => {
    if (place.screen.value === "join" && place.secret.value !== "") void account.look(place.secret.value);
  });
  effect(() => {
    if (place.screen.value !== "home" || !rooms.told.value) return;
    const first = rooms.channels.value[0] ?? rooms.directs.value[0];
    place.goOn(first ? `/r/${first.id}` : "/browse");
  });

  return {
    account,
    place,
    rooms,
    people,
    names,
    directory,
    completion,
    outsiders,
    reach,
    outbox,
    quotes,
    acts,
    spoken,
    room,
    timeline,
    limits,
    /** What went wrong last, in words; null when nothing did or it was read. */
    notice,
    isSecure: () => parts.secure,
    say,
    /** Runs what somebody asked for by a button; a refusal is said in words. */
    async attempt(work: () => Promise<unknown>): Promise<void> {
      try {
        await work();
      } catch (fault) {
        if (!(fault instanceof ApiError)) throw fault;
        say(reasonOf(fault.code));
      }
    },
    seen: acks.seen,
    flushAcks: acks.flushAll,
    async edit(message: Message, content: string): Promise<void> {
      answered(message.room_id, await api.patch<Message>(`/rooms/${message.room_id}/messages/${message.id}`, { content }));
    },
    async remove(message: Message): Promise<void> {
      answered(message.room_id, await api.delete<Message>(`/rooms/${message.room_id}/messages/${message.id}`));
    },
    types: (room_id: string, is_typing: boolean): void => link.say({ type: "typing", room_id, is_typing }),
    /** The network or the reader is back: whatever waits for its next try tries now. */
    hurry(): void {
      if (account.state.value === "offline") return void account.find();
      link.hurry();
      outbox.hurry();
    },
    /** What this person left in this browser goes before the sign-in does; the other tabs hear it by their sockets. */
    async signOut(): Promise<void> {
      forgetDrafts(myId());
      await outbox.forget();
      await account.signOut();
      place.go("/sign-in");
    },
  };
});
