/** GET /ws: a ticket (or, from a program, a token or an API key) becomes a socket. The secret never stands in a URL but for `?ticket=`. */
import { Elysia } from "elysia";
import type { Principal } from "../chat/principal.ts";
import { Refusal, refuse } from "../chat/refusal.ts";
import { redeemTicket } from "../chat/tickets.ts";
import { openingOf } from "./dialects.ts";
import { type Asking, refuseKeyInAddress, whoAsks } from "./credential.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limit.ts";
import { createOrigins } from "./origins.ts";

export const upgrade = (door: Door, limits: Limits) => {
  const origins = createOrigins(door);
  return new Elysia({ name: "upgrade" }).get("/ws", async ({ request, server, route, set }) => {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") refuse("bad_request");
    if (door.live.draining) throw new Refusal("unavailable", { retry_after_ms: 1_000 });
    const who = await whoOpens(door, limits, { request, server, route, set }).catch((fault: unknown) => {
      if (fault instanceof Refusal) limits.takeFromAddress(limits.addressOf(request, server), { request, route }, set.headers);
      throw fault;
    });
    const opening = await openingOf(door.chat, request, who);
    if (door.live.draining) throw new Refusal("unavailable", { retry_after_ms: 1_000 }); // it may have begun while the asker was looked up
    const page = origins.hold(request, who.tenant_id);
    if (!door.live.upgrade(request, server, opening.who, page, opening.from)) refuse("bad_request");
    return undefined as never; // the socket has the connection now
  });
};

const ticketForm = /^[\w-]{43}$/u; // what cannot be one costs no transaction

async function whoOpens(door: Door, limits: Limits, asking: Asking): Promise<Principal> {
  const { request, set } = asking;
  const origin = request.headers.get("origin");
  const query = URL.parse(request.url)?.searchParams ?? new URLSearchParams();
  refuseKeyInAddress(request);
  const ticket = spokenTicket(request) ?? query.get("ticket");
  if (ticket !== null) {
    const who = ticketForm.test(ticket) ? await redeemTicket(door.chat, { ticket, origin }) : refuse("unauthorized");
    limits.takeFromUser(who, asking, set.headers);
    limits.takeFromTenant(who, set.headers);
    return who;
  }
  if (origin !== null) refuse("unauthorized"); // a page's credential would be the browser's to send, not the person's
  return (await whoAsks(door, limits, asking, false)) ?? refuse("unauthorized");
}

function spokenTicket(request: Request): string | null {
  const spoken = (request.headers.get("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim());
  return spoken.find((one) => one.startsWith("ticket."))?.slice("ticket.".length) ?? null;
}
