/** Unread again, from a message on. */
import { Elysia, t } from "elysia";
import { markUnread, unmark } from "../chat/acks.ts";
import { Marking } from "../protocol.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { given, roomPlace, seq } from "./queries.ts";

export const marks = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/rooms/:room_id/mark" })
    .use(asker)
    .put("/", async ({ who, params, body, status }) => status(204, await markUnread(chat, who, { ...params, ...body })), {
      params: roomPlace,
      body: Marking,
      ...answers({ 204: null }),
    })
    .delete("/", async ({ who, params, query, status }) => status(204, await unmark(chat, who, { ...params, ...given(query) })), {
      params: roomPlace,
      query: t.Object({ seq }),
      ...answers({ 204: null }),
    });
