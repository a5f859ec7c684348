/**
 * The credential of a request: an access token, a token that a key minted, or a tenant's API key with the user it acts for. A key is a server's
 * secret: it is refused wherever a browser sends it, and in an address, where it would be logged.
 */
import { actFor, keyItself, keyShown } from "../chat/key-rights.ts";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { renewed } from "../chat/renewed.ts";
import { Id } from "../protocol.ts";
import type { Door, Peer } from "./door.ts";
import type { Limits } from "./limit.ts";

export type Asking = { request: Request; server: Peer; route: string; set: { headers: Record<string, string | number | undefined> } };

/**
 * Who asks, as of now, or null where nothing that was sent opens anything; takes from the bucket of whoever it is. Where the route takes a key
 * `alone`, one without `X-User-Id` asks for itself. Refuses `forbidden` for a key from a browser and as `actFor` does, `invalid` for what is sent wrongly.
 */
export async function whoAsks({ chat, tokens }: Door, limits: Limits, asking: Asking, alone: boolean): Promise<Principal | null> {
  const { request, set } = asking;
  const shown = keyIn(request);
  if (shown === null) {
    const who = await whoHolds({ chat, tokens }, bearerOf(request));
    if (who) {
      limits.takeFromUser(who, asking, set.headers);
      limits.takeFromTenant(who, set.headers);
    }
    return who;
  }
  const key = await keyShown(chat, shown, () => limits.checkAddress(limits.addressOf(request, asking.server), asking, set.headers));
  if (!key) return null;
  limits.takeFromKey(key, set.headers);
  limits.takeFromTenant(key, set.headers); // before anybody is brought into being
  const user = userIn(request);
  if (user) return actFor(chat, key, user);
  return alone ? keyItself(key) : refuse("invalid", { fields: ["x-user-id"] });
}

/** What stands behind `Authorization: Bearer`; null when nothing does that could be a token. */
export const bearerOf = (request: Request): string | null => /^bearer ([\w.-]+)$/iu.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;

/** The principal of a token as of now: what carries it alive, its user enabled, with the role they have by now. */
export async function whoHolds({ tokens, chat }: Pick<Door, "tokens" | "chat">, token: string | null): Promise<Principal | null> {
  const claims = token === null ? null : await tokens.verify(token);
  if (!claims) return null;
  const { tid: tenant_id, sub: user_id } = claims;
  if (claims.typ === "access") return renewed(chat, { tenant_id, user_id, via: { sign_in_id: claims.sid } });
  const via = { key_id: claims.key_id, until: claims.exp * 1_000 };
  return renewed(chat, { tenant_id, user_id, via, ...(claims.room_id !== undefined && { room_id: claims.room_id }) });
}

/** Refuses a key in the address by naming what to ask for instead. */
export function refuseKeyInAddress(request: Request): void {
  if (!request.url.includes("api_key")) return;
  if (URL.parse(request.url)?.searchParams.has("api_key")) refuse("invalid", { fields: ["api_key: ask POST /api/v1/ws/tickets for a ticket"] });
}

const userForm = new RegExp(Id.pattern ?? "", "u");
const NAME_CHARACTERS = 80;

function keyIn(request: Request): string | null {
  const { headers } = request;
  refuseKeyInAddress(request);
  const key = headers.get("x-api-key");
  if (key === null) return null; // X-User-Id alone says nothing: a proxy before us may send it with every request
  if (headers.has("origin") || headers.has("sec-fetch-site")) refuse("forbidden");
  if (headers.has("authorization")) refuse("invalid", { fields: ["authorization"] }); // two credentials could be two people
  return key;
}

function userIn({ headers }: Request): { user_id: string; display_name?: string } | null {
  const user_id = headers.get("x-user-id");
  if (user_id === null) return null;
  if (!userForm.test(user_id)) refuse("invalid", { fields: ["x-user-id"] });
  const name = headers.get("x-user-name");
  return name === null ? { user_id } : { user_id, display_name: nameIn(name) };
}

/** Headers hold Latin-1 alone: a name is UTF-8, percent-encoded. */
function nameIn(header: string): string {
  try {
    const name = decodeURIComponent(header);
    if (name.length <= NAME_CHARACTERS) return name;
  } catch {
    // not encoded as it should be
  }
  return refuse("invalid", { fields: ["x-user-name"] });
}
