/** Door one, typed: the access token in memory, refreshed once on 401 through the HttpOnly cookie; several calls share that refresh. */
import type { ErrorBody, Tokens } from "../server/protocol.ts";
import { ApiError } from "./lib/api-error.ts";

export type Api = ReturnType<typeof createApi>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Ask = { keepalive?: boolean };

export function createApi(base = "/api/v1", fetching: (url: string, init: RequestInit) => Promise<Response> = (url, init) => fetch(url, init)) {
  let token: string | null = null;
  let refreshing: Promise<boolean> | null = null;

  const once = async (method: Method, path: string, body: unknown, ask: Ask): Promise<Response> => {
    const headers: Record<string, string> = {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    };
    try {
      return await fetching(base + path, { method, headers, ...ask, ...(body !== undefined && { body: JSON.stringify(body) }) });
    } catch {
      throw new ApiError({ code: "offline", retry: true });
    }
  };

  const call = async <T>(method: Method, path: string, body?: unknown, ask: Ask = {}): Promise<T> => {
    const first = await once(method, path, body, ask);
    const signed = !path.startsWith("/auth/") || path.startsWith("/auth/sign-ins") || path === "/auth/password";
    const answer = first.status === 401 && signed && (await refresh()) ? await once(method, path, body, ask) : first;
    if (answer.status === 204) return undefined as T;
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as T; // the server's schemas made it
    throw new ApiError(errorOf(text));
  };

  /** True when there is an access token afterwards; false when nobody is signed in here. Throws when nothing answered. */
  const refresh = (): Promise<boolean> => {
    refreshing ??= call<Tokens>("POST", "/auth/refresh", {})
      .then(({ access_token }) => {
        token = access_token;
        return true;
      })
      .catch((fault: unknown) => {
        if (fault instanceof ApiError && fault.retry) throw fault;
        token = null;
        return false;
      })
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  };

  return {
    refresh,
    hold: (access_token: string | null): void => {
      token = access_token;
    },
    get: <T>(path: string): Promise<T> => call<T>("GET", path),
    post: <T>(path: string, body: unknown = {}): Promise<T> => call<T>("POST", path, body),
    put: <T>(path: string, body: unknown, ask?: Ask): Promise<T> => call<T>("PUT", path, body, ask),
    patch: <T>(path: string, body: unknown): Promise<T> => call<T>("PATCH", path, body),
    delete: <T>(path: string): Promise<T> => call<T>("DELETE", path),
  };
}

function errorOf(text: string): Pick<ErrorBody["error"], "code" | "retry"> {
  try {
    const body: ErrorBody = JSON.parse(text);
    return body.error;
  } catch {
    return { code: "internal", retry: true }; // a proxy's page, or half an answer
  }
}
