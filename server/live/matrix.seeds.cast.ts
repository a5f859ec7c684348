/** The rows of the rights matrix of frames that go by the second seed's names: those of the frames they stand for. */
import type { FrameEntry } from "./matrix.entries.cast.ts";

//                 nobody mallory   cy        bob dan ann revoked expired
const MEMBERS = "  401    not_found not_found ok  ok  ok  4201    401";

export const seedFrames: readonly FrameEntry[] = [
  {
    frame: "send_message",
    answers: MEMBERS,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => ({ room_id: await stage.room(), content: "said by another name" }),
  },
  { frame: "typing.start", answers: MEMBERS, tells: "typing", foreign: "room_id", fields: async (stage) => ({ room_id: await stage.room() }) },
  { frame: "typing.stop", answers: MEMBERS, tells: "typing", foreign: "room_id", fields: async (stage) => ({ room_id: await stage.room() }) },
];
