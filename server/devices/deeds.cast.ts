/** What may happen to bob's rooms and devices. A deed that makes no sense where it stands is left out. */
import { pinsOf } from "../../client/models/pins.ts";
import { reactionsOf } from "../../client/models/reactions.ts";
import type { Message } from "../protocol.ts";
import type { Device } from "./device.cast.ts";
import { enter, type Kept, editIn, likeIn, markIn, pinIn, removeIn } from "./model.cast.ts";
import { LIKE, type Stage } from "./stage.cast.ts";

export type Deed = { what: Doing; device: number; room: number; at: number; content: string };
export type Doing = (typeof doings)[number];
type Scene = { stage: Stage; device: Device; one: Kept; at: number; content: string };

export const doings = [
  ...(["open", "write", "tell", "read", "scroll", "edit", "remove", "rewrite", "bury", "burst"] as const),
  ...(["mark", "like", "likeBack", "answer", "answerBack"] as const),
  ...(["pin", "pinBack", "openPins", "openThread", "watch", "annReads"] as const),
  ...(["leave", "join", "putOut", "add", "cut", "mend", "deafen"] as const),
];

/** Does it and waits until every device that hears the server equals the model again; false when there was nothing to do. */
export async function run(stage: Stage, { what, device: which, room, at, content }: Deed, number: number): Promise<boolean> {
  const [device, one] = [stage.devices[which], stage.kept[room]];
  if (!device || !one) return false;
  const words = `${content.replace("@bob", `@${stage.name}`)} ${number}`;
  if ((await deeds[what]({ stage, device, one, at, content: words })) === false) return false;
  if (what !== "burst") await stage.agree();
  return true;
}

