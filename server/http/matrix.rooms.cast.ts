/** The rows of the rights matrix about announcement channels, and what people say of how they are. */
import { CANARY } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

//                nobody mallory cy  bob dan ann revoked expired
const MINE = "       401 200 200 200 200 200 401 401";
const ROOM_RUN = "   401 404 404 403 200 200 401 401";

export const roomEntries: readonly Entry[] = [
  {
    route: "PATCH /api/v1/rooms/:room_id to who posts",
    answers: ROOM_RUN,
    params: async (stage) => ({ room_id: await stage.room() }),
    body: () => ({ posting: "admins" }),
  },
  {
    route: "POST /api/v1/rooms/:room_id/messages/ where only admins post",
    answers: "401 404 404 403 201 201 401 401",
    params: async (stage) => ({ room_id: await stage.announced() }),
    body: ({ number }) => ({ client_id: `matrix-announced-${String(number).padStart(12, "0")}`, content: `${CANARY} announced` }),
  },
  {
    route: "PATCH /api/v1/rooms/:room_id/messages/:message_id where only admins post",
    answers: "401 404 404 200 403 403 401 401",
    params: async (stage) => ({ message_id: await stage.bobs(), room_id: await stage.announced() }),
    body: () => ({ content: `${CANARY} mended` }),
  },
  {
    route: "POST /api/v1/rooms/:room_id/typing where only admins post",
    answers: "401 404 404 403 204 204 401 401",
    params: async (stage) => ({ room_id: await stage.announced() }),
    body: () => ({ is_typing: true }),
  },
  { route: "PATCH /api/v1/me/ status", answers: MINE, body: () => ({ status: { emoji: "🌴", text: "away" } }) },
];
