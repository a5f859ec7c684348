/** What was given up, and what nobody has acknowledged: for those who run a workspace, and at the address that a seed had for it. */
import { Elysia, t } from "elysia";
import { discardDeadLetter, failedDeliveries, listDeadLetters, retryDeadLetter, retryDeadLetters, undeliveredTo } from "../chat/dead-letters.ts";
import { Id, listOf } from "../protocol.ts";
import { DEAD_LETTERS_MAX, DeadLetter, FailedDeliveries, Retried, Undelivered } from "../protocol/deliveries.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { cursor, digits, given, limit } from "./queries.ts";

const place = t.Object({ delivery_id: Id });
const query = t.Object({ limit: digits("^([1-9]\\d{0,2}|1000)$", 1, DEAD_LETTERS_MAX) });

export const deadLetters = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/dead-letters" })
    .use(askerOrKey)
    .get("/", ({ who, query }) => listDeadLetters(chat, who, given(query)), { query, ...answers({ 200: listOf(DeadLetter) }) })
    .post("/retry", async ({ who, body }) => retryDeadLetters(chat, who, body), {
      body: t.Object({ target_id: t.Optional(Id) }, { additionalProperties: false }),
      ...answers({ 200: Retried }),
    })
    .post("/:delivery_id/retry", async ({ who, params, status }) => status(204, await retryDeadLetter(chat, who, params)), {
      params: place,
      ...answers({ 204: null }),
    })
    .delete("/:delivery_id", async ({ who, params, status }) => status(204, await discardDeadLetter(chat, who, params)), {
      params: place,
      ...answers({ 204: null }, ["conflict"]),
    });

export const undelivered = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/undelivered" })
    .use(askerOrKey)
    .get("/", ({ who, query }) => undeliveredTo(chat, who, { ...given(query), user_id: query.user_id }), {
      query: t.Object({ user_id: Id, cursor, limit }),
      ...answers({ 200: listOf(Undelivered) }, ["not_found"]),
    });

export const seedDeadLetters = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ name: "seed-dead-letters" })
    .use(askerOrKey)
    .get("/admin/dead-letters", ({ who, query }) => failedDeliveries(chat, who, given(query)), {
      query,
      ...answers({ 200: FailedDeliveries }, ["rate_limited"]),
    });
