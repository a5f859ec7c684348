/** What happens to those who are in the middle of something when Snug is told to stop. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { type Served, type Yard, yard } from "./testing/process.ts";

const SOCKETS = 50;
const POSTERS = 8;
const LIFTED = ["limit-sends", "limit-sends-burst", "limit-requests", "limit-requests-burst", "limit-sockets"].flatMap((name) => [
  `--${name}`,
  "1000000",
]);

type Message = { id: string; seq: number; client_id: string };

export function drainSentences(): void {
  let here: Yard;
  beforeEach(async () => void (here = await yard()));
  afterEach(() => here.dispose());

  test("a stop under load tells every socket to come back, loses nothing that was replied, and is over in two seconds", async () => {
    const server = await here.serve(LIFTED);
    const ann = await settle(server);
    const seats = await Promise.all(Array.from({ length: SOCKETS }, () => sit(server, ann.token)));
    const replied: Message[] = [];
    const posters = Array.from({ length: POSTERS }, (_, poster) => postUntilRefused(server, ann, poster, replied));
    await untilPosted(seats[0], 200);

    const begun = performance.now();
    const { code } = await server.end("SIGTERM");
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(2_000);
    await Promise.all(posters);
    const closings = await Promise.all(seats.map((seat) => seat.closed));
    expect(closings).toEqual(Array.from({ length: SOCKETS }, () => ({ code: 1012, last: "shutdown" })));
    expect(replied.length).toBeGreaterThanOrEqual(200 - POSTERS);

    const again = await here.serve(LIFTED);
    const stored = await history(again, { ...ann, token: await tokenOf(again) });
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, i) => i + 1));
    const byId = new Map(stored.map((message) => [message.id, message]));
    expect(replied.filter(({ id, seq, client_id }) => byId.get(id)?.seq !== seq || byId.get(id)?.client_id !== client_id)).toEqual([]);
    await again.end("SIGTERM");
  });
}

type Asker = { token: string; room_id: string };
type Seat = { closed: Promise<{ code: number; last: string }>; onMessage: (heard: () => void) => void };

const PASSWORD = "a lighthouse keeper";
const headers = (token?: string): Record<string, string> => ({
  "content-type": "application/json",
  ...(token && { authorization: `Bearer ${token}` }),
});

async function ask<T>({ url }: Served, path: string, asked: { token?: string; body?: unknown } = {}): Promise<T> {
  const post = asked.body === undefined ? {} : { method: "POST", body: JSON.stringify(asked.body) };
  const answer = await fetch(`${url}/api/v1${path}`, { ...post, headers: headers(asked.token) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  // What these routes answer is protocol.ts's word, which its own tests hold it to.
  return (await answer.json()) as T;
}

async function settle(server: Served): Promise<Asker> {
  await ask(server, "/setup", { body: { setup_token: server.setup_token, workspace: "Harbour", username: "ann", password: PASSWORD } });
  const token = await tokenOf(server);
  const { items } = await ask<{ items: { id: string }[] }>(server, "/rooms", { token });
  return { token, room_id: items[0]?.id ?? "" };
}

const tokenOf = async (server: Served): Promise<string> =>
  (await ask<{ access_token: string }>(server, "/auth/login", { body: { username: "ann", password: PASSWORD } })).access_token;

/** A socket that has caught up. */
function sit({ url }: Served, token: string): Promise<Seat> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers: { authorization: `Bearer ${token}` } });
  let last = "";
  let heard = (): void => {};
  const closed = new Promise<{ code: number; last: string }>((resolve) => {
    socket.onclose = ({ code }) => resolve({ code, last });
  });
  return new Promise((resolve, reject) => {
    socket.onerror = () => reject(new Error("the socket was refused"));
    socket.onmessage = ({ data }) => {
      last = JSON.parse(String(data)).type;
      if (last === "hello") socket.send('{"type":"sync","rooms":[]}');
      if (last === "caught_up") resolve({ closed, onMessage: (call) => void (heard = call) });
      if (last === "message") heard();
    };
  });
}

const untilPosted = (seat: Seat | undefined, count: number): Promise<void> =>
  new Promise((resolve) => {
    let heard = 0;
    seat?.onMessage(() => (heard += 1) === count && resolve());
  });

/** Posts one after the other; ends when the server refuses or is gone. What was not replied is not in `replied`. */
async function postUntilRefused(server: Served, { token, room_id }: Asker, poster: number, replied: Message[]): Promise<void> {
  for (let i = 0; ; i += 1) {
    const body = { client_id: `poster-${poster}-${String(i).padStart(10, "0")}`, content: `${poster} ${i}` };
    try {
      replied.push(await ask<Message>(server, `/rooms/${room_id}/messages`, { token, body }));
    } catch {
      return;
    }
  }
}

async function history(server: Served, { token, room_id }: Asker): Promise<Message[]> {
  const found: Message[] = [];
  for (let more = true; more;) {
    const path = `/rooms/${room_id}/messages?after_seq=${found.at(-1)?.seq ?? 0}&limit=200`;
    const page = await ask<{ items: Message[]; more_after: boolean }>(server, path, { token });
    found.push(...page.items);
    more = page.more_after;
  }
  return found;
}
