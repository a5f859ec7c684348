/** A timeline with a room at the other end, for its tests. */
import type { Message, MessagePage } from "../../server/protocol.ts";
import { TimelineModel } from "../models/timeline.ts";
import { message, settled, testApi, testClock } from "./outside.ts";

export const page = (items: Message[], more: Partial<MessagePage> = {}): MessagePage => ({
  items,
  position: items.at(-1)?.rev ?? 0,
  last_seq: items.at(-1)?.seq ?? 0,
  more_before: (items[0]?.seq ?? 1) > 1,
  more_after: false,
  users: [],
  ...more,
});

export const NEWEST = "GET /rooms/room/messages?limit";
export const opened = async (items: Message[], answers: Record<string, (path: string) => unknown> = {}) => {
  const clock = testClock();
  const resumes: number[] = [];
  const api = testApi({ ...answers, ...(!(NEWEST in answers) && { [NEWEST]: () => page(items) }) });
  const timeline = new TimelineModel({ api, room_id: "room", later: clock.later, meet: () => {}, resume: (rev) => void resumes.push(rev) });
  timeline.enter(0, 0);
  await settled();
  return { clock, api, timeline, resumes };
};
export const seqs = (timeline: { stored: { value: readonly Message[] } }) => timeline.stored.value.map(({ seq }) => seq);

export function roomOf(last: number) {
  const rows = Array.from({ length: last }, (_, i) => message(i + 1, `m${i + 1}`));
  const between = (from: number, to: number): MessagePage => {
    const items = rows.slice(Math.max(0, from - 1), Math.max(0, to));
    return page(items, { position: last + 2, last_seq: last, more_after: (items.at(-1)?.seq ?? last) < last });
  };
  const answer = (path: string): MessagePage => {
    const asked = (name: string): number | null => Number(new RegExp(`${name}=(\\d+)`, "u").exec(path)?.[1] ?? 0) || null;
    const limit = asked("limit") ?? 50;
    const [before, after, around] = [asked("before_seq"), asked("after_seq"), asked("around_seq")];
    if (before !== null) return between(before - limit, before - 1);
    if (after !== null) return between(after + 1, after + limit);
    if (around !== null) return between(Math.max(1, around - (limit >> 1)), Math.max(1, around - (limit >> 1)) + limit - 1);
    return between(last - limit + 1, last);
  };
  return { "GET /rooms/room/messages": answer, [NEWEST]: answer };
}
/** As many seqs from the first that is held as are held. */
export const whole = (timeline: Parameters<typeof seqs>[0]): number[] => seqs(timeline).map((_, i, all) => (all[0] ?? 0) + i);
