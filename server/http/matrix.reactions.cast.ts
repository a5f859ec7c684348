/** The rows of the rights matrix that are about what people do with messages beside writing them: reactions, pins, what they save and mark. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

//                nobody mallory cy  bob dan ann revoked expired
const MINE = "       401 200 200 200 200 200 401 401";
const ROOM = "       401 404 404 200 200 200 401 401";
const ROOM_DONE = "  401 404 404 204 204 204 401 401";
const BOBS = "       401 404 404 204 404 404 401 401";

const room = async (stage: Stage) => ({ room_id: await stage.room() });
const bobs = async (stage: Stage) => ({ room_id: await stage.room(), message_id: await stage.bobs() });
const liked = async (stage: Stage) => ({ ...(await bobs(stage)), emoji: "👍" });

export const reactionEntries: readonly Entry[] = [
  { route: "GET /api/v1/rooms/:room_id/messages/:message_id/reactions/", answers: ROOM, params: bobs, query: `emoji=${encodeURIComponent("👍")}` },
  { route: "GET /api/v1/rooms/:room_id/messages/:message_id/reactions/mine", answers: ROOM, params: bobs },
  { route: "PUT /api/v1/rooms/:room_id/messages/:message_id/reactions/:emoji", answers: ROOM, params: liked },
  { route: "DELETE /api/v1/rooms/:room_id/messages/:message_id/reactions/:emoji", answers: ROOM, params: liked },
  { route: "GET /api/v1/rooms/:room_id/pins", answers: ROOM, params: room },
  { route: "PUT /api/v1/rooms/:room_id/messages/:message_id/pin", answers: ROOM, params: bobs },
  { route: "DELETE /api/v1/rooms/:room_id/messages/:message_id/pin", answers: ROOM, params: bobs },
  { route: "GET /api/v1/me/saved/", answers: MINE },
  { route: "GET /api/v1/me/saved/ids", answers: MINE },
  { route: "PUT /api/v1/me/saved/:message_id", answers: ROOM_DONE, params: async (stage) => ({ message_id: await stage.bobs() }) },
  { route: "DELETE /api/v1/me/saved/:message_id", answers: BOBS, params: async (stage) => ({ message_id: await stage.bobsSaved() }) },
  {
    route: "PUT /api/v1/rooms/:room_id/mark/",
    answers: ROOM_DONE,
    params: bobs, // makes a message to be marked
    body: () => ({ seq: 1 }),
  },
  { route: "DELETE /api/v1/rooms/:room_id/mark/", answers: ROOM_DONE, params: room },
];
