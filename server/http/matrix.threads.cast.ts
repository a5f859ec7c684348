/** The rights matrix of threads of who came and went, and of who has read what: rows of matrix.entries.cast.ts, in its columns. */
import type { Entry } from "./matrix.entries.cast.ts";

export const threadEntries: readonly Entry[] = [
  {
    route: "GET /api/v1/rooms/:room_id/messages/ of a message without replies",
    query: "thread=never-existed",
    answers: "401 404 404 404 404 404 401 401",
    params: async (stage) => ({ room_id: await stage.room(), message_id: await stage.bobs() }),
  },
  {
    route: "GET /api/v1/rooms/:room_id/members/ by rev",
    query: "after_rev=0",
    answers: "401 404 404 200 200 200 401 401",
    params: async (stage) => ({ room_id: await stage.room() }),
  },
  {
    route: "GET /api/v1/rooms/:room_id/receipts/",
    answers: "401 404 404 200 200 200 401 401",
    params: async (stage) => ({ room_id: await stage.room() }),
  },
];
