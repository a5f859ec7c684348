/** Messages by REST: the same verbs as the frames. `Idempotency-Key` is `client_id` by another name. */
import { Elysia, t } from "elysia";
import { editMessage, getMessage, postMessage, removeMessage } from "../chat/messages.ts";
import { readyPage } from "../chat/ready-pages.ts";
import { refuse } from "../chat/refusal.ts";
import { sinceRev } from "../chat/since.ts";
import { pageThread } from "../chat/threads.ts";
import { ClientId, Draft, Edit, Id, Message, MessagePage, SincePage, User } from "../protocol.ts";
import type { Again } from "./again.ts";
import { answers, KEYED } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limit.ts";
import { keyOf } from "./once.ts";
import { given, limitText, messagePlace, numbered, roomPlace, seqText } from "./queries.ts";

const NewMessage = t.Composite([t.Omit(Draft, ["client_id"]), t.Object({ client_id: t.Optional(ClientId) })], { additionalProperties: false });

export const messages = ({ chat }: Door, { asker }: Askers, limits: Limits, again: Again) =>
  new Elysia({ prefix: "/rooms/:room_id/messages" })
    .use(asker)
    .get(
      "/",
      async ({ who, params, query, request, route, set }) => {
        const { since_rev, thread, ...page } = numbered(given(query));
        if (thread !== undefined && since_rev === undefined) return pageThread(chat, who, { ...params, ...page, thread });
        if (since_rev === undefined) return again.told(await readyPage(chat, who, { ...params, ...page }), who, { request, route, set });
        const beside = Object.keys({ ...page, ...(thread !== undefined && { thread }) });
        if (beside.length > 0) refuse("invalid", { fields: beside });
        return sinceRev(chat, who, { ...params, since_rev });
      },
      {
        params: roomPlace,
        query: t.Object({
          before_seq: seqText,
          after_seq: seqText,
          around_seq: seqText,
          since_rev: seqText,
          around_time: t.Optional(t.String({ maxLength: 40 })),
          /** The message whose replies are asked for. */
          thread: t.Optional(Id),
          limit: limitText,
        }),
        ...answers({ 200: t.Union([MessagePage, SincePage]) }, ["gone"]),
      },
    )
    .post(
      "/",
      async ({ who, params, body, request, set, status }) => {
        limits.takePost(who, set.headers);
        const client_id = body.client_id ?? keyOf(request) ?? chat.newId();
        const { message } = await postMessage(chat, who, { ...params, ...given(body), client_id });
        return status(201, message);
      },
      { params: roomPlace, body: NewMessage, ...answers({ 201: t.Union([Message, t.Pick(Message, ["id", "seq"])]) }, ["archived"], KEYED) },
    )
    .get("/:message_id", ({ who, params }) => getMessage(chat, who, params), {
      params: messagePlace,
      ...answers({ 200: t.Object({ message: Message, user: User }) }),
    })
    .patch(
      "/:message_id",
      async ({ who, params, body, set }) => {
        limits.takePost(who, set.headers);
        return editMessage(chat, who, { ...params, ...body });
      },
      { params: messagePlace, body: Edit, ...answers({ 200: Message }, ["archived", "gone"]) },
    )
    .delete(
      "/:message_id",
      async ({ who, params, set }) => {
        limits.takePost(who, set.headers);
        return removeMessage(chat, who, params);
      },
      { params: messagePlace, ...answers({ 200: Message }) },
    );
