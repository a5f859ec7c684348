import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createLive } from "../live/live.ts";
import { createRoster } from "../live/roster.ts";
import type { Principal } from "../chat/principal.ts";
import { createLimiter } from "../chat/limiter.ts";
import { endSignIn } from "../chat/sign-ins.ts";
import { issueTicket } from "../chat/tickets.ts";
import { holdRead } from "../testing/gate.ts";
import { type Answer, type OpenDoor, openDoor, tokenOf, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";

let here: World;
let open: OpenDoor;
let opened: Principal[];
let draining: boolean;
beforeEach(async () => {
  here = await world();
  opened = [];
  draining = false;
  const live = {
    get draining() {
      return draining;
    },
    upgrade: (_request: Request, _server: unknown, who: Principal) => {
      opened.push(who);
      return true;
    },
  };
  open = openDoor(here, { live });
});
afterEach(() => here.dispose());

const PAGE = "http://localhost:3000";
const upgrade = (headers: Record<string, string>, query = ""): Promise<Answer> =>
  visit(open, null).ask("GET", `/ws${query}`, undefined, { upgrade: "websocket", ...headers });
const spoken = (ticket: string) => ({ "sec-websocket-protocol": `snug.v1, ticket.${ticket}` });
const ticketFor = async (who: Principal, more: { room_id?: string; origin?: string } = {}) =>
  (await issueTicket(here.chat, who, { origin: null, ...more })).ticket;
const refusalOf = ({ status, body }: Answer) => [status, body?.error.code];
const usersOf = () => opened.map(({ user_id }) => user_id);

describe("a ticket", () => {
  test("opens a socket for whom it was issued, named beside the protocol or in the query", async () => {
    await upgrade(spoken(await ticketFor(here.bob)));
    await upgrade({}, `?ticket=${await ticketFor(here.cy)}`);
    expect(usersOf()).toEqual([here.bob.user_id, here.cy.user_id]);
  });

  test("opens one socket: of fifty upgrades at once, one", async () => {
    const ticket = await ticketFor(here.bob);
    const answers = await Promise.all(Array.from({ length: 50 }, () => upgrade(spoken(ticket))));
    expect(opened).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 400)).toHaveLength(49);
  });

  test("opens nothing after its minute, after its sign-in, or when nobody issued it", async () => {
    const [late, ended] = [await ticketFor(here.bob), await ticketFor(here.cy)];
    await endSignIn(here.chat, here.cy, { sign_in_id: here.cy.via.sign_in_id });
    expect(refusalOf(await upgrade(spoken(ended)))).toEqual([401, "unauthorized"]);
    here.clock.advance(60_000);
    expect(refusalOf(await upgrade(spoken(late)))).toEqual([401, "unauthorized"]);
    for (const text of ["", "x", here.chat.keys.setup_token]) expect(refusalOf(await upgrade(spoken(text)))).toEqual([401, "unauthorized"]);
    expect(opened).toEqual([]);
  });

  test("of a page opens for that page's origin and for no other of ours", async () => {
    const listed = openDoor(here, { live: open.door.live, config: { allowed_origins: ["https://app.example.com"] } });
    const from = async (origin: string) =>
      visit(listed, null).ask("GET", "/ws", undefined, { upgrade: "websocket", origin, ...spoken(await ticketFor(here.bob, { origin: PAGE })) });
    expect(refusalOf(await from("https://app.example.com"))).toEqual([401, "unauthorized"]);
    expect(refusalOf(await from("https://evil.test"))).toEqual([403, "forbidden"]);
    expect(opened).toEqual([]);
    await from(PAGE);
    expect(usersOf()).toEqual([here.bob.user_id]);
  });

  test("bound to a room carries the room", async () => {
    await upgrade(spoken(await ticketFor(here.bob, { room_id: here.room.id })));
    expect(opened.map(({ room_id }) => room_id)).toEqual([here.room.id]);
  });

  test("is asked for by whoever may enter the room, and comes with the socket's address", async () => {
    const asked = await visit(open, here.bob).post("/ws/tickets", { room_id: here.room.id });
    expect([asked.status, asked.body.url]).toEqual([201, "ws://localhost:3000/ws"]);
    expect(asked.body.expires_in).toBe(60);
    expect((await visit(open, here.bob).post("/ws/tickets", undefined, { origin: "https://localhost:3000" })).body.url).toBe(
      "wss://localhost:3000/ws",
    );
    expect((await visit(open, here.cy).post("/ws/tickets", { room_id: here.room.id })).status).toBe(404);
    await upgrade(spoken(asked.body.ticket));
    expect(usersOf()).toEqual([here.bob.user_id]);
  });
});

