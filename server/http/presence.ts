/** Who is here, for those who hold no socket. */
import { Elysia, t } from "elysia";
import { presenceOfUsers } from "../chat/presence.ts";
import { listOf, Presence } from "../protocol.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { idsIn, idsText } from "./queries.ts";

export const presence = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/presence" })
    .use(asker)
    .get("/", async ({ who, query }) => ({ items: await presenceOfUsers(chat, who, { user_ids: idsIn("user_ids", query.user_ids) }) }), {
      query: t.Object({ user_ids: idsText }),
      ...answers({ 200: listOf(Presence) }),
    });
