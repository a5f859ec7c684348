import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { storeUses } from "../chat/key-uses.ts";
import { byKey, keyBy, serverOf } from "../testing/keys.ts";
import { type Answer, type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
beforeEach(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: { per_second: 1_000, burst: 1_000 } } });
});
afterEach(() => here.dispose());

const codeOf = ({ status, body }: Answer) => [status, body?.error?.code];
const NO = [403, "forbidden"];

describe("a key is a server's secret:", () => {
  test("it is refused with a page's origin, from a browser, and in the address", async () => {
    const ask = serverOf(open, await keyBy(here.chat, here.ann), "sue");
    expect((await ask("GET", "/me")).status).toBe(200);
    const browsers: Record<string, string>[] = [
      { origin: "http://localhost:3000" },
      { origin: "null" },
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
    ];
    for (const browser of browsers) expect(codeOf(await ask("GET", "/me", undefined, browser))).toEqual(NO);
    const { key } = await keyBy(here.chat, here.ann);
    const inAddress = await visit(open, null).get(`/me?api_key=${key}`);
    expect(codeOf(inAddress)).toEqual([422, "invalid"]);
    expect(inAddress.body.error.fields[0]).toContain("tickets");
    expect(inAddress.text).not.toContain(key);
  });

  test("nobody is anybody by X-User-Id alone, nor by two credentials at once", async () => {
    const named = { "x-user-id": here.ann.user_id };
    expect(codeOf(await visit(open, null).get("/me", undefined, named))).toEqual([401, "unauthorized"]);
    expect((await visit(open, here.bob).get("/me", undefined, named)).body.id).toBe(here.bob.user_id);
    const key = await keyBy(here.chat, here.ann);
    expect(codeOf(await visit(open, here.bob).get("/me", undefined, byKey(key, here.cy.user_id)))).toEqual([422, "invalid"]);
    expect((await visit(open, here.bob).get("/me")).body.id).toBe(here.bob.user_id);
  });

  test("it is no operator's key, and the operator's is none", async () => {
    const key = await keyBy(here.chat, here.ann, { scope: "admin" });
    const operator = { key: here.chat.keys.operator_key };
    const metrics = async (one: { key: string }) => (await visit(open, null).ask("GET", "/metrics", undefined, byKey(one))).status;
    expect([await metrics(operator), await metrics(key)]).toEqual([200, 401]);
    const keys = async (one: { key: string }) => (await serverOf(open, one)("GET", "/admin/api-keys")).status;
    expect([await keys(operator), await keys(key)]).toEqual([401, 200]);
    for (const bearer of [key.key, operator.key])
      expect((await visit(open, null).get("/me", undefined, { authorization: `Bearer ${bearer}` })).status).toBe(401);
  });

  test("who guesses is stopped before they cost a look; whoever has used theirs goes on beside them", async () => {
    open = openDoor(here, { config: { requests_by_address: { per_second: 1, burst: 3 } } });
    const [ours, unused] = [serverOf(open, await keyBy(here.chat, here.ann), "sue"), serverOf(open, await keyBy(here.chat, here.ann), "tom")];
    const guess = () => serverOf(open, { key: `snug_aaaaaaaa_${here.chat.newSecret().slice(0, 43)}` }, "sue")("GET", "/me");
    expect((await ours("GET", "/me")).status).toBe(200);
    let looks = 0;
    const { store } = here.chat;
    const look = (name: string | symbol): void => void (name === "read" && (looks += 1));
    Object.assign(here.chat, { store: new Proxy(store, { get: (target, name) => (look(name), Reflect.get(target, name, target)) }) });
    for (let i = 0; i < 3; i += 1) expect(codeOf(await guess())).toEqual([401, "unauthorized"]);
    expect(looks).toBeGreaterThan(0);
    looks = 0;
    for (let i = 0; i < 3; i += 1) expect(codeOf(await guess())).toEqual([429, "rate_limited"]);
    expect([codeOf(await unused("GET", "/me")), looks]).toEqual([[429, "rate_limited"], 0]); // it is not known from a guess
    expect((await ours("GET", "/me")).status).toBe(200);
    here.clock.advance(1_000);
    expect((await unused("GET", "/me")).status).toBe(200);
    expect((await unused("GET", "/me")).status).toBe(200); // what opens takes nothing from the address
  });

  test("when it was last used is known to the minute, and no request writes it", async () => {
    const key = await keyBy(here.chat, here.ann);
    const used = async () => (await visit(open, here.ann).get("/admin/api-keys")).body.items[0].last_used_at;
    const ask = serverOf(open, key, "sue");
    await ask("GET", "/me");
    expect(await used()).toBeUndefined();
    await storeUses(here.chat);
    const first = await used();
    expect(first).toBe(new Date(here.clock.now()).toISOString());
    here.clock.advance(59_000);
    await ask("GET", "/me");
    await storeUses(here.chat);
    expect(await used()).toBe(first);
    here.clock.advance(1_000);
    await ask("GET", "/me");
    await storeUses(here.chat);
    expect(await used()).toBe(new Date(here.clock.now()).toISOString());
  });

  test("it has a bucket of its own, whoever it acts for and whatever it asks; who guesses pays with their address", async () => {
    const few = openDoor(here, {
      config: {
        requests: { per_second: 1, burst: 1 },
        requests_by_key: { per_second: 1, burst: 3 },
        requests_by_address: { per_second: 1, burst: 2 },
      },
    });
    const [one, other] = [await keyBy(here.chat, here.ann), await keyBy(here.chat, here.ann)];
    const first = await serverOf(few, one, "sue")("GET", "/me");
    expect([first.headers.get("ratelimit-limit"), first.headers.get("ratelimit-remaining")]).toEqual(["3", "2"]);
    expect((await serverOf(few, one, "sue")("GET", "/me")).status).toBe(200);
    expect((await serverOf(few, one, "tom")("GET", "/rooms")).status).toBe(200);
    expect((await serverOf(few, one, "tom")("GET", "/rooms")).status).toBe(429);
    expect((await serverOf(few, other, "tom")("GET", "/rooms")).status).toBe(200);
    const guess = () => serverOf(few, { key: `${one.prefix}_${"x".repeat(43)}` }, "sue")("GET", "/me");
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
  });
});