describe("an access token", () => {
  test("opens a socket for a program, which sends no Origin", async () => {
    const authorization = `Bearer ${await tokenOf(open, here.bob)}`;
    await upgrade({ authorization });
    expect(usersOf()).toEqual([here.bob.user_id]);
    expect(refusalOf(await upgrade({ authorization, origin: PAGE }))).toEqual([401, "unauthorized"]);
    expect(opened).toHaveLength(1);
  });

  test("is no ticket, and no key is taken from the query", async () => {
    const token = await tokenOf(open, here.bob);
    for (const query of [`?ticket=${token}`, `?access_token=${token}`, ""])
      expect(refusalOf(await upgrade({}, query))).toEqual([401, "unauthorized"]);
    const refused = await upgrade({ authorization: `Bearer ${token}` }, "?api_key=x");
    expect([refused.status, refused.body.error.fields.join()]).toEqual([422, expect.stringContaining("/api/v1/ws/tickets")]);
    expect(opened).toEqual([]);
  });
});

test("while the server drains nobody comes in, and the ticket is not used up", async () => {
  const ticket = await ticketFor(here.bob);
  draining = true;
  const refused = await upgrade(spoken(ticket));
  expect([...refusalOf(refused), refused.headers.get("retry-after")]).toEqual([503, "unavailable", "1"]);
  draining = false;
  await upgrade(spoken(ticket));
  expect(usersOf()).toEqual([here.bob.user_id]);
});

test("a request that is no upgrade is told so, and its ticket is not used up", async () => {
  const ticket = await ticketFor(here.bob);
  expect(refusalOf(await visit(open, null).ask("GET", `/ws?ticket=${ticket}`))).toEqual([400, "bad_request"]);
  await upgrade(spoken(ticket));
  expect(opened).toHaveLength(1);
});

test("guessing tickets is limited by address; who holds one still comes in", async () => {
  for (let i = 0; i < 40; i += 1) expect((await upgrade(spoken(`guess-${i}`))).status).toBe(401);
  expect(refusalOf(await upgrade(spoken("guess")))).toEqual([429, "rate_limited"]);
  await upgrade(spoken(await ticketFor(here.bob)));
  expect(opened).toHaveLength(1);
});

test("sockets of one person are opened as often as a route is asked, whatever opens them; another's come in", async () => {
  const seldom = openDoor(here, { live: open.door.live, config: { requests: { per_second: 1, burst: 2 } } });
  const dial = (headers: Record<string, string>) => visit(seldom, null).ask("GET", "/ws", undefined, { upgrade: "websocket", ...headers });
  const authorization = `Bearer ${await tokenOf(seldom, here.bob)}`;
  const [first, second] = [await ticketFor(here.bob), await ticketFor(here.ann)];
  for (const headers of [{ authorization }, spoken(first)]) await dial(headers);
  const refused = await dial({ authorization });
  expect([...refusalOf(refused), refused.headers.get("retry-after")]).toEqual([429, "rate_limited", "1"]);
  await dial(spoken(second));
  here.clock.advance(1_000);
  await dial({ authorization });
  expect(usersOf()).toEqual([here.bob, here.bob, here.ann, here.bob].map(({ user_id }) => user_id));
});

test("who is still being looked up when the drain begins gets no socket", async () => {
  const authorization = `Bearer ${await tokenOf(open, here.bob)}`;
  const gate = holdRead(here.chat, "sign_ins");
  const asked = upgrade({ authorization });
  await gate.reached;
  draining = true;
  gate.open();
  expect(refusalOf(await asked)).toEqual([503, "unavailable"]);
  draining = false;
  await upgrade({ authorization });
  expect(opened).toHaveLength(1);
});

test("over the wire: the socket is bob's, speaks snug.v1 and is not told its ticket; a second one and a foreign page's get none", async () => {
  const roster = createRoster(here.clock.now);
  const live = createLive(here.chat, roster, {
    epoch: "one",
    sends: createLimiter({ per_second: 10, burst: 20 }),
    frames: { per_second: 50, burst: 50 },
    sockets_per_user: 10,
    rooms_per_socket: 1_000,
  });
  const { app } = openDoor(here, { live });
  const { port } = app.listen({ port: 0, hostname: "127.0.0.1", websocket: live.handlers }).server ?? expect.unreachable();
  const dial = (ticket: string, headers: Record<string, string> = {}): Promise<{ protocol: string; hello: unknown } | null> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { protocols: ["snug.v1", `ticket.${ticket}`], headers });
      socket.onmessage = ({ data }) => {
        resolve({ protocol: socket.protocol, hello: JSON.parse(String(data)) });
        socket.close();
      };
      socket.onclose = () => resolve(null);
    });
  const [one, two] = [await ticketFor(here.bob), await ticketFor(here.bob)];
  expect(await dial(one, { origin: "https://evil.test" })).toBeNull();
  expect(await dial(one)).toEqual({
    protocol: "snug.v1",
    hello: expect.objectContaining({ type: "hello", user: expect.objectContaining({ id: here.bob.user_id }) }),
  });
  expect(await dial(one)).toBeNull();
  expect(await dial(two, { origin: `http://127.0.0.1:${port}` })).not.toBeNull();
  expect(await dial("x".repeat(43))).toBeNull();
  await app.server?.stop(true);
  expect(here.faults).toEqual([]);
});
