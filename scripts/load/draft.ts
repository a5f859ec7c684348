/** Posts as Snug's own clients make them: a `client_id` that rises with time and ends in chance. */
import { CONTENT_BYTES, type Seat } from "./job.ts";

const filling = "the quick brown fox jumps over the lazy dog and nobody minds, ".repeat(4);
const chance = Math.random().toString(32).slice(2, 10).padEnd(8, "0");

/** The sender's `number`th post, to its rooms in turn. */
export function draftOf(seat: Seat, number: number) {
  const client_id = `${Date.now().toString(32).padStart(9, "0")}${number.toString(32).padStart(6, "0")}${chance}`;
  const room_id = seat.rooms[number % seat.rooms.length] ?? "";
  return { type: "message", id: `n${number}`, room_id, client_id, content: `${client_id} ${seat.user_id} ${filling}`.slice(0, CONTENT_BYTES) };
}

export const numberOf = (id: string | undefined): number => Number(id?.slice(1));
