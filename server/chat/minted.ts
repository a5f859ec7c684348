/** User tokens that a tenant's server mints for the pages of its users: they die with the key, and cannot mint others. */
import type { MintedToken, NewToken } from "../protocol/api-keys.ts";
import type { Chat } from "./chat.ts";
import { actFor, keyNow } from "./key-rights.ts";
import { memberOf } from "./members.ts";
import { keyBehind, type Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { usersNamed } from "./senders.ts";

/**
 * By a key itself, of scope `server` or `admin`, for whom it may act; whom nobody knows is brought into being. With `room_id` it
 * opens that room alone. Refuses `forbidden` to everybody else, holders of minted tokens too, `not_found` (the user is not in the room), and as
 * `actFor` does.
 */
export async function mintToken(chat: Chat, who: Principal, input: NewToken): Promise<MintedToken> {
  const via = keyBehind(who);
  if (!via || via.until !== undefined || via.scope === "read") refuse("forbidden");
  const key = (await keyNow(chat, { tenant_id: who.tenant_id, key_id: via.key_id })) ?? refuse("unauthorized");
  const { user_id, ttl_seconds, display_name, room_id } = input;
  const meant = await actFor(chat, key, { user_id, ...(display_name !== undefined && { display_name }) });
  if (room_id !== undefined) await memberOf(chat, meant, room_id);
  const [user] = await usersNamed(chat, meant.tenant_id, [meant.user_id]);
  const left = key.expires_at === null ? Infinity : Math.ceil((key.expires_at - chat.now()) / 1_000);
  const expires_in = Math.min(ttl_seconds, left);
  const bound = room_id === undefined ? {} : { room_id };
  const access_token = await chat.tokens.sign({ typ: "minted", tid: meant.tenant_id, sub: meant.user_id, key_id: key.id, ...bound }, expires_in);
  return { access_token, token_type: "Bearer", expires_in, user: user ?? refuse("not_found") };
}
