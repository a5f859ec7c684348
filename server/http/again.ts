/**
 * What somebody asked lately and asks again, before anything is routed. An answer is given again only where nothing at all has been committed since it was
 * begun (the store's moment), and what no database holds is as it was: so it is the answer that the route would give. All else that comes with a request
 * happens as ever, by the same functions: the guard, the right as of now, the limits, the headers, the numbers. What is anything but plain goes to the
 * route: other methods, keys, pages of others, a plugin that looks at requests, a server that stops, and Postgres, which has no moments.
 */
import type { Chat } from "../chat/chat.ts";
import { type Principal, signInOf } from "../chat/principal.ts";
import { createRecent } from "../chat/recent.ts";
import { principalAsOf } from "../chat/sign-ins.ts";
import type { Still } from "../chat/still.ts";
import { bearerOf } from "./credential.ts";
import type { Door } from "./door.ts";
import { guard, outsideOf } from "./guard.ts";
import { headersFor } from "./headers.ts";
import type { Limits } from "./limit.ts";
import { routeLabel } from "./measure.ts";

export type Again = ReturnType<typeof createAgain>;
/** `ready` is made when it is asked for the second time. A response copies these headers, for half of what it costs to make them, and of a Blob no byte. */
type Kept = Still & { route: string; ready: { headers: Headers; body: Blob } | null };

const BYTES_MAX = 8 << 20;
const ANSWER_BYTES_MAX = 1 << 20; // a larger one would take the place of all others
const ENTRY_BYTES = 1_000; // its key and what is said beside the bytes, at the least

const JSON_TYPE = "application/json;charset=utf-8"; // as Bun says it of an object

export function createAgain(door: Door, limits: Limits) {
  const { chat, tokens, config, metrics, plugins } = door;
  const outside = outsideOf(door);
  const kept = createRecent<Kept>(BYTES_MAX, ({ bytes }) => 2 * bytes.length + ENTRY_BYTES);
  const isOff = chat.store.moment === undefined || plugins.some(({ request }) => request !== undefined);

  const made = ({ bytes }: Kept, request: Request) => ({
    headers: new Headers({ ...headersFor(request, config), vary: "Origin", "content-type": JSON_TYPE }),
    body: new Blob([bytes]),
  });

  return {
    /** The bytes of an answer that has been made for this request, and are kept for the next. */
    told(still: Still, who: Principal, { request, route, set }: Asked): Uint8Array {
      set.headers["content-type"] = JSON_TYPE;
      const { bytes, moment } = still;
      const isKept = !isOff && moment !== null && bytes.length <= ANSWER_BYTES_MAX && signInOf(who) !== null && request.method === "GET";
      if (isKept) kept.set(keyOf(who, request), { ...still, route, ready: null });
      return bytes;
    },

    /** Null: it is to be asked. */
    answer(request: Request): Response | null {
      if (isOff || request.method !== "GET" || door.live.draining) return null;
      const from = performance.now();
      const { headers } = request;
      const token = headers.has("origin") || headers.has("x-api-key") ? null : bearerOf(request);
      const claims = token === null ? null : tokens.remembered(token);
      if (claims?.typ !== "access") return null;
      const answer = kept.use(keyOf({ tenant_id: claims.tid, user_id: claims.sub }, request));
      const moment = answer ? momentOf(chat) : null;
      if (!answer || moment === null || answer.moment !== moment || guard(outside, request) !== null) return null;
      const who = principalAsOf(chat, claims, moment);
      if (!who || !answer.holds()) return null;
      const { route } = answer;
      const left: Record<string, string> = {};
      if (!limits.mayTake(who, { request, route }, left)) return null;
      door.asked?.();
      const ready = (answer.ready ??= made(answer, request));
      const told = new Headers(ready.headers);
      told.set("x-request-id", chat.newId());
      for (const name in left) told.set(name, left[name] ?? "");
      const response = new Response(ready.body, { headers: told });
      metrics.request({ method: "GET", route: routeLabel(route), status: 200 }, (performance.now() - from) / 1_000);
      return response;
    },
  };
}

/** Null, too, where the database is away: the route says so. */
function momentOf({ store }: Chat): number | null {
  try {
    return store.moment?.() ?? null;
  } catch {
    return null;
  }
}

type Asked = { request: Request; route: string; set: { headers: Record<string, string | number | undefined> } };

/** As it was written: whoever writes the same in another way is answered by the route. Of an id no part can be taken for another. */
const keyOf = ({ tenant_id, user_id }: Pick<Principal, "tenant_id" | "user_id">, { url }: Request): string =>
  `${tenant_id}/${user_id}${url.slice(url.indexOf("/", "https://".length))}`;
