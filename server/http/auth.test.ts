import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { hashPassword } from "../chat/passwords.ts";
import { type Answer, type DoorParts, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

const PASSWORD = "correct horse sign-in";
const PAGE = { origin: "http://localhost:3000" };
const hashed = hashPassword(PASSWORD, "a test");

let here: World;
let open: OpenDoor;
beforeEach(() => begin());
afterEach(() => here.dispose());

async function begin(parts: DoorParts = {}): Promise<void> {
  here = await world();
  open = openDoor(here, parts);
  const { store } = here.chat;
  await store.write(async (tx) => void (await tx.update(store.t.users).set({ password_hash: await hashed })));
}

const stranger = () => visit(open, null);
const login = (more: object = {}, headers: Record<string, string> = {}) =>
  stranger().post("/auth/login", { username: "bob", password: PASSWORD, ...more }, headers);
const cookieOf = (answer: Answer): string => answer.headers.get("set-cookie") ?? "";
const valueOf = (answer: Answer): string => /^[^=]+=([^;]*)/u.exec(cookieOf(answer))?.[1] ?? "";
const withCookie = (value: string, headers: Record<string, string> = PAGE) => ({ cookie: `theme=dark; snug=${value}`, ...headers });

describe("signing in", () => {
  test("gives an API client both tokens in the body, and no cookie", async () => {
    const answer = await login();
    expect([answer.status, cookieOf(answer)]).toEqual([200, ""]);
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 900, refresh_token: expect.any(String), user: { id: here.bob.user_id } });
    expect(answer.text).not.toContain("argon2");
    const { body } = await stranger().get("/me", undefined, { authorization: `Bearer ${answer.body.access_token}` });
    expect(body.id).toBe(here.bob.user_id);
  });

  test("gives a page the refresh token in a cookie that no script and no other site can use, and not in the body", async () => {
    const answer = await login({ session: "cookie" }, PAGE);
    expect(cookieOf(answer).replace(valueOf(answer), "…")).toBe("snug=…; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000");
    expect(answer.body.refresh_token).toBeUndefined();
    expect(answer.text).not.toContain(valueOf(answer));
    expect(valueOf(answer)).toMatch(/^[\w-]{43}$/u);
  });

  test("over https sets a cookie that belongs to this host alone", async () => {
    await here.dispose();
    await begin({ config: { public_url: "https://chat.example.org" } });
    const answer = await login({ session: "cookie" }, { host: "chat.example.org", origin: "https://chat.example.org" });
    expect(cookieOf(answer).replace(valueOf(answer), "…")).toBe("__Host-snug=…; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000; Secure");
    const headers = { host: "chat.example.org", origin: "https://chat.example.org" };
    expect((await stranger().post("/auth/refresh", undefined, { ...headers, cookie: `snug=${valueOf(answer)}` })).status).toBe(401);
    expect((await stranger().post("/auth/refresh", undefined, { ...headers, cookie: `__Host-snug=${valueOf(answer)}` })).status).toBe(200);
  });

  test("tells an unknown user and a wrong password alike", async () => {
    const [unknown, wrong] = [await login({ username: "nobody-here" }), await login({ password: "not this one at all" })];
    const plain = ({ text, body }: Answer) => text.replace(body.error.request_id, "");
    expect([unknown.status, plain(unknown)]).toEqual([401, plain(wrong)]);
    expect(wrong.status).toBe(401);
  });

  test("is delayed after five failures of one account from one address", async () => {
    for (let i = 0; i < 5; i += 1) expect((await login({ password: "not this one at all" })).status).toBe(401);
    const refused = await login();
    expect([refused.status, refused.body.error.retry, refused.headers.get("retry-after")]).toEqual([429, true, "1"]);
    here.clock.advance(1_000);
    expect((await login()).status).toBe(200);
  });

  test("is delayed for the whole /64 that an IPv6 address is one of, and for no other", async () => {
    await here.dispose();
    await begin({ config: { trusted_proxies: ["local"] } });
    const from = (address: string, password = "not this one at all") => login({ password }, { "x-forwarded-for": address });
    for (let i = 0; i < 5; i += 1) expect((await from(`2001:db8:0:1::${i}`)).status).toBe(401);
    expect((await from("2001:db8:0:1:ffff::1", PASSWORD)).status).toBe(429);
    expect((await from("2001:db8:0:2::1", PASSWORD)).status).toBe(200);
  });

  test("finds bob by the Host: at another workspace's address there is no bob", async () => {
    await here.dispose();
    await begin({ config: { public_url: "http://elsewhere.test" } });
    const there = { host: "elsewhere.test" };
    expect((await login({}, there)).status).toBe(401);
    expect((await login({ username: "mallory" }, there)).body.user.id).toBe(here.mallory.user_id);
    expect((await login({ username: "mallory" })).status).toBe(401);
  });
});

