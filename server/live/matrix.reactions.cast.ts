/** The rows of the rights matrix of frames that are about reactions. */
import type { FrameEntry } from "./matrix.entries.cast.ts";
import type { FrameStage } from "./matrix.cast.ts";

const bobs = async (stage: FrameStage) => ({ room_id: await stage.room(), message_id: await stage.bobs(), emoji: "👍" });
const strayed = async (stage: FrameStage) => ({ ...(await bobs(stage)), message_id: await stage.elsewhere() });

//                 nobody mallory   cy        bob       dan       ann  revoked expired
const MEMBERS = "  401    not_found not_found ok        ok        ok        4201 401";
const NOT_FOUND = "401    not_found not_found not_found not_found not_found 4201 401";

export const reactionFrames: readonly FrameEntry[] = [
  { frame: "react", answers: MEMBERS, tells: "message", foreign: "room_id", fields: bobs },
  { frame: "react to a message of another room", answers: NOT_FOUND, foreign: "message_id", fields: strayed },
  { frame: "unreact", answers: MEMBERS, foreign: "room_id", fields: bobs },
  { frame: "unreact of a message of another room", answers: NOT_FOUND, foreign: "message_id", fields: strayed },
];
