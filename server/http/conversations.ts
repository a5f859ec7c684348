/** The operator's bulk route: a conversation that took place elsewhere, put into a running server piece by piece (scripts/seed). */
import { Elysia, t } from "elysia";
import { openConversation } from "../chat/conversation.ts";
import { Count, Id } from "../protocol.ts";
import { answers } from "./answers.ts";
import { tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";
import { askOperatorHere } from "./operator.ts";

const Ms = t.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });
const Username = t.String({ maxLength: 128 });

/** Tuples: a body may hold 200 keys, and holds some hundred lines. Times are milliseconds since 1970, as they are stored. */
const Piece = t.Object({
  channel: t.String({ maxLength: 128 }),
  description: t.String({ maxLength: 1_000 }),
  born_at: Ms,
  /** username, when they were first there. */
  speakers: t.Array(t.Tuple([Username, Ms]), { maxItems: 500 }),
  /** client_id, time, username, content. Each of a speaker that was seated, in this piece or one before. */
  lines: t.Array(t.Tuple([t.String({ pattern: "^[A-Za-z0-9_-]{16,64}$" }), Ms, Username, t.String()]), { maxItems: 1_000 }),
});

const Filled = t.Object({ room_id: Id, joined: Count, stored: Count });

export const conversations = (door: Door) =>
  new Elysia({ name: "conversations" }).post(
    "/admin/conversations",
    async ({ request, server, body }) => {
      askOperatorHere(door, request, server);
      const tenant = await tenantFor(door, request);
      const conversation = await openConversation(door.chat, tenant.id, body);
      const joined = await conversation.seat(body.speakers.map(([username, at]) => ({ username, at })));
      const stored = await conversation.put(body.lines.map(([client_id, at, username, content]) => ({ client_id, at, username, content })));
      return { room_id: conversation.room_id, joined, stored };
    },
    { body: Piece, ...answers({ 200: Filled }, ["not_found", "conflict", "archived"]) },
  );
