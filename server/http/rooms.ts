/** Rooms, their members, acks, typing, presence, and the tickets that open sockets. */
import { Elysia, t } from "elysia";
import { acknowledge } from "../chat/acks.ts";
import { addMember, joinRoom, listMembers, removeMember, setMemberRole } from "../chat/members.ts";
import { noteTyping, presenceOf } from "../chat/presence.ts";
import { archiveRoom, createRoom, getRoom, listPublicRooms, listRooms, patchRoom } from "../chat/rooms.ts";
import { issueTicket } from "../chat/tickets.ts";
import { at } from "../chat/views.ts";
import { Ack, NewMember, NewRoom, NewTicket, PatchMember, PatchRoom, PutMine, Typing } from "../protocol.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { given, limit, listing, memberPlace, roomPlace } from "./queries.ts";

export const rooms = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/rooms" })
    .use(asker)
    .get("/", ({ who, query }) => (query.scope === "public" ? listPublicRooms(chat, who, given({ cursor: query.cursor, limit: query.limit })) : listRooms(chat, who)), {
      query: t.Object({
        scope: t.Optional(t.Union([t.Literal("mine"), t.Literal("public")])),
        cursor: t.Optional(t.String({ maxLength: 128 })),
        limit,
      }),
    })
    .post(
      "/",
      async ({ who, body, status }) => {
        const { room, created } = await createRoom(chat, who, body);
        return status(created ? 201 : 200, room);
      },
      { body: NewRoom },
    )
    .get("/:room_id", ({ who, params }) => getRoom(chat, who, params), { params: roomPlace })
    .patch("/:room_id", ({ who, params, body }) => patchRoom(chat, who, { ...params, ...body }), { params: roomPlace, body: PatchRoom })
    .delete("/:room_id", ({ who, params }) => archiveRoom(chat, who, params), { params: roomPlace })
    .put("/:room_id/ack", async ({ who, params, body, status }) => status(204, await acknowledge(chat, who, { ...params, ...body })), {
      params: roomPlace,
      body: Ack,
    })
    .post("/:room_id/typing", async ({ who, params, body, status }) => status(204, await noteTyping(chat, who, { ...params, ...body })), {
      params: roomPlace,
      body: Typing,
    })
    .get("/:room_id/presence", async ({ who, params }) => ({ items: await presenceOf(chat, who, params) }), { params: roomPlace });

export const members = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/rooms/:room_id/members" })
    .use(asker)
    .get("/", ({ who, params, query }) => listMembers(chat, who, { ...params, ...given(query) }), { params: roomPlace, query: listing })
    .post("/", async ({ who, params, body, status }) => status(201, await addMember(chat, who, { ...params, ...body })), {
      params: roomPlace,
      body: NewMember,
    })
    .put("/me", ({ who, params, body }) => joinRoom(chat, who, { ...params, ...body }), { params: roomPlace, body: PutMine })
    .patch("/:user_id", ({ who, params, body }) => setMemberRole(chat, who, { ...params, ...body }), { params: memberPlace, body: PatchMember })
    .delete(
      "/:user_id",
      async ({ who, params, status }) =>
        status(204, await removeMember(chat, who, { ...params, user_id: params.user_id === "me" ? who.user_id : params.user_id })),
      { params: memberPlace },
    );

export const tickets = ({ chat, config }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/ws/tickets" }).use(asker).post(
    "/",
    async ({ who, body, request, status }) => {
      const { ticket, expires_at } = await issueTicket(chat, who, { ...body, origin: request.headers.get("origin") });
      const base = config.public_url ?? `${new URL(request.url).protocol}//${request.headers.get("host") ?? ""}`;
      return status(201, { ticket, expires_at: at(expires_at), url: `${base.replace(/^http/u, "ws")}/ws` });
    },
    { body: t.Optional(NewTicket) },
  );
