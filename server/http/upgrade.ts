/** GET /ws: a ticket (or, from a program, an access token) becomes a socket. The secret never stands in a URL but for `?ticket=`. */
import { Elysia } from "elysia";
import type { Principal } from "../chat/principal.ts";
import { Refusal, refuse } from "../chat/refusal.ts";
import { redeemTicket } from "../chat/tickets.ts";
import { whoHolds } from "./asker.ts";
import type { Door } from "./door.ts";

export const upgrade = (door: Door) =>
  new Elysia({ name: "upgrade" }).get("/ws", async ({ request, server }) => {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") refuse("bad_request");
    if (door.live.draining) throw new Refusal("unavailable", { retry_after_ms: 1_000 });
    const who = await whoOpens(door, request);
    if (!door.live.upgrade(request, server, who)) refuse("bad_request");
    return undefined as never; // the socket has the connection now
  });

async function whoOpens(door: Door, request: Request): Promise<Principal> {
  const origin = request.headers.get("origin");
  const query = new URL(request.url).searchParams;
  if (query.has("api_key")) refuse("invalid", { fields: ["api_key: ask POST /api/v1/ws/tickets for a ticket"] });
  const spoken = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
  const ticket = spoken.find((one) => one.startsWith("ticket."))?.slice("ticket.".length) ?? query.get("ticket");
  if (ticket !== null && ticket !== undefined) return redeemTicket(door.chat, { ticket, origin });
  const bearer = /^Bearer ([\w.-]+)$/u.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer === undefined || origin !== null) return refuse("unauthorized");
  return (await whoHolds(door, bearer)) ?? refuse("unauthorized");
}