const deeds: Record<Doing, (scene: Scene) => Promise<unknown> | false> = {
  tell: ({ stage, one, content }) => stage.tell(one, content),
  write: ({ stage, device, one, content }) => stage.shows(device, one) && stage.write(device, one, content),
  read({ stage, device, at }) {
    const rows = device.app.timeline.value?.stored.value ?? [];
    const [one, row] = [openRoom(stage, device), at < 50 ? pick(rows, at * 2) : rows.at(-1)];
    const isLost = device.line() === "deaf" && device.app.reach.state.value !== "open"; // by now it knows that it hears nothing
    if (!one || !row || isLost) return false;
    return Promise.resolve(stage.read(device, one, row.seq));
  },
  open: async ({ device, one, at }) => {
    const shown = device.app.rooms.rooms.value.get(one.id);
    const permalink = at < 30 ? `/${Math.ceil(((shown?.last_seq ?? 0) * at) / 30)}` : "";
    device.app.place.go(at > 90 ? "/browse" : `/r/${one.id}${permalink}`);
  },
  scroll({ device, at }) {
    const timeline = device.app.timeline.value;
    const row = pick(timeline?.stored.value ?? [], at);
    if (!timeline || !row) return false;
    timeline.beAtEnd(at === 99);
    timeline.keepPlace(at === 99 ? null : { seq: row.seq, top: 0 });
    return Promise.resolve(void (at > 90 ? timeline.newest() : at > 60 ? timeline.newer() : at < 30 ? timeline.older() : undefined));
  },
  edit({ stage, device, at, content }) {
    const [one, row] = ownRow(stage, device, at);
    if (!one || !row) return false;
    return stage.ask(
      device,
      () => device.app.edit(row, content),
      () => editIn(one, row.seq, content),
    );
  },
  remove({ stage, device, at }) {
    const [one, row] = ownRow(stage, device, at);
    if (!one || !row) return false;
    return stage.ask(
      device,
      () => device.app.remove(row),
      () => removeIn(one, row.seq),
    );
  },
  rewrite: ({ stage, one, at, content }) => {
    const said = pick(ofAnn(one), at);
    return said !== undefined && stage.edit(one, said, content);
  },
  bury: ({ stage, one, at }) => {
    const said = pick(ofAnn(one), at);
    return said !== undefined && stage.remove(one, said);
  },
  mark({ stage, device, at }) {
    const [one, row] = [openRoom(stage, device), pick(device.app.timeline.value?.stored.value ?? [], at)];
    if (!one?.is_in || !row) return false;
    return stage.ask(
      device,
      () => device.app.markUnread(row),
      () => markIn(one, row.seq),
    );
  },
  like({ stage, device, at }) {
    const one = openRoom(stage, device);
    const row = pick(device.app.timeline.value?.stored.value.filter(({ seq }) => one?.said[seq - 1]?.is_removed === false) ?? [], at);
    if (!one?.is_in || !row || device.line() !== "whole") return false; // what it would do depends on what it shows
    return stage.ask(
      device,
      () => reactionsOf(device.app).toggle(row, LIKE),
      () => likeIn(one, row.seq, "bob"),
    );
  },
  likeBack: ({ stage, one, at }) => {
    const said = pick(ofAnn(one), at);
    return said !== undefined && stage.like(one, said);
  },
  answer: ({ stage, one, at, content }) => one.said.length > 0 && stage.answer(one, Math.ceil((one.said.length * (at + 1)) / 100), content),
  answerBack({ stage, device, at, content }) {
    const [one, row] = [openRoom(stage, device), pick(device.app.timeline.value?.stored.value ?? [], at)];
    if (!one?.is_in || !row || device.line() !== "whole") return false;
    return stage.answerBack(device, one, row, content);
  },
  pin({ stage, device, at }) {
    const one = openRoom(stage, device);
    const row = pick(device.app.timeline.value?.stored.value.filter(({ seq }) => one?.said[seq - 1]?.is_removed === false) ?? [], at);
    if (!one?.is_in || !row || device.line() !== "whole") return false; // as with a like
    stage.here.clock.advance(1); // no two pins of one moment
    return stage.ask(
      device,
      () => pinsOf(device.app).toggle(row),
      () => pinIn(one, row.seq, "bob"),
    );
  },
  pinBack({ stage, one, at }) {
    const alive = one.said.flatMap(({ is_removed }, i) => (is_removed ? [] : [i + 1]));
    const seq = pick([...one.pins, ...alive.slice(-10)], at);
    return seq !== undefined && stage.pin(one, seq);
  },
  openPins: ({ stage, device, one }) => isWholeIn(stage, device, one) && (stage.beside(device)?.openPins(one) ?? false),
  openThread({ stage, device, at }) {
    const one = openRoom(stage, device);
    const rows = device.app.timeline.value?.stored.value ?? [];
    const answered = rows.filter(({ replies }) => replies !== undefined);
    const row = pick(answered.length > 0 && at % 2 === 0 ? answered : rows, at);
    if (!one || !row || !isWholeIn(stage, device, one)) return false;
    return Promise.resolve(stage.beside(device)?.openThread(one, row));
  },
  watch: ({ stage, device, one }) => isWholeIn(stage, device, one) && (stage.beside(device)?.watch(one) ?? false),
  annReads: ({ stage, one, at }) => one.said.length > 0 && stage.annReads(one, Math.ceil((one.said.length * (at + 1)) / 100)),
  leave: ({ stage, device, one }) =>
    one !== stage.dm &&
    one.is_in &&
    stage.shows(device, one) &&
    stage.ask(
      device,
      () => device.app.leave(one.id),
      () => {
        one.is_in = false;
        stage.shut(one);
      },
    ),
  join: ({ stage, device }) =>
    !stage.pier.is_in &&
    stage.ask(
      device,
      () => device.app.rooms.join(stage.pier.id),
      () => enter(stage.pier),
    ),
  putOut: ({ stage, one }) => one !== stage.dm && one.is_in && stage.putOut(one),
  add: ({ stage, one }) => !one.is_in && stage.add(one),
  cut: ({ device }) => device.line() === "whole" && device.cut(),
  deafen: ({ device }) => device.line() === "whole" && device.deafen(),
  mend: ({ stage, device }) => device.line() !== "whole" && stage.mend(device),
  burst: ({ stage, device, one, content }) => one.is_in && stage.burst(one, device, content),
};

const pick = <T>(list: readonly T[], at: number): T | undefined => list[Math.floor((list.length * at) / 100)];
const openRoom = ({ kept }: Stage, device: Device): Kept | undefined => kept.find(({ id }) => id === device.app.timeline.value?.roomId());
const isWholeIn = (stage: Stage, device: Device, one: Kept): boolean => one.is_in && device.line() === "whole" && stage.shows(device, one);
const ofAnn = ({ said }: Kept): number[] => said.flatMap(({ by, is_removed }, i) => (by === "ann" && !is_removed ? [i + 1] : []));

/** A message of bob's that this device shows and that is still there. */
function ownRow(stage: Stage, device: Device, at: number): [Kept?, Message?] {
  const one = openRoom(stage, device);
  const rows = device.app.timeline.value?.stored.value ?? [];
  const row = pick(
    rows.filter(({ seq, sender_id }) => sender_id === stage.bob.user_id && one?.said[seq - 1]?.is_removed === false),
    at,
  );
  return one?.is_in === true && row ? [one, row] : [];
}
