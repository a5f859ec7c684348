/** Reactions by REST: the same verbs as the frames. */
import { Elysia, t } from "elysia";
import { listOwnReactions, listReactions, react, unreact } from "../chat/reactions.ts";
import { Emoji, Id, listOf, Message, Time, User } from "../protocol.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limit.ts";
import { cursor, given, limit, messagePlace } from "./queries.ts";

const place = t.Object({ room_id: Id, message_id: Id, emoji: Emoji });

export const reactions = ({ chat }: Door, { asker }: Askers, limits: Limits) =>
  new Elysia({ prefix: "/rooms/:room_id/messages/:message_id/reactions" })
    .use(asker)
    .get("/", ({ who, params, query }) => listReactions(chat, who, { ...params, ...given(query) }), {
      params: messagePlace,
      query: t.Object({ emoji: Emoji, cursor, limit }),
      ...answers({ 200: listOf(t.Object({ user: User, created_at: Time })) }),
    })
    .get("/mine", ({ who, params }) => listOwnReactions(chat, who, params), {
      params: messagePlace,
      ...answers({ 200: t.Object({ items: t.Array(Emoji) }) }),
    })
    .put(
      "/:emoji",
      async ({ who, params, set }) => {
        limits.takePost(who, set.headers);
        return react(chat, who, params);
      },
      { params: place, ...answers({ 200: Message }, ["archived", "gone", "too_large"]) },
    )
    .delete(
      "/:emoji",
      async ({ who, params, set }) => {
        limits.takePost(who, set.headers);
        return unreact(chat, who, params);
      },
      { params: place, ...answers({ 200: Message }, ["archived", "gone"]) },
    );
