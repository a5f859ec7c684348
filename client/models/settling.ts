/** What follows from where the reader is: whose presence is asked for, where a page without a room leads, and which room was the last. */
import { computed, effect, type ReadonlySignal, untracked } from "@preact/signals";
import { keep, kept } from "../lib/kept.ts";
import type { Account } from "./account.ts";
import type { createAcks } from "./acks.ts";
import type { LayersModel } from "./layers.ts";
import type { People } from "./people.ts";
import type { Place } from "./place.ts";
import type { ReachModel } from "./reach.ts";
import type { MyRoom, Rooms } from "./rooms.ts";
import type { SpokenModel } from "./spoken.ts";
import type { SwitcherModel } from "./switcher.ts";
import type { Timeline } from "./timeline.ts";
import type { Timelines } from "./timelines.ts";

export type SettlingParts = {
  account: Account;
  place: Place;
  rooms: Rooms;
  people: People;
  reach: InstanceType<typeof ReachModel>;
  switcher: InstanceType<typeof SwitcherModel>;
  layers: InstanceType<typeof LayersModel>;
  room: ReadonlySignal<MyRoom | null>;
  timeline: ReadonlySignal<Timeline | null>;
  myId(): string;
  spoken: InstanceType<typeof SpokenModel>;
  acks: ReturnType<typeof createAcks>;
  timelines: Timelines;
  later(ms: number, run: () => void): () => void;
};

const DIRECTS_LOOKED_AT = 20; // what a sidebar shows; a thousand tabs coming back must not ask for more

const UNREACHED_MS = 5_000; // a page that was loaded without its server asks for it as often

/** To be called within a model, whose end ends it. */
export function settle({
  account,
  place,
  rooms,
  people,
  reach,
  switcher,
  layers,
  room,
  timeline,
  myId,
  spoken,
  acks,
  timelines,
  later,
}: SettlingParts): void {
  const lookAgain = (): (() => void) => later(UNREACHED_MS, () => void account.find().then(() => account.state.peek() === "offline" && lookAgain()));
  effect(() => (account.state.value === "offline" ? lookAgain() : undefined));
  effect(() => {
    if (account.state.value === "signed_out" || account.state.value === "setup") keep("here", "");
  });
  effect(() => {
    if (place.room_id.value !== null) spoken.begin();
  });
  effect(() => timelines.enter(room.value, place.seq.value));
  const entered = computed(() => room.value?.id);
  effect(() => {
    const id = entered.value;
    untracked(() => (id === undefined ? acks.leave() : acks.enter(id)));
  });
  effect(() => {
    const id = timeline.value?.roomId();
    const isOpen = reach.state.value === "open";
    if (id !== undefined && isOpen) void people.lookAround(id);
  });
  effect(() => {
    const isOpen = reach.state.value === "open" && rooms.told.value;
    const conversations = rooms.directs.peek().filter(({ type }) => type === "dm");
    if (isOpen) void people.lookInto(conversations.slice(0, DIRECTS_LOOKED_AT).map(({ id }) => id));
  });
  effect(() => {
    const screen = place.screen.value;
    const code = place.secret.value;
    if (screen === "join" || screen === "sign-in") void account.look(screen === "join" ? code : "");
  });
  effect(() => {
    if (place.screen.value !== "home" || !rooms.told.value) return;
    const [last] = [...switcher.recent.peek(), kept(`last ${myId()}`)].filter((id) => rooms.rooms.value.has(id));
    const first =
      rooms.rooms.value.get(last ?? "") ?? rooms.channels.value.find(({ archived_at }) => archived_at === undefined) ?? rooms.directs.value[0];
    place.goOn(first ? `/r/${first.id}` : "/browse");
  });
  effect(() => {
    const id = room.value?.id;
    if (id === undefined) return;
    keep(`last ${myId()}`, id);
    switcher.visited(id);
  });
  effect(() => {
    void place.path.value;
    untracked(layers.leave);
  });
}
