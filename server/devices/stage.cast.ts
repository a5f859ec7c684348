/** A person with three devices, their rooms, and the model beside them: what anybody does is done to both, and then both must be the same. */
import { expect } from "bun:test";
import { ApiError } from "../../client/lib/api-error.ts";
import { acknowledge } from "../chat/acks.ts";
import { addMember, removeMember } from "../chat/membership.ts";
import { editMessage, pageMessages, postMessage, removeMessage } from "../chat/messages.ts";
import { react, unreact } from "../chat/reactions.ts";
import { pinMessage, unpinMessage } from "../chat/pins.ts";
import { createRoom, roomsOf } from "../chat/rooms.ts";
import type { Message, Room } from "../protocol.ts";
import type { Doors } from "../testing/doors.ts";
import { draft, type World } from "../testing/world.ts";
import { type Device, openDevice } from "./device.cast.ts";
import { type Row, rowOf, saidRow } from "./rows.cast.ts";
import { type Beside, createBeside } from "./beside.cast.ts";
import {
  answersTo,
  editIn,
  enter,
  isAddressed,
  type Kept,
  likeIn,
  pinIn,
  postIn,
  readIn,
  removeIn,
  rereadIn,
  type Said,
  standing,
  type Standing,
  type Written,
} from "./model.cast.ts";

export const LIKE = "👍";
const LONG = 260; // messages in one room from the start: more than a page, so that a device holds a stretch of it
const STEP_MS = 250;
const PATIENCE_MS = 5_000; // of the real clock, for what a slow machine still has under way

export type Stage = Awaited<ReturnType<typeof openStage>>;

let stages = 0;

