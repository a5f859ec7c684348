/** What who runs the workspace does with its people, beside what people.ts has: lists all of them, hands over, erases. */
import { Elysia, t } from "elysia";
import { eraseUser } from "../chat/erasure.ts";
import { handOver } from "../chat/ownership.ts";
import { listAllUsers } from "../chat/user-list.ts";
import { Id, listOf, Role } from "../protocol.ts";
import { AdminUser, Erasure, NewErasure, NewOwner } from "../protocol/people.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { cursor, given, idsIn, idsText, limit, q } from "./queries.ts";

const state = t.Union([t.Literal("active"), t.Literal("disabled")]);

export const userAdmin = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin" })
    .use(askerOrKey)
    .get("/users/", ({ who, query: { ids, ...query } }) => listAllUsers(chat, who, { ...given(query), ...(ids && { ids: idsIn("ids", ids) }) }), {
      query: t.Object({ q, ids: t.Optional(idsText), role: t.Optional(Role), state: t.Optional(state), cursor, limit }),
      ...answers({ 200: listOf(AdminUser) }),
    })
    .post("/users/:user_id/erasure", ({ who, params, body }) => eraseUser(chat, who, { ...params, ...body }), {
      params: t.Object({ user_id: Id }),
      body: NewErasure,
      ...answers({ 200: Erasure }, ["conflict"]),
    })
    .put("/owner", ({ who, body }) => handOver(chat, who, body), { body: NewOwner, ...answers({ 200: AdminUser }, ["conflict", "not_found"]) });
