/** Tickets: what opens a socket, or one file (downloads.ts), once, within a minute, for whom it was issued, from where it was asked for. */
import { and, eq, isNull } from "drizzle-orm";
import { useTicket } from "../../db/request-islands.ts";
import type { TicketVia } from "../../db/schema-of-seats.ts";
import type { Chat } from "./chat.ts";
import { CLOCKS_DIFFER_MS } from "./clocks.ts";
import { memberOf } from "./members.ts";
import { given, prepared } from "./prepared.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { renewed } from "./renewed.ts";
import { hashOf } from "./secrets.ts";

/** `origin` is that of the asking page, null for a program; a socket that names an origin must name the same. `room_id` narrows the socket to it. */
export async function issueTicket(
  chat: Chat,
  who: Principal,
  input: { room_id?: string; origin: string | null },
): Promise<{ ticket: string; expires_in: number }> {
  const room_id = input.room_id ?? who.room_id ?? null;
  if (room_id !== null) await memberOf(chat, who, room_id);
  return issue(chat, who, { opens: "", room_id, origin: input.origin });
}

/** `opens`: what it is for; only who names the same again opens anything with it. Empty: a socket. */
export async function issue(
  chat: Chat,
  who: Principal,
  { opens, room_id, origin }: { opens: string; room_id: string | null; origin: string | null },
): Promise<{ ticket: string; expires_in: number }> {
  const ticket = chat.newSecret();
  const now = chat.now();
  const expires_at = now + chat.config.ticket_ttl_ms;
  const { tenant_id, user_id } = who;
  const via = carriedBy(who);
  const row = { hash: hashOf(opens + ticket), tenant_id, user_id, room_id, via, origin, used_at: null, expires_at, created_at: now };
  await chat.store.write((tx) => tx.insert(chat.store.t.ws_tickets).values(row));
  return { ticket, expires_in: Math.floor(chat.config.ticket_ttl_ms / 1_000) };
}

/** Uses the ticket up and says for whom it was, as of now. Refuses `unauthorized`: unknown, used, expired, another origin's, or its right has ended. */
export async function redeemTicket(chat: Chat, input: { ticket: string; opens?: string; origin: string | null }): Promise<Principal> {
  const now = chat.now();
  const hash = hashOf((input.opens ?? "") + input.ticket);
  const [known] = await unused(chat, { hash });
  if (!known) return refuse("unauthorized"); // whoever guesses costs a look, not a transaction
  const row = await chat.store.write((tx) => useTicket(tx, { hash, now, until: now + CLOCKS_DIFFER_MS }));
  if (!row || (input.origin !== null && row.origin !== null && row.origin !== input.origin)) return refuse("unauthorized");
  const { tenant_id, user_id, via, room_id } = row;
  return (await renewed(chat, { tenant_id, user_id, via, ...(room_id !== null && { room_id }) })) ?? refuse("unauthorized");
}

/** What the socket's right will hang on. A key's scope is not kept: it is asked for. */
function carriedBy({ via }: Principal): TicketVia {
  if ("sign_in_id" in via) return { sign_in_id: via.sign_in_id };
  return { key_id: via.key_id, ...(via.until !== undefined && { until: via.until }) };
}

const unused = prepared(({ read, t: { ws_tickets } }) =>
  read
    .select({ hash: ws_tickets.hash })
    .from(ws_tickets)
    .where(and(eq(ws_tickets.hash, given("hash")), isNull(ws_tickets.used_at)))
    .prepare("unused"),
);
