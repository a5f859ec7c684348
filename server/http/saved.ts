/** What one has put by, for oneself alone. */
import { Elysia, t } from "elysia";
import { listSaved, listSavedIds, saveMessage, unsaveMessage } from "../chat/saved.ts";
import { Id, Message, Time, User } from "../protocol.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { given, listing } from "./queries.ts";

const SavedMessage = t.Object({ id: Id, saved_at: Time, message: Message });
const place = t.Object({ message_id: Id });

export const saved = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/me/saved" })
    .use(asker)
    .get("/", ({ who, query }) => listSaved(chat, who, given(query)), {
      query: listing,
      ...answers({ 200: t.Object({ items: t.Array(SavedMessage), users: t.Array(User), next_cursor: t.Optional(t.String()) }) }, ["forbidden"]),
    })
    .get("/ids", ({ who }) => listSavedIds(chat, who), answers({ 200: t.Object({ message_ids: t.Array(Id) }) }, ["forbidden"]))
    .put("/:message_id", async ({ who, params, status }) => status(204, await saveMessage(chat, who, params)), {
      params: place,
      ...answers({ 204: null }, ["gone", "too_large"]),
    })
    .delete("/:message_id", async ({ who, params, status }) => status(204, await unsaveMessage(chat, who, params)), {
      params: place,
      ...answers({ 204: null }),
    });
