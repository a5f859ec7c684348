/** Door one for the page: the access token in memory, refreshed once on 401 through the HttpOnly cookie. */
import type { Tokens } from "../server/protocol.ts";
import { ApiError } from "./sdk/api-error.ts";
import { answered, createCaller, type Fetching, type Held, type Once } from "./sdk/caller.ts";

export type Api = ReturnType<typeof createApi>;

const PATIENCE_MS = 15_000;
const NOBODY: Held = { holder: null, headers: {} };

export function createApi(base = "/api/v1", fetching: Fetching = (url, init) => fetch(url, init)) {
  let held = NOBODY;

  /** Only who is signed in is signed in anew: another tab may have let somebody else in. */
  const renew = async (once: Once): Promise<boolean> => {
    const asker = held.holder;
    const { access_token, user } = await answered<Tokens>(await once("POST", "/auth/refresh", {}, held.headers));
    if (held.holder !== asker || (asker !== null && asker !== user.id)) return false;
    held = heldBy({ access_token, user });
    return true;
  };
  const caller = createCaller(base, fetching, {
    held: () => held,
    renew: (once) =>
      renew(once).catch((fault: unknown) => {
        if (fault instanceof ApiError && !fault.retry) return false;
        throw fault;
      }),
  });

  return {
    ...caller,
    /** What shows who asks, for what is sent by other means than a call. */
    credential: (): Held["headers"] => held.headers,
    /** The tokens of who has signed in; null for nobody. */
    hold: (tokens: Pick<Tokens, "access_token" | "user"> | null): void => {
      held = tokens ? heldBy(tokens) : NOBODY;
    },
    /** A file of one's own, whole. Something small is asked for first, by which a stale token is renewed. */
    async file(path: string): Promise<Blob> {
      await caller.get("/me");
      const lost = (): never => {
        throw new ApiError({ code: "offline", retry: true });
      };
      const answer = await fetching(base + path, { headers: held.headers }).catch(lost);
      return answer.ok ? answer.blob().catch(lost) : answered<Blob>(answer);
    },
    /** Whether the server is well, in its own words, also when it is not. Null when nobody answered. */
    async ready(): Promise<string | null> {
      const answer = await fetching("/ready", { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
      return answer?.text().catch(() => null) ?? null;
    },
    /** What the server says it is; a page of another one is an old page. Null when nobody answered. */
    async version(): Promise<string | null> {
      const answer = await fetching("/version", { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
      return answer?.ok === true ? answer.text().catch(() => null) : null;
    },
  };
}

const heldBy = ({ access_token, user }: Pick<Tokens, "access_token" | "user">): Held => ({
  holder: user.id,
  headers: { authorization: `Bearer ${access_token}` },
});