describe("where people sign in, the page that asks is ours or it is no page:", () => {
  const asked: Record<string, object> = {
    "/setup": { setup_token: "x", workspace: "x", username: "x", password: "x x x x x" },
    "/auth/register": { username: "new", password: PASSWORD },
    "/auth/login": { username: "bob", password: PASSWORD },
    "/auth/refresh": {},
    "/auth/logout": {},
    "/invites/check": { code: "x" },
  };
  for (const [path, body] of Object.entries(asked)) {
    test(path, async () => {
      await here.dispose();
      await begin({ config: { allowed_origins: ["https://app.example.com"] } });
      const status = async (headers: Record<string, string>) => (await stranger().post(path, body, headers)).body?.error?.code;
      const ours = await status(PAGE);
      expect(await status({})).toBe(ours);
      const forbidden = "forbidden";
      if (path !== "/auth/register") expect(ours).not.toBe(forbidden); // by invitation only, this one is forbidden to everybody
      for (const origin of ["https://app.example.com", "https://evil.test", "null"]) expect(await status({ origin })).toBe(forbidden);
      expect(await status({ "sec-fetch-site": "cross-site" })).toBe(forbidden);
    });
  }
});

describe("the refresh cookie", () => {
  test("signs for a page of ours, and each answer sets its successor", async () => {
    const first = await login({ session: "cookie" }, PAGE);
    const second = await stranger().post("/auth/refresh", undefined, withCookie(valueOf(first)));
    expect([second.status, second.body.user.id, second.body.refresh_token]).toEqual([200, here.bob.user_id, undefined]);
    expect(valueOf(second)).toMatch(/^[\w-]{43}$/u);
    expect(valueOf(second)).not.toBe(valueOf(first));
    const third = await stranger().post("/auth/refresh", undefined, withCookie(valueOf(second)));
    expect(third.status).toBe(200);
  });

  test("gives two tabs that refresh at once the same successor", async () => {
    const value = valueOf(await login({ session: "cookie" }, PAGE));
    const both = await Promise.all([1, 2].map(() => stranger().post("/auth/refresh", undefined, withCookie(value))));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(both.map(valueOf)).size).toBe(1);
  });

  test("replayed after its successor was used and ten seconds are over ends the sign-in, access token included", async () => {
    const first = await login({ session: "cookie" }, PAGE);
    const second = await stranger().post("/auth/refresh", undefined, withCookie(valueOf(first)));
    const third = await stranger().post("/auth/refresh", undefined, withCookie(valueOf(second)));
    const me = () => stranger().get("/me", undefined, { authorization: `Bearer ${third.body.access_token}` });
    here.clock.advance(9_000);
    expect((await stranger().post("/auth/refresh", undefined, withCookie(valueOf(first)))).status).toBe(200);
    expect((await me()).status).toBe(200);
    here.clock.advance(2_000);
    expect((await stranger().post("/auth/refresh", undefined, withCookie(valueOf(first)))).status).toBe(401);
    expect((await me()).status).toBe(401);
    expect((await stranger().post("/auth/refresh", undefined, withCookie(valueOf(third)))).status).toBe(401);
  });

  for (const path of ["/auth/refresh", "/auth/logout"]) {
    test(`signs nothing at ${path} without an Origin`, async () => {
      const value = valueOf(await login({ session: "cookie" }, PAGE));
      expect((await stranger().post(path, undefined, withCookie(value, {}))).status).toBe(403);
      expect((await stranger().post(path, undefined, withCookie(value))).status).toBeLessThan(300);
    });
  }

  test("is no credential anywhere else", async () => {
    const value = valueOf(await login({ session: "cookie" }, PAGE));
    expect((await stranger().get("/me", undefined, withCookie(value))).status).toBe(401);
    expect((await stranger().post("/rooms", { type: "dm", user_ids: [here.ann.user_id] }, withCookie(value))).status).toBe(401);
  });
});

describe("signing out", () => {
  test("ends the sign-in, empties the cookie and asks the browser to forget", async () => {
    const first = await login({ session: "cookie" }, PAGE);
    const out = await stranger().post("/auth/logout", undefined, withCookie(valueOf(first)));
    expect([out.status, out.text, cookieOf(out)]).toEqual([204, "", "snug=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"]);
    expect(out.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect((await stranger().get("/me", undefined, { authorization: `Bearer ${first.body.access_token}` })).status).toBe(401);
    expect((await stranger().post("/auth/refresh", undefined, withCookie(valueOf(first)))).status).toBe(401);
  });

  test("is ok for who is not signed in, and takes an API client's token from the body", async () => {
    expect((await stranger().post("/auth/logout", {})).status).toBe(204);
    const { refresh_token } = (await login()).body;
    expect((await stranger().post("/auth/logout", { refresh_token })).status).toBe(204);
    expect((await stranger().post("/auth/refresh", { refresh_token })).status).toBe(401);
  });
});

test("a sign-in of another person is not found, one of one's own ends", async () => {
  const mine = await login();
  const { sid } = JSON.parse(Buffer.from(mine.body.access_token.split(".")[1], "base64url").toString());
  expect((await visit(open, here.ann).delete(`/auth/sign-ins/${sid}`)).status).toBe(404);
  const listed = await visit(open, here.bob).get("/auth/sign-ins");
  expect(listed.body.items.map(({ id, current }: { id: string; current: boolean }) => [id, current])).toContainEqual([sid, false]);
  expect((await visit(open, here.bob).delete(`/auth/sign-ins/${sid}`)).status).toBe(204);
  expect((await stranger().get("/me", undefined, { authorization: `Bearer ${mine.body.access_token}` })).status).toBe(401);
});
