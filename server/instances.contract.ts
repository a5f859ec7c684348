/** What people may rely on who are connected to two processes of Snug over one Postgres. The sentences hold for the sources and for the executable. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Presence, Room } from "./protocol.ts";
import { type Served, type Yard, yard } from "./testing/process.ts";
import { type Seat, take } from "./testing/seat.ts";

const password = "a lighthouse keeper";
const GHOST_MS = 9_000; // two heartbeats of three seconds, a look of one, and what a busy machine adds

export function instancesSentences(): void {
  let here: Yard;
  let one: Served;
  let two: Served;
  let ann: Person;
  let room_id: string;
  beforeAll(async () => {
    here = await yard("postgres");
    const words = ["--secret", "a secret that both of the processes know", "--registration", "open"];
    one = await here.serve(words);
    two = await here.serve([...words, "--data", `${here.folder}/second`]);
    await ask(one, null, "POST", "/setup", { setup_token: one.setup_token, workspace: "Harbour", username: "ann", password });
    ann = await signIn(one, "ann");
    room_id = (await ask<Room>(one, ann, "POST", "/rooms", { type: "channel", name: "quay", visibility: "public" })).id;
  });
  afterAll(() => here.dispose());

  /** A new person, in the room. */
  const person = async (username: string): Promise<Person> => {
    await ask(two, null, "POST", "/auth/register", { username, password });
    const who = await signIn(two, username);
    await ask(two, who, "PUT", `/rooms/${room_id}/members/me`, {});
    return who;
  };
  const statusAt = async (server: Served, user_id: string): Promise<string | undefined> =>
    (await ask<{ items: Presence[] }>(server, ann, "GET", `/rooms/${room_id}/presence`)).items.find((found) => found.user_id === user_id)?.status;

  test("posts, acks and typing cross in milliseconds", async () => {
    const bob = await person("bob");
    const seat = await sit(two, bob);
    const times: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const begun = performance.now();
      await ask(one, ann, "POST", `/rooms/${room_id}/messages`, { client_id: `cross-${String(i).padStart(12, "0")}`, content: `cross ${i}` });
      await seat.until(`cross ${i}`);
      times.push(performance.now() - begun);
    }
    expect((await seat.contents()).slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => `cross ${i}`));
    expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(500);
    await ask(one, bob, "PUT", `/rooms/${room_id}/ack`, { seq: 1 });
    await ask(one, ann, "POST", `/rooms/${room_id}/typing`, { is_typing: true });
    expect(await seat.when(({ type }) => type === "typing")).toMatchObject({ user_id: ann.id });
    expect(await seat.when(({ type }) => type === "ack")).toMatchObject({ seq: 1 });
  });

  test("signing out at one ends the socket at the other within two seconds, and only that one", async () => {
    const [cy, dora] = [await person("cy"), await person("dora")];
    const [gone, stays] = [await sit(two, cy), await sit(two, dora)];
    const begun = performance.now();
    await ask(one, null, "POST", "/auth/logout", { refresh_token: cy.refresh_token });
    expect(await gone.closed).toBe(4201);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(await stays.heard("error")).toEqual([]);
  });

  test("who is put out at one hears nothing more at the other", async () => {
    const eve = await person("eve");
    const seat = await sit(two, eve);
    await ask(one, ann, "DELETE", `/rooms/${room_id}/members/${eve.id}`);
    await ask(one, ann, "POST", `/rooms/${room_id}/messages`, { client_id: "without-eve-0001", content: "without eve" });
    await seat.when((frame) => frame.type === "member" && frame.member.user_id === eve.id && frame.member.left_at !== undefined);
    expect(await seat.contents()).toEqual([]);
  });

  test("who is on a process that is killed is here at both until then, and gone after two heartbeats; its rooms go on", async () => {
    const three = await here.serve(["--secret", "a secret that both of the processes know", "--data", `${here.folder}/third`]);
    const frank = await person("frank");
    const watching = await sit(one, ann);
    await sit(three, frank);
    await watching.when(
      (frame) => frame.type === "presence" && frame.users.some(({ user_id, status }) => user_id === frank.id && status === "active"),
    );
    expect(await statusAt(one, frank.id)).toBe("active");
    const begun = performance.now();
    await three.end("SIGKILL");
    await watching.when(
      (frame) => frame.type === "presence" && frame.users.some(({ user_id, status }) => user_id === frank.id && status === "offline"),
    );
    expect(performance.now() - begun).toBeLessThan(GHOST_MS);
    expect(await statusAt(one, frank.id)).toBe("offline");
  }, 30_000);
}

type Person = { id: string; token: string; refresh_token: string };

async function signIn(server: Served, username: string): Promise<Person> {
  const { access_token, refresh_token, user } = await ask<{ access_token: string; refresh_token: string; user: { id: string } }>(
    server,
    null,
    "POST",
    "/auth/login",
    { username, password },
  );
  return { id: user.id, token: access_token, refresh_token };
}

/** The body of an answer that is not a refusal. */
async function ask<T>({ url }: Served, who: Person | null, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { ...(who && { authorization: `Bearer ${who.token}` }), ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text || "null");
}

async function sit(server: Served, who: Person): Promise<Seat> {
  const { ticket } = await ask<{ ticket: string }>(server, who, "POST", "/ws/tickets", {});
  const { seat, until } = await take(new WebSocket(`${server.url.replace("http", "ws")}/ws`, ["snug.v1", `ticket.${ticket}`]));
  await until("hello");
  seat.say({ type: "sync", rooms: [] });
  await until("caught_up");
  return seat;
}
