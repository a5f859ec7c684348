/** `Idempotency-Key`, for routes that create: the same request asked again is answered as before. On messages it is `client_id` by another name. */
import type { Chat } from "../chat/chat.ts";
import { type Answered, once } from "../chat/once.ts";
import type { Principal } from "../chat/principal.ts";
import { refuse } from "../chat/refusal.ts";
import { ClientId } from "../protocol.ts";
import { pathOf } from "./guard.ts";

const form = new RegExp(ClientId.pattern ?? "", "u");

/** The key of a request, null without one. Refuses `invalid` what is no key: 16 to 64 of `A-Za-z0-9_-`, as a `client_id`. */
export function keyOf(request: Request): string | null {
  const key = request.headers.get("idempotency-key");
  if (key !== null && !form.test(key)) refuse("invalid", { fields: ["idempotency-key"] });
  return key;
}

/** Makes it, once for each key of this asker. `body` as it was parsed: the same values in another order are the same request. */
export async function createOnce(
  chat: Chat,
  { who, request, body }: { who: Principal; request: Request; body: unknown },
  make: () => Promise<Answered>,
): Promise<Answered> {
  const key = keyOf(request);
  if (key === null) return make();
  const asked = JSON.stringify([request.method, pathOf(request), sorted(body)]);
  return once(chat, who, { key, request_hash: new Bun.CryptoHasher("sha256").update(asked).digest("base64url") }, make);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
