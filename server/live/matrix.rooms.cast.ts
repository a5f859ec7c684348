/** The rows of the rights matrix of frames about announcement channels: by whichever name a post comes, only those who run the room post there. */
import type { FrameEntry } from "./matrix.entries.cast.ts";

//                   nobody mallory   cy        bob       dan ann revoked expired
const WHO_RUNS = "   401    not_found not_found forbidden ok  ok  4201    401";
const OWN_STAYS = "  401    not_found not_found ok  forbidden forbidden 4201 401";

const clientId = (number: number): string => `frames-announced-${String(number).padStart(12, "0")}`;

export const roomFrames: readonly FrameEntry[] = [
  {
    frame: "message where only admins post",
    answers: WHO_RUNS,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => ({ room_id: await stage.announced(), client_id: clientId(stage.number), content: "announced" }),
  },
  {
    frame: "message that answers one, where only admins post",
    answers: WHO_RUNS,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => {
      const reply_to = await stage.bobs();
      return { room_id: await stage.announced(), client_id: clientId(stage.number), content: "announced", reply_to };
    },
  },
  {
    frame: "edit where only admins post",
    answers: OWN_STAYS,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => {
      const message_id = await stage.bobs();
      return { room_id: await stage.announced(), message_id, content: "mended" };
    },
  },
  {
    frame: "typing where only admins post",
    answers: WHO_RUNS,
    tells: "typing",
    foreign: "room_id",
    fields: async (stage) => ({ room_id: await stage.announced(), is_typing: true }),
  },
  {
    frame: "send_message where only admins post",
    answers: WHO_RUNS,
    tells: "message",
    foreign: "room_id",
    fields: async (stage) => ({ room_id: await stage.announced(), content: "announced" }),
  },
];
