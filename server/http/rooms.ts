/** Rooms, their members, acks, typing, presence, and the tickets that open sockets. */
import { Elysia, t } from "elysia";
import { acknowledge } from "../chat/acks.ts";
import { listMembers } from "../chat/members.ts";
import { listMoves } from "../chat/moves.ts";
import { refuse } from "../chat/refusal.ts";
import { readyRooms } from "../chat/ready-rooms.ts";
import { addMember, joinRoom, removeMember, setMemberRole } from "../chat/membership.ts";
import { noteTyping, presenceOf } from "../chat/presence.ts";
import { archiveRoom, createRoom, getRoom, listPublicRooms, patchRoom } from "../chat/rooms.ts";
import { issueTicket } from "../chat/tickets.ts";
import {
  Ack,
  listOf,
  Member,
  NewMember,
  NewRoom,
  NewTicket,
  PatchMember,
  PatchRoom,
  Presence,
  PutMine,
  Room,
  Ticket,
  Typing,
  User,
} from "../protocol.ts";
import type { Again } from "./again.ts";
import { answers, KEYED } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { hostOf, nameOf } from "./guard.ts";
import { createOnce } from "./once.ts";
import { retiring } from "./retiring.ts";
import { cursor, given, limit, memberPlace, q, roomPlace, seq } from "./queries.ts";

export const rooms = ({ chat }: Door, { asker }: Askers, again: Again) =>
  new Elysia({ prefix: "/rooms" })
    .use(asker)
    .get(
      "/",
      // async in so many words: Elysia awaits what looks asynchronous to it, a ternary does not, and its fault would pass the error mapper
      async ({ who, query, request, route, set }) =>
        query.scope === "public"
          ? listPublicRooms(chat, who, given({ cursor: query.cursor, limit: query.limit }))
          : again.told(await readyRooms(chat, who), who, { request, route, set }),
      {
        query: t.Object({
          scope: t.Optional(t.Union([t.Literal("mine"), t.Literal("public")])),
          cursor,
          limit,
        }),
        ...answers({ 200: listOf(Room) }),
      },
    )
    .post(
      "/",
      async ({ who, body, request, status }) => {
        const { status: code, answer } = await createOnce(chat, { who, request, body }, async () => {
          const { room, created } = await createRoom(chat, who, body);
          return { status: created ? 201 : 200, answer: room };
        });
        return status(code, answer);
      },
      { body: NewRoom, ...answers({ 200: Room, 201: Room }, ["conflict"], KEYED) },
    )
    .get("/:room_id", ({ who, params }) => getRoom(chat, who, params), { params: roomPlace, ...answers({ 200: Room }) })
    .patch("/:room_id", ({ who, params, body }) => patchRoom(chat, who, { ...params, ...body }), {
      params: roomPlace,
      body: PatchRoom,
      ...answers({ 200: Room }, ["conflict"]),
    })
    .delete("/:room_id", ({ who, params }) => archiveRoom(chat, who, params), { params: roomPlace, ...answers({ 200: Room }) })
    .put("/:room_id/ack", async ({ who, params, body, status }) => status(204, await acknowledge(chat, who, { ...params, ...body })), {
      params: roomPlace,
      body: Ack,
      ...answers({ 204: null }),
    })
    .post("/:room_id/typing", async ({ who, params, body, status }) => status(204, await noteTyping(chat, who, { ...params, ...body })), {
      params: roomPlace,
      body: Typing,
      ...answers({ 204: null }, ["archived"]),
    })
    .get("/:room_id/presence", async ({ who, params }) => ({ items: await presenceOf(chat, who, params) }), {
      params: roomPlace,
      ...answers({ 200: listOf(Presence) }),
    });

export const members = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/rooms/:room_id/members" })
    .use(asker)
    .get(
      "/",
      ({ who, params, query }) => {
        const { after_rev, until_rev, ...page } = given(query);
        if (after_rev === undefined && until_rev === undefined) return listMembers(chat, who, { ...params, ...page });
        const { limit, ...beside } = page;
        if (Object.keys(beside).length > 0) refuse("invalid", { fields: Object.keys(beside) });
        return listMoves(chat, who, {
          ...params,
          after_rev: after_rev ?? 0,
          ...(until_rev !== undefined && { until_rev }),
          ...(limit !== undefined && { limit }),
        });
      },
      {
        params: roomPlace,
        /** By revs: those whose rows changed in between, also who has left. */
        query: t.Object({ cursor, limit, q, after_rev: seq, until_rev: seq }),
        ...answers({ 200: listOf(t.Object({ member: Member, user: User })) }),
      },
    )
    .post(
      "/",
      async ({ who, params, body, request, status }) => {
        const add = async () => ({ status: 201, answer: await addMember(chat, who, { ...params, ...body }) });
        const { status: code, answer } = await createOnce(chat, { who, request, body }, add);
        return status(code, answer);
      },
      { params: roomPlace, body: NewMember, ...answers({ 201: Member }, ["archived", "conflict"], KEYED) },
    )
    .put("/me", ({ who, params, body }) => joinRoom(chat, who, { ...params, ...body }), {
      params: roomPlace,
      body: PutMine,
      ...answers({ 200: Member }, ["archived"]),
    })
    .patch("/:user_id", ({ who, params, body }) => setMemberRole(chat, who, { ...params, ...body }), {
      params: memberPlace,
      body: PatchMember,
      ...answers({ 200: Member }),
    })
    .delete(
      "/:user_id",
      async ({ who, params, status }) =>
        status(204, await removeMember(chat, who, { ...params, user_id: params.user_id === "me" ? who.user_id : params.user_id })),
      { params: memberPlace, ...answers({ 204: null }) },
    );

export const tickets = ({ chat, config, hosts }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/ws/tickets" }).use(asker).post(
    "/",
    async ({ who, body, request, status }) => {
      const { ticket, expires_in } = await issueTicket(chat, who, { ...body, origin: request.headers.get("origin") });
      return status(201, { ticket, expires_in, url: `${socketBase(config, hosts, request)}/ws` });
    },
    { body: t.Optional(NewTicket), ...answers({ 201: Ticket }, ["not_found"]) },
  );

/** The first seed's own path. */
export const seedTickets = (door: Door, askers: Askers) => new Elysia().use(retiring("POST /ws/tickets")).use(tickets(door, askers));

/** Where the socket opens: at the host of the tenant it was asked for at, else at the public address, else where the asker has just found us. */
function socketBase({ public_url }: Door["config"], hosts: Door["hosts"], request: Request): string {
  if (public_url !== null && hosts.has(nameOf(request))) return `${new URL(public_url).protocol.replace("http", "ws")}//${hostOf(request)}`;
  const scheme = URL.parse(request.headers.get("origin") ?? "")?.protocol === "https:" ? "https" : "http";
  return (public_url ?? `${scheme}://${hostOf(request)}`).replace(/^http/u, "ws");
}
