/** Door one, typed: the access token in memory, refreshed once on 401 through the HttpOnly cookie; several calls share that refresh. */
import type { ErrorBody, Tokens } from "../server/protocol.ts";
import { ApiError } from "./lib/api-error.ts";

export type Api = ReturnType<typeof createApi>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Ask = { keepalive?: boolean };

const PATIENCE_MS = 15_000; // a line that swallows everything must not hold a call, or the outbox behind it, for ever

export function createApi(base = "/api/v1", fetching: (url: string, init: RequestInit) => Promise<Response> = (url, init) => fetch(url, init)) {
  let token: string | null = null;
  let holder: string | null = null; // whose token it is
  let refreshing: Promise<boolean> | null = null;

  const once = async (method: Method, path: string, body: unknown, ask: Ask): Promise<Response> => {
    const headers: Record<string, string> = {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      return await fetching(base + path, { method, headers, signal, ...ask, ...(body !== undefined && { body: JSON.stringify(body) }) });
    } catch {
      throw new ApiError({ code: "offline", retry: true });
    }
  };

  /** Only who is signed in is signed in anew, and what they asked is asked again only as them: another tab may have let somebody else in. */
  const call = async <T>(method: Method, path: string, body?: unknown, ask: Ask = {}): Promise<T> => {
    const [asker, used] = [holder, token];
    const first = await once(method, path, body, ask);
    const isStale = first.status === 401 && asker !== null && (token !== used || (await refresh()));
    const answer = isStale && holder === asker ? await once(method, path, body, ask) : first;
    const text = await answer.text().catch(() => "");
    if (!answer.ok) throw new ApiError(errorOf(text));
    return valueOf<T>(text);
  };

  /** True when there is an access token afterwards; false when nobody is signed in here, or somebody else. Throws when nothing answered. */
  const refresh = (): Promise<boolean> => {
    refreshing ??= renew().finally(() => {
      refreshing = null;
    });
    return refreshing;
  };

  const renew = async (): Promise<boolean> => {
    const asker = holder;
    const answer = await once("POST", "/auth/refresh", {}, {});
    const text = await answer.text().catch(() => "");
    if (answer.ok) {
      const { access_token, user } = valueOf<Tokens>(text);
      if (holder !== asker || (asker !== null && asker !== user.id)) return false;
      [token, holder] = [access_token, user.id];
      return true;
    }
    const refusal = new ApiError(errorOf(text));
    if (refusal.retry) throw refusal;
    return false;
  };

  return {
    refresh,
    /** The tokens of who has signed in; null for nobody. */
    hold: (tokens: Pick<Tokens, "access_token" | "user"> | null): void => {
      [token, holder] = [tokens?.access_token ?? null, tokens?.user.id ?? null];
    },
    /** What the server says it is; a page of another one is an old page. Null when nobody answered. */
    async version(): Promise<string | null> {
      const answer = await fetching("/version", { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
      return answer?.ok === true ? answer.text().catch(() => null) : null;
    },
    get: <T>(path: string): Promise<T> => call<T>("GET", path),
    post: <T>(path: string, body: unknown = {}): Promise<T> => call<T>("POST", path, body),
    put: <T>(path: string, body: unknown, ask?: Ask): Promise<T> => call<T>("PUT", path, body, ask),
    patch: <T>(path: string, body: unknown): Promise<T> => call<T>("PATCH", path, body),
    delete: <T>(path: string): Promise<T> => call<T>("DELETE", path),
  };
}

/** What the server's schemas made, taken at its word; half an answer is none. */
function valueOf<T>(text: string): T {
  try {
    return (text === "" ? undefined : JSON.parse(text)) as T;
  } catch {
    throw new ApiError({ code: "offline", retry: true });
  }
}

function errorOf(text: string): Pick<ErrorBody["error"], "code" | "retry"> & { request_id?: string } {
  try {
    const body: Partial<ErrorBody> = JSON.parse(text);
    if (body.error) return body.error;
  } catch {
    // said below: a proxy's page, or half an answer
  }
  return { code: "internal", retry: true };
}
