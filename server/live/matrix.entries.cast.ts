/**
 * The rights matrix of frames: what each of the eight is answered, each with things of their own. A frame type that is not here fails
 * matrix.test.ts. The order of the columns: nobody, mallory (owns another workspace), cy (not in the room), bob (member), dan (admin), ann
 * (owner), revoked, expired.
 *
 * A number is the status that refuses the upgrade, or the code that closes the socket. A word is `ok`, `pong` or the refusal's code; after
 * `+` stands what else the asker hears with it.
 */
import type { ClientFrame } from "../protocol.ts";
import type { FrameStage } from "./matrix.cast.ts";
import { notificationFrames } from "./matrix.notifications.cast.ts";
import { reactionFrames } from "./matrix.reactions.cast.ts";
import { roomFrames } from "./matrix.rooms.cast.ts";
import { seedFrames } from "./matrix.seeds.cast.ts";

export type FrameEntry = {
  /** The frame's type, and after a space what makes this question another one than the type's first. */
  frame: string;
  answers: string;
  /** What a member of the room hears of it when it is `ok`. */
  tells?: "message" | "typing";
  fields?: (stage: FrameStage) => Promise<Record<string, unknown>>;
  /** The field whose thing is forbidden to some; asked again with a thing that does not exist. */
  foreign?: "room_id" | "message_id" | "reply_to" | "rooms" | "notification_id";
};

//                 nobody mallory   cy        bob       dan       ann  revoked expired
const EVERYBODY = "401    ok        ok        ok        ok        ok        4201 401";
const MEMBERS = "  401    not_found not_found ok        ok        ok        4201 401";
const NOT_FOUND = "401    not_found not_found not_found not_found not_found 4201 401";
const OUT_OF_ROOM = "401  not_found not_found invalid   invalid   invalid   4201 401";
const THEIR_OWN = "401    not_found not_found ok        forbidden forbidden 4201 401";
const WHO_RUNS = " 401    not_found not_found forbidden ok        ok        4201 401";

const post = (stage: FrameStage) => ({ client_id: `frames-post-${String(stage.number).padStart(12, "0")}`, content: "said by frame" });
const room = async (stage: FrameStage) => ({ room_id: await stage.room() });
const bobs = async (stage: FrameStage) => ({ room_id: await stage.room(), message_id: await stage.bobs() });
const anns = async (stage: FrameStage) => ({ room_id: await stage.room(), message_id: await stage.anns() });
const strayed = async (stage: FrameStage) => ({ room_id: await stage.room(), message_id: await stage.elsewhere() });

export const frameEntries: readonly FrameEntry[] = [
  { frame: "message", answers: MEMBERS, tells: "message", foreign: "room_id", fields: async (stage) => ({ ...(await room(stage)), ...post(stage) }) },
  {
    frame: "message that answers one of the room",
    answers: MEMBERS,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => ({ ...(await room(stage)), ...post(stage), reply_to: await stage.bobs() }),
  },
  {
    frame: "message that answers one of another room",
    answers: OUT_OF_ROOM,
    foreign: "reply_to",
    fields: async (stage) => ({ ...(await room(stage)), ...post(stage), reply_to: await stage.elsewhere() }),
  },
  {
    frame: "edit",
    answers: THEIR_OWN,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => ({ ...(await bobs(stage)), content: "mended" }),
  },
  {
    frame: "edit of a message of another room",
    answers: NOT_FOUND,
    foreign: "message_id",
    fields: async (stage) => ({ ...(await strayed(stage)), content: "mended" }),
  },
  { frame: "remove", answers: MEMBERS, tells: "message", foreign: "room_id", fields: bobs },
  { frame: "remove of ann's", answers: WHO_RUNS, tells: "message", foreign: "room_id", fields: anns },
  { frame: "remove of a message of another room", answers: NOT_FOUND, foreign: "message_id", fields: strayed },
  {
    frame: "ack",
    answers: "401 not_found not_found ok+ack ok+ack ok+ack 4201 401",
    foreign: "room_id",
    fields: async (stage) => ({ ...(await room(stage)), seq: 0 }),
  },
  {
    frame: "ack of what was said",
    answers: "401 not_found not_found ok+ack ok+ack ok+ack 4201 401", // bob's too, whose post was his ack: told again where it stands
    foreign: "room_id",
    fields: async (stage) => ({ room_id: (await bobs(stage)).room_id, seq: 1 }),
  },
  {
    frame: "ack above what was said",
    answers: OUT_OF_ROOM,
    foreign: "room_id",
    fields: async (stage) => ({ ...(await room(stage)), seq: 1 }),
  },
  { frame: "typing", answers: MEMBERS, tells: "typing", foreign: "room_id", fields: async (stage) => ({ ...(await room(stage)), is_typing: true }) },
  { frame: "presence", answers: EVERYBODY, fields: async () => ({ status: "away" }) },
  {
    frame: "sync",
    answers:
      "401 ok+caught_up ok+caught_up ok+caught_up+member+message+room+synced ok+caught_up+member+message+room+synced ok+caught_up+member+message+room+synced 4201 401",
    foreign: "rooms",
    fields: async (stage) => ({ rooms: [[(await bobs(stage)).room_id, 0]] }),
  },
  { frame: "ping", answers: EVERYBODY.replaceAll("ok", "pong") },
  ...notificationFrames,
  ...seedFrames,
  ...reactionFrames,
  ...roomFrames,
];

/** The type that an entry is of. */
export const typeOf = ({ frame }: FrameEntry): string => frame.split(" ")[0] ?? "";

/** The frame of an entry; with `absent`, a thing that is in no table stands where the foreign one stood. */
export async function frameOf(entry: FrameEntry, stage: FrameStage, absent: string | null): Promise<ClientFrame> {
  const given = (await entry.fields?.(stage)) ?? {};
  const gone = entry.foreign === "rooms" ? { rooms: [[absent, 0]] } : entry.foreign !== undefined && { [entry.foreign]: absent };
  return { type: typeOf(entry), id: "asked", ...given, ...(absent !== null && gone) } as ClientFrame; // what is no frame is refused, and fails its row
}
