/** What a room keeps at hand. */
import { Elysia, t } from "elysia";
import { listPins, pinMessage, unpinMessage } from "../chat/pins.ts";
import { Message, User } from "../protocol.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limit.ts";
import { messagePlace, roomPlace } from "./queries.ts";

export const pins = ({ chat }: Door, { asker }: Askers, limits: Limits) =>
  new Elysia({ prefix: "/rooms/:room_id" })
    .use(asker)
    .get("/pins", ({ who, params }) => listPins(chat, who, params), {
      params: roomPlace,
      ...answers({ 200: t.Object({ items: t.Array(Message), users: t.Array(User) }) }),
    })
    .put(
      "/messages/:message_id/pin",
      async ({ who, params, set }) => {
        limits.takePost(who, set.headers);
        return pinMessage(chat, who, params);
      },
      { params: messagePlace, ...answers({ 200: Message }, ["archived", "gone", "too_large"]) },
    )
    .delete(
      "/messages/:message_id/pin",
      async ({ who, params, set }) => {
        limits.takePost(who, set.headers);
        return unpinMessage(chat, who, params);
      },
      { params: messagePlace, ...answers({ 200: Message }, ["archived"]) },
    );
