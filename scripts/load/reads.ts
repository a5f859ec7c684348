/**
 * Readers over REST, each asking again as soon as it is answered. What Snug answers first to each path is compared with its database and
 * kept; every later answer, and every one of the bare program that is given the same bytes, is compared with that.
 */
import { Database } from "bun:sqlite";
import { type Caller, call } from "./http.ts";
import { type Job, type Measured, PASSWORD, type Seat } from "./job.ts";
import { restLeft } from "./rest.ts";
import { takeSample } from "./sample.ts";
import type { Posted } from "./seat.ts";

export async function reads({ target, reader, paths, clients, answers, span }: Extract<Job, { kind: "reads" }>): Promise<Measured> {
  const token = target.database === null ? "x".repeat(300) : await signIn(target.port, reader);
  const requestOf = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${target.port}\r\nauthorization: Bearer ${token}\r\n\r\n`;
  const callers = await Promise.all(Array.from({ length: clients }, () => call(target.port)));
  const [first] = callers;
  if (target.database !== null && first) await Bun.write(answers, JSON.stringify(await readOnce(first, paths, requestOf, target.database, reader)));
  const known = new Map(Object.entries<string>(await Bun.file(answers).json()));
  const asked = paths.map((path) => ({ request: requestOf(path), body: Buffer.from(known.get(path) ?? "") }));
  const sample = takeSample(target, span);
  const state = { over: false };
  let compared = 0;
  const before = callers.reduce((sum, { received }) => sum + received(), 0);
  const read = async (caller: Caller, from: number): Promise<void> => {
    for (let next = from; !state.over; next += 1) {
      const left = restLeft();
      if (left > 0) await Bun.sleep(left);
      const { request, body } = asked[next % asked.length] ?? { request: "", body: Buffer.alloc(0) };
      const at = performance.now();
      const answer = await caller.ask(request);
      sample.took(performance.now() - at);
      sample.count(1);
      if (!answer.equals(body)) throw new Error(`Another answer than the first: ${request.split("\r\n", 1)[0]}: ${answer.toString("utf8", 0, 300)}`);
      compared += 1;
    }
  };
  const reading = Promise.all(callers.map((caller, i) => read(caller, i * 7)));
  const measured = await Promise.race([sample.over, reading.then(() => sample.over)]);
  state.over = true;
  await reading;
  const received = callers.reduce((sum, caller) => sum + caller.received(), 0) - before;
  return { ...measured, bytes: received / Math.max(1, compared), audited: compared, more: {} };
}

async function signIn(port: number, { user_id }: Seat): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: user_id, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`No sign-in: ${await answer.text()}`);
  const { access_token } = (await answer.json()) as { access_token: string }; // the contract tests say so
  return access_token;
}

async function readOnce(caller: Caller, paths: readonly string[], requestOf: (path: string) => string, database: string, { rooms }: Seat) {
  using sqlite = new Database(database, { readonly: true });
  const stored = sqlite.prepare<Posted, [string, number, number]>(
    "SELECT id, room_id, seq, content FROM messages WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq",
  );
  const texts: Record<string, string> = {};
  for (const path of paths) {
    const text = (await caller.ask(requestOf(path))).toString("utf8");
    const { items }: { items: Posted[] } = JSON.parse(text);
    if (path.endsWith("/rooms")) sameRooms(items, rooms);
    else samePage(items, stored.all(items[0]?.room_id ?? "", items[0]?.seq ?? 0, items.at(-1)?.seq ?? 0));
    texts[path] = text;
  }
  return texts;
}

function sameRooms(items: readonly { id: string }[], rooms: readonly string[]): void {
  if (items.map(({ id }) => id).join() !== rooms.toSorted().join()) throw new Error(`${items.length} rooms were told of ${rooms.length}`);
}

function samePage(items: readonly Posted[], rows: readonly Posted[]): void {
  const same =
    items.length === PAGE &&
    rows.length === PAGE &&
    items.every(({ id, seq, content }, i) => id === rows[i]?.id && seq === rows[i]?.seq && content === rows[i]?.content);
  if (!same) throw new Error(`A page of ${items.length} differs from ${rows.length} stored rows`);
}

const PAGE = 50;
