/**
 * Door one: a call with the credentials that are held, and, when they have expired, once more with new ones. Calls that meet the same expiry
 * share one renewal. Only who asked is asked for again: a call never goes out a second time as somebody else.
 */
import type { ErrorBody } from "../../server/protocol.ts";
import { ApiError } from "./api-error.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
/** `patient`: it may take as long as it takes. */
export type Ask = { keepalive?: boolean; patient?: boolean };
export type Fetching = (url: string, init: RequestInit) => Promise<Response>;
/** Whose credentials these are, null for nobody's, and the headers that show them. New credentials are a new object. */
export type Held = { readonly holder: string | null; readonly headers: Readonly<Record<string, string>> };
export type Once = (method: Method, path: string, body: unknown, headers: Held["headers"], ask?: Ask) => Promise<Response>;
export type Credentials = {
  held(): Held | Promise<Held>;
  /** True when others are held afterwards that may do better. Throws what may be tried again later. */
  renew(once: Once): Promise<boolean>;
};
export type Caller = ReturnType<typeof createCaller>;

const PATIENCE_MS = 15_000; // a line that swallows everything must not hold a call, or the outbox behind it, for ever

export function createCaller(base: string, fetching: Fetching, credentials: Credentials) {
  let renewing: Promise<boolean> | null = null;

  const once: Once = async (method, path, body, credential, { patient, ...rest } = {}) => {
    const headers = { ...(body !== undefined && { "content-type": "application/json" }), ...credential };
    try {
      return await fetching(base + path, {
        method,
        headers,
        redirect: "error",
        ...(patient === true ? {} : { signal: AbortSignal.timeout(PATIENCE_MS) }),
        ...rest,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError({ code: "offline", retry: true });
    }
  };
  const refresh = (): Promise<boolean> => {
    renewing ??= credentials.renew(once).finally(() => {
      renewing = null;
    });
    return renewing;
  };
  const asked = async (method: Method, path: string, body?: unknown, ask: Ask = {}): Promise<Response> => {
    const used = await credentials.held();
    const first = await once(method, path, body, used.headers, ask);
    const isStale = first.status === 401 && used.holder !== null && ((await credentials.held()) !== used || (await refresh()));
    const now = isStale ? await credentials.held() : used;
    return isStale && now.holder === used.holder ? once(method, path, body, now.headers, ask) : first;
  };
  const call = async <T>(method: Method, path: string, body?: unknown, ask?: Ask): Promise<T> => answered<T>(await asked(method, path, body, ask));

  return {
    /** True when there are credentials afterwards; false when nobody has any. Throws ApiError when nothing answered. */
    refresh,
    /** The answer as it comes, whatever it is and however long it takes: for what is no JSON. */
    fetch: (path: string): Promise<Response> => asked("GET", path, undefined, { patient: true }),
    get: <T>(path: string): Promise<T> => call<T>("GET", path),
    post: <T>(path: string, body: unknown = {}): Promise<T> => call<T>("POST", path, body),
    put: <T>(path: string, body: unknown, ask?: Ask): Promise<T> => call<T>("PUT", path, body, ask),
    patch: <T>(path: string, body: unknown): Promise<T> => call<T>("PATCH", path, body),
    delete: <T>(path: string): Promise<T> => call<T>("DELETE", path),
  };
}

/** The body of an answer, as the server's schemas made it. Throws ApiError with its refusal; half an answer is none. */
export async function answered<T>(answer: Response): Promise<T> {
  const text = await answer.text().catch(() => "");
  if (!answer.ok) throw new ApiError(errorOf(text));
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