export async function openStage(here: World, { port }: Pick<Doors, "port">) {
  const { chat, ann } = here;
  const name = `bob${(stages += 1)}`;
  const bob = await here.person("tenant-one", name);
  const made = async (visibility: "public" | "private"): Promise<Kept> => {
    const { room } = await createRoom(chat, ann, { type: "channel", name: `${visibility} ${stages}`, visibility, user_ids: [bob.user_id] });
    return { id: room.id, is_in: true, acked_seq: 0, marked_seq: null, ann_seq: 0, said: [], pins: [] };
  };
  const [hall, pier] = [await made("private"), await made("public")];
  const { room } = await createRoom(chat, ann, { type: "dm", user_ids: [bob.user_id] });
  const dm: Kept = { id: room.id, is_in: true, acked_seq: 0, marked_seq: null, ann_seq: 0, said: [], pins: [] };
  const kept: readonly Kept[] = [hall, pier, dm];
  const written = new Map<Device, Written[]>();
  const refused = new Map<Device, string[]>();
  const read = new Map<Device, Map<Kept, number>>(); // what a cut device could not say yet
  const [t1, t2, phone] = await Promise.all(["T1", "T2", "P"].map((device) => openDevice(device, { chat, port, who: bob })));
  if (!t1 || !t2 || !phone) throw new Error("three devices");
  const devices: readonly Device[] = [t1, t2, phone];
  const besides = new Map<Device, Beside>(devices.map((device) => [device, createBeside(device)]));

  /** What the models of a device show. */
  const shown = (device: Device) => ({
    device: device.name,
    rooms: [...device.app.rooms.rooms.value.values()].map(standingOf).sort(byId),
    unsent: device.app.outbox.pending.value.map(({ content }) => content),
    timeline: timelineOf(device),
    beside: besides.get(device)?.shown(),
  });
  const timelineOf = (device: Device): Stretch => {
    const room_id = device.app.place.room_id.value;
    const timeline = device.app.timeline.value;
    if (!kept.some(({ id, is_in }) => is_in && id === room_id)) return null;
    return { state: timeline?.state.value, from: from(timeline?.stored.value), rows: timeline?.stored.value.map((row) => rowOf(row, bob.user_id)) };
  };
  /** What they must show. A device may hold a part of a room, whole in itself, and must know whether there is more. */
  const expected = (device: Device) => ({
    device: device.name,
    rooms: standings(),
    unsent: refused.get(device) ?? [],
    timeline: stretchOf(device),
    beside: besides.get(device)?.expected(),
  });
  const stretchOf = (device: Device): Stretch => {
    const one = kept.find(({ id, is_in }) => is_in && id === device.app.place.room_id.value);
    if (!one) return null;
    const timeline = device.app.timeline.value;
    const held = timeline?.stored.value ?? [];
    const first = timeline?.more_before.value === true ? from(held) : 1;
    const last = timeline?.more_after.value === true ? held.at(-1)?.seq : one.said.length;
    return {
      state: "ready",
      from: one.said.length === 0 ? 0 : first,
      rows: one.said.map((said, i) => saidRow(said, answersTo(one, i + 1))).slice(first - 1, last),
    };
  };
  const standings = (): Standing[] =>
    kept
      .filter(({ is_in }) => is_in)
      .map(standing)
      .sort(byId);
  const compare = async (): Promise<void> => {
    expect({ server: (await roomsOf(chat, bob)).map(standingOf).sort(byId) }).toEqual({ server: standings() });
    for (const device of devices) if (device.line() === "whole") expect(shown(device)).toEqual(expected(device));
    for (const device of devices)
      if (device.line() !== "whole")
        expect(shown(device).unsent).toEqual([...(refused.get(device) ?? []), ...unsentOf(device).map(({ content }) => content)]);
  };
  const unsentOf = (device: Device): Written[] => written.get(device) ?? [];
  const pass = (ms: number): Promise<unknown> => Promise.all(devices.map((device) => device.pass(ms)));

  /** Every device that hears the server equals the model, at once or a little later; `take` may ask the server before each look. */
  const agree = async (take: () => Promise<void> = async () => {}): Promise<void> => {
    const until = performance.now() + PATIENCE_MS;
    for (let rounds = 0; ; rounds += 1) {
      await pass(rounds < 20 ? STEP_MS : STEP_MS / 5);
      try {
        await take();
        return await compare();
      } catch (fault) {
        if (performance.now() > until) throw fault;
      }
    }
  };

  const rowAt = async (one: Kept, seq: number): Promise<Message | undefined> =>
    (await pageMessages(chat, ann, { room_id: one.id, around_seq: seq, limit: 1 })).items.find((row) => row.seq === seq);
  const shows = (device: Device, one: Kept): boolean => device.app.rooms.rooms.value.has(one.id);
  /** Does on a device what changes something for all, if its line lets it. What a deaf one asks is done, and it does not learn of it. */
  const ask = async (device: Device, work: () => Promise<unknown>, meant: () => void): Promise<void> => {
    if (device.line() === "cut") {
      const fault = await work().catch((why: unknown) => why);
      return expect(fault instanceof ApiError && fault.code).toBe("offline");
    }
    meant();
    if (device.line() === "whole") await work();
    else void work().catch(() => undefined);
  };

  const annSeq = async (one: Kept): Promise<number> => (await roomsOf(chat, ann)).find(({ id }) => id === one.id)?.me?.acked_seq ?? -1;
  const shut = (one: Kept): void => besides.forEach((beside) => beside.leave(one));

  return {
    ...{ here, bob, name, kept, devices, hall, pier, dm, agree, pass, compare, shows, rowAt, ask, unsentOf, shut },
    beside: (device: Device): Beside | undefined => besides.get(device),
    async tell(one: Kept, content: string): Promise<void> {
      postIn(one, "ann", content);
      await postMessage(chat, ann, { room_id: one.id, ...draft(content) });
    },
    /** Ann answers a message. */
    async answer(one: Kept, seq: number, content: string): Promise<void> {
      const reply_to = (await rowAt(one, seq))?.id ?? "";
      postIn(one, "ann", content, seq);
      await postMessage(chat, ann, { room_id: one.id, ...draft(content, { reply_to }) });
    },
    /** Bob answers one on a device whose line is whole. */
    async answerBack(device: Device, one: Kept, { id, seq }: Message, content: string): Promise<void> {
      postIn(one, "bob", content, seq);
      await device.app.outbox.post(one.id, content, id);
    },
    /** Written on a device, and stored now or when its line is whole. On a line that is half dead the first one of a room gets through. */
    async write(device: Device, one: Kept, content: string): Promise<void> {
      const before = unsentOf(device);
      const is_stored = device.line() === "deaf" && one.is_in && before.every(({ kept: other }) => other !== one);
      if (device.line() === "whole" || is_stored) postIn(one, "bob", content);
      if (device.line() !== "whole") written.set(device, [...before, { kept: one, content, is_stored }]);
      await device.app.outbox.post(one.id, content);
    },
    /** As the device knows the room: where it knows of a mark, what it read before is read again. */
    read(device: Device, one: Kept, seq: number): void {
      const known = device.app.rooms.rooms.value.get(one.id)?.me;
      const isAgain = known?.marked_seq !== undefined && seq <= known.acked_seq;
      device.app.seen(one.id, seq, true);
      if (device.line() !== "cut") return isAgain ? rereadIn(one, seq) : readIn(one, seq);
      if (isAgain) return; // nobody hears it: it stays unread
      const mine = read.get(device) ?? new Map<Kept, number>();
      read.set(device, mine.set(one, Math.max(seq, mine.get(one) ?? 0)));
    },
    async mend(device: Device): Promise<void> {
      for (const [one, seq] of read.get(device) ?? []) readIn(one, seq);
      for (const { kept: one, content, is_stored } of unsentOf(device)) {
        if (is_stored) continue;
        if (one.is_in) postIn(one, "bob", content);
        else refused.set(device, [...(refused.get(device) ?? []), content]);
      }
      read.delete(device);
      written.delete(device);
      await device.mend();
    },
    async edit(one: Kept, seq: number, content: string): Promise<void> {
      const row = await rowAt(one, seq);
      editIn(one, seq, content);
      await editMessage(chat, ann, { room_id: one.id, message_id: row?.id ?? "", content });
    },
    async remove(one: Kept, seq: number): Promise<void> {
      const row = await rowAt(one, seq);
      removeIn(one, seq);
      await removeMessage(chat, ann, { room_id: one.id, message_id: row?.id ?? "" });
    },
    /** Ann gives a message a 👍, or takes hers back. */
    async like(one: Kept, seq: number): Promise<void> {
      const place = { room_id: one.id, message_id: (await rowAt(one, seq))?.id ?? "", emoji: LIKE };
      const isGiven = one.said[seq - 1]?.liked.includes("ann");
      likeIn(one, seq, "ann");
      await (isGiven ? unreact : react)(chat, ann, place);
    },
    /** Ann pins a message, or takes the pin off. */
    async pin(one: Kept, seq: number): Promise<void> {
      const place = { room_id: one.id, message_id: (await rowAt(one, seq))?.id ?? "" };
      const isPinned = one.pins.includes(seq);
      here.clock.advance(1); // no two pins of one moment
      pinIn(one, seq, "ann");
      await (isPinned ? unpinMessage : pinMessage)(chat, ann, place);
    },
    /** Ann has read so far. */
    async annReads(one: Kept, seq: number): Promise<void> {
      one.ann_seq = Math.max(one.ann_seq, seq);
      await acknowledge(chat, ann, { room_id: one.id, seq });
    },
    async putOut(one: Kept): Promise<void> {
      one.is_in = false;
      shut(one);
      await removeMember(chat, ann, { room_id: one.id, user_id: bob.user_id });
    },
    async add(one: Kept): Promise<void> {
      enter(one);
      await addMember(chat, ann, { room_id: one.id, user_id: bob.user_id });
    },
    /**
     * Everybody at once in one room, and the line of one device breaks meanwhile. Who came first, the server says; that each message is there
     * once, in the order of its writer, and that nothing read is unread again, it must not decide.
     */
    async burst(one: Kept, broken: Device, content: string): Promise<void> {
      const { acked_seq } = one;
      const before = [...one.said];
      const able = devices.filter((device) => device.line() === "whole" && shows(device, one));
      const wrote = new Map<string, string[]>([
        ["ann", [1, 2, 3].map((i) => `${content} ann ${i}`)],
        ...able.map(({ name: by }) => [by, [1, 2].map((i) => `${content} ${by} ${i}`)] as const),
      ]);
      const annSpeaks = async (): Promise<void> => {
        for (const words of wrote.get("ann") ?? []) await postMessage(chat, ann, { room_id: one.id, ...draft(words) });
      };
      const works: Promise<unknown>[] = [annSpeaks()];
      for (const device of able) {
        works.push(...(wrote.get(device.name) ?? []).map((words) => device.app.outbox.post(one.id, words)));
        device.app.seen(one.id, one.said.length);
        works.push(device.pass(1_000));
      }
      if (able.includes(broken)) works.push(broken.cut().then(broken.mend));
      await Promise.all(works);
      await agree(async () => {
        const { items } = await pageMessages(chat, ann, { room_id: one.id, after_seq: before.length, limit: 200 });
        for (const words of wrote.values()) expect(items.map((row) => row.content).filter((said) => words.includes(said))).toEqual(words);
        expect(items.length).toBe([...wrote.values()].flat().length);
        one.said = [
          ...before,
          ...items.map((row): Said => ({
            ...rowOf(row, bob.user_id),
            ...{ answers: null, pinned: null },
            addressed: isAddressed(row.content, row.sender_id === ann.user_id ? "ann" : "bob"),
          })),
        ];
        const { acked_seq: now, marked_seq = null } = (await roomsOf(chat, bob)).find(({ id }) => id === one.id)?.me ?? { acked_seq: -1 };
        one.acked_seq = now;
        one.marked_seq = marked_seq;
        one.ann_seq = await annSeq(one);
        expect(one.acked_seq).toBeGreaterThanOrEqual(acked_seq);
      });
    },
    /** A long conversation in the hall, before anybody has opened it. */
    async fill(): Promise<void> {
      const contents = Array.from({ length: LONG }, (_, i) => `line ${i + 1}`);
      const posted = await Promise.all(contents.map((content) => postMessage(chat, ann, { room_id: hall.id, ...draft(content) })));
      const inOrder = contents.map((content, i) => ({ content, seq: posted[i]?.message.seq ?? 0 })).sort((a, b) => a.seq - b.seq);
      for (const { content } of inOrder) postIn(hall, "ann", content);
    },
    async close(): Promise<void> {
      for (const beside of besides.values()) beside.close();
      await Promise.all(devices.map((device) => device.close()));
    },
  };
}

const from = (rows: readonly Message[] | undefined): number => rows?.[0]?.seq ?? 0;
const byId = (a: Standing, b: Standing): number => (a.id < b.id ? -1 : 1);
const standingOf = ({ id, member_count, last_seq, me }: Room): Standing => {
  const { acked_seq = -1, marked_seq = null, unread = -1, unread_mentions = -1 } = me ?? {};
  return { id, member_count, last_seq, acked_seq, marked_seq, unread, unread_mentions };
};

type Stretch = { state: string | undefined; from: number; rows: Row[] | undefined } | null;
