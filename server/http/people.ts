/** Me, the people of the workspace, and what its admins do with them. */
import { Elysia, t } from "elysia";
import { createBot } from "../chat/bots.ts";
import { checkInvite, createInvite, listInvites, revokeInvite } from "../chat/invites.ts";
import { getMe, getUser, listUsers, patchMe, patchUser } from "../chat/users.ts";
import { Id, Invite, InviteCheck, listOf, Me, NewInvite, PatchMe, PatchUser, User } from "../protocol.ts";
import { NewBot } from "../protocol/bots.ts";
import { answers, KEYED } from "./answers.ts";
import { type Askers, tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";
import { createOnce } from "./once.ts";
import { cursor, given, idsIn, idsText, limit, listing, q } from "./queries.ts";

export const me = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/me" })
    .use(asker)
    .get("/", ({ who }) => getMe(chat, who), answers({ 200: Me }))
    .patch("/", ({ who, body }) => patchMe(chat, who, body), { body: PatchMe, ...answers({ 200: Me }) });

export const users = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/users" })
    .use(asker)
    .get("/", ({ who, query }) => listUsers(chat, who, { ...given({ cursor: query.cursor, limit: query.limit, q: query.q }), ...idsOf(query.ids) }), {
      query: t.Object({ ids: t.Optional(idsText), q, cursor, limit }),
      ...answers({ 200: listOf(User) }),
    })
    .get("/:user_id", ({ who, params }) => getUser(chat, who, params), {
      params: t.Object({ user_id: Id }),
      ...answers({ 200: User }),
    });

export const adminUsers = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/users" })
    .use(askerOrKey)
    .post(
      "/",
      async ({ who, body, request, status }) => {
        const make = async () => ({ status: 201, answer: await createBot(chat, who, body) });
        const { status: code, answer } = await createOnce(chat, { who, request, body }, make);
        return status(code, answer);
      },
      { body: NewBot, ...answers({ 201: User }, ["conflict"], KEYED) },
    )
    .patch("/:user_id", ({ who, params, body }) => patchUser(chat, who, { ...params, ...body }), {
      params: t.Object({ user_id: Id }),
      body: PatchUser,
      ...answers({ 200: User }, ["conflict"]),
    });

export const invites = (door: Door, { stranger }: Askers) =>
  new Elysia({ prefix: "/invites" })
    .use(stranger)
    .post("/check", async ({ request, body }) => checkInvite(door.chat, await tenantFor(door, request), body.code), {
      body: t.Object({ code: t.String({ maxLength: 256 }) }),
      ...answers({ 200: InviteCheck }),
    });

export const adminInvites = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/invites" })
    .use(askerOrKey)
    .get("/", ({ who, query }) => listInvites(chat, who, given(query)), { query: listing, ...answers({ 200: listOf(Invite) }) })
    .post("/", async ({ who, body, status }) => status(201, await createInvite(chat, who, body)), { body: NewInvite, ...answers({ 201: Invite }) })
    .delete("/:invite_id", async ({ who, params, status }) => status(204, await revokeInvite(chat, who, params)), {
      params: t.Object({ invite_id: Id }),
      ...answers({ 204: null }),
    });

const idsOf = (ids: string | undefined): { ids?: string[] } => (ids === undefined ? {} : { ids: idsIn("ids", ids) });
