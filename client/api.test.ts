import { expect, test } from "bun:test";
import { createApi } from "./api.ts";
import type { ApiError } from "./lib/api-error.ts";

type Asked = { path: string; token: string | null };

/** A server that knows one access token at a time, and whose cookie is whoever's `signed` says. */
function server() {
  const asked: Asked[] = [];
  const state = { valid: "token-1", signed: "ann" as string | null, away: false };
  const answer = (status: number, body?: unknown): Response =>
    ({ ok: status < 300, status, text: async () => (body === undefined ? "" : JSON.stringify(body)) }) as Response;
  const refused = (code: string, retry = false) => ({ error: { code, retry, message: "", request_id: "1" } });
  const api = createApi("", async (path, { headers }) => {
    const token = new Headers(headers).get("authorization")?.slice("Bearer ".length) ?? null;
    asked.push({ path, token });
    await Promise.resolve();
    if (state.away) throw new TypeError("nobody answers");
    if (path === "/auth/refresh") {
      if (state.signed === null) return answer(401, refused("unauthorized"));
      state.valid = `token-of-${state.signed}`;
      return answer(200, { access_token: state.valid, user: { id: state.signed } });
    }
    if (path === "/nothing") return answer(204);
    if (path === "/full") return answer(507, refused("storage_full", true));
    return token === state.valid ? answer(200, { path }) : answer(401, refused("unauthorized"));
  });
  const hold = (user: string, access_token: string) => api.hold({ access_token, user: { id: user } as never });
  return { api, asked, state, hold };
}
const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "answered",
    (fault: ApiError) => fault.code,
  );

test("calls whose token has expired share one refresh and are asked again", async () => {
  const { api, asked, hold } = server();
  hold("ann", "expired");
  expect(await Promise.all([api.get("/a"), api.get("/b"), api.get("/c")])).toEqual([{ path: "/a" }, { path: "/b" }, { path: "/c" }]);
  expect(asked.filter(({ path }) => path === "/auth/refresh")).toHaveLength(1);
});

test("a call that is refused with a fresh token is refused, and not asked a third time", async () => {
  const { api, asked, hold, state } = server();
  hold("ann", "expired");
  state.signed = null;
  expect(await codeOf(api.get("/a"))).toBe("unauthorized");
  expect(asked.map(({ path }) => path)).toEqual(["/a", "/auth/refresh"]);
});

test("what ann asks is never asked as bob, who has signed in in another tab", async () => {
  const { api, asked, hold, state } = server();
  hold("ann", "expired");
  state.signed = "bob";
  expect(await codeOf(api.post("/rooms/1/messages", { content: "ann's" }))).toBe("unauthorized");
  expect(await codeOf(api.get("/rooms"))).toBe("unauthorized");
  expect(asked.filter(({ token }) => token === "token-of-bob")).toEqual([]);
  state.signed = "ann";
  expect(await api.post("/rooms/1/messages", { content: "ann's" })).toEqual({ path: "/rooms/1/messages" });
});

test("who has signed out is not signed in again by a call that was late", async () => {
  const { api, asked, hold } = server();
  hold("ann", "expired");
  api.hold(null);
  expect(await codeOf(api.get("/a"))).toBe("unauthorized");
  expect(asked.map(({ path }) => path)).toEqual(["/a"]);
});

test("a reload finds who is signed in by the cookie alone", async () => {
  const { api, state } = server();
  expect(await api.refresh()).toBe(true);
  expect(await api.get("/me")).toEqual({ path: "/me" });
  state.signed = null;
  expect(
    await createApi("", async () => ({ ok: false, status: 401, text: async () => "" }) as Response)
      .refresh()
      .catch((fault: ApiError) => fault.retry),
  ).toBe(true);
});

test("a refusal keeps its code; no answer at all is offline and may be tried again", async () => {
  const { api, state } = server();
  expect(await api.delete<undefined>("/nothing")).toBeUndefined();
  expect(await codeOf(api.get("/full"))).toBe("storage_full");
  state.away = true;
  expect(await codeOf(api.get("/a"))).toBe("offline");
});
