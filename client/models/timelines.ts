/** The timelines this tab holds: a room's is made when it is first opened and kept, so that coming back shows it at once. */
import { action, createModel, signal } from "@preact/signals";
import type { Api } from "../api.ts";
import { takePlace } from "../lib/places.ts";
import type { Link } from "../link.ts";
import type { People } from "./people.ts";
import { readUpTo } from "./read.ts";
import type { MyRoom } from "./rooms.ts";
import { type Timeline, TimelineModel } from "./timeline.ts";

export type Timelines = InstanceType<typeof TimelinesModel>;
export type TimelinesParts = {
  api: Pick<Api, "get">;
  link: Pick<Link, "say">;
  people: People;
  later(ms: number, run: () => void): () => void;
  myId(): string;
};

export const TimelinesModel = createModel(({ api, link, people, later, myId }: TimelinesParts) => {
  const held = signal<ReadonlyMap<string, Timeline>>(new Map());
  let entered: string | null = null;
  let led_to: number | null = null; // the seq that the address names
  let epoch: string | undefined; // of the history that the cursors belong to

  const resume = (room_id: string, rev: number): void => {
    link.say({ type: "sync", rooms: [[room_id, rev]], ...(epoch !== undefined && { epoch }) });
  };
  const made = (room_id: string): Timeline => {
    const timeline = new TimelineModel({ api, room_id, later, meet: people.meet, resume: (rev) => resume(room_id, rev) });
    held.value = new Map(held.value).set(room_id, timeline);
    return timeline;
  };

  const leave = (): void => {
    if (entered !== null) held.value.get(entered)?.leave();
    entered = null;
  };
  const enter = action((room: MyRoom | null, seq: number | null = null): void => {
    const came_for = room === null ? null : seq;
    const isSame = room?.id === entered;
    if (isSame && came_for === led_to) return;
    led_to = came_for;
    if (isSame && came_for === null) return held.value.get(room?.id ?? "")?.goOn();
    if (!isSame) leave();
    if (!room) return;
    entered = room.id;
    const known = held.value.get(room.id);
    if (isSame && known && came_for !== null) return void known.visit(came_for);
    const place = known ? null : takePlace(myId(), room.id);
    (known ?? made(room.id)).enter(readUpTo(room.me), room.me.unread, { seq: came_for, place });
  });

  return {
    held,
    of: (room_id: string): Timeline | undefined => held.value.get(room_id),
    enter,
    /** Answers `hello`: resumes what is held, by the history it was heard in; from then on the history is this one. */
    sync(next_epoch: string): void {
      const rooms = [...held.value.values()].flatMap((timeline): [string, number][] => {
        const cursor = timeline.cursor();
        return cursor === null ? [] : [[timeline.roomId(), cursor]];
      });
      link.say({ type: "sync", rooms, ...(epoch !== undefined && { epoch }) });
      epoch = next_epoch;
      for (const timeline of held.value.values()) if (timeline.cursor() === null) timeline.retry();
    },
    /** What could not be had while the server was away is asked for again. */
    retry(): void {
      for (const timeline of held.value.values()) if (timeline.state.value === "failed") timeline.retry();
    },
    drop(room_ids: readonly string[]): void {
      if (entered !== null && room_ids.includes(entered)) entered = null;
      held.value = new Map([...held.value].filter(([id]) => !room_ids.includes(id)));
    },
    forget(): void {
      entered = null;
      epoch = undefined;
      held.value = new Map();
    },
  };
});
