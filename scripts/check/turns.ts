/**
 * How long one turn of the executable's loop is while a room of a million messages is read, taken along, retained and erased, and what is kept no longer
 * goes: whoever asks meanwhile waits behind that turn. SQLite answers within the turn that asks it, so whatever grows with a room shows here.
 *
 *   bun run scripts/check/turns.ts [--messages 1000000]
 *
 * Somebody asks for /health again and again; between question and answer the processor time of the server's own thread is taken, not the time of day: what
 * else runs on this machine does not count. No answer may cost more than 100 ms, 99 of 100 less than 50.
 */
import { Database } from "bun:sqlite";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Caller, call } from "../load/http.ts";
import { PASSWORD } from "../load/job.ts";
import { roomId, userId } from "../load/scenario.ts";
import { owner, setStage } from "../load/stage.ts";
import { startSnug } from "../load/subject.ts";
import { openReport } from "./report.ts";

const { values } = parseArgs({ options: { messages: { type: "string", default: "1000000" } } });
const MESSAGES = Number(values.messages);
const OLD_ROWS = 200_000; // of the audit log, and of deliveries
const LONGEST_MS = 100;
const P99_MS = 50;
const LONG_AGO_MS = 400 * 86_400_000;
const PATIENCE_MS = 120_000;

const report = openReport("turns");
const executable = [resolve(import.meta.dir, "../../dist/snug")];
const room = roomId(0);
const [writer, reader] = [userId(0), userId(1)];
const stage = await setStage(executable, null, {
  rooms: [{ id: room, messages: MESSAGES }],
  people: [writer, reader].map((id) => ({ id, rooms: [room] })),
});
const copy = await stage.copy();
makeOld(copy.database);
const snug = await startSnug(executable, { data: copy.data, database_url: null, more: ["--sweep-every", "2s"] });
let held = true;
try {
  held = await play();
} finally {
  await snug.stop();
  await copy.remove();
  await stage.remove();
}
process.exit(held ? 0 : 1);

async function play(): Promise<boolean> {
  const [as_owner, as_writer, as_reader] = await Promise.all([
    signIn(owner.username, owner.password),
    signIn(writer, PASSWORD),
    signIn(reader, PASSWORD),
  ]);
  const probe = await call(snug.port);
  const all = [
    await during(probe, "while 400,000 old rows are purged", () =>
      until(() => asked("SELECT (SELECT count(*) FROM audit_log) + (SELECT count(*) FROM deliveries) AS n") < 1_000),
    ),
    await during(probe, "while pages are read all over a room of a million messages", async () => {
      for (let i = 0; i < 300; i += 1) {
        const seq = ((i * 7_919 * 13_007) % MESSAGES) + 1;
        await as_reader("GET", `/rooms/${room}/messages?${["before", "after", "around"][i % 3]}_seq=${seq}&limit=200`);
      }
    }),
    await during(probe, "while a million messages are taken along by who wrote them", () => as_writer("GET", "/me/export")),
    await during(probe, "while they are looked through for who wrote none", () => as_reader("GET", "/me/export")),
    await during(probe, "while a fifth of them is retained no longer", async () => {
      await as_owner("PATCH", "/admin/config", { retention_days: 30 });
      await until(() => asked(`SELECT first_seq AS n FROM rooms WHERE id = '${room}'`) > MESSAGES / 5);
    }),
    await during(probe, "while who wrote them is erased, a thousand messages at a time", async () => {
      for (let i = 0; i < 20; i += 1) await as_owner("POST", `/admin/users/${writer}/erasure`, { messages: "remove" });
    }),
    await during(probe, "while who wrote none is erased", () => as_owner("POST", `/admin/users/${reader}/erasure`, { messages: "remove" })),
  ];
  return all.every(Boolean);
}

/** Asks for /health until the work has ended; whether each answer came soon enough. */
async function during(probe: Caller, name: string, work: () => Promise<unknown>): Promise<boolean> {
  const turns: number[] = [];
  const state = { over: false };
  const working = work().finally(() => void (state.over = true));
  do {
    const before = ranMs();
    await probe.ask("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
    turns.push(ranMs() - before);
    await Bun.sleep(2);
  } while (!state.over);
  await working;
  const sorted = turns.toSorted((a, b) => a - b);
  const [p99, longest] = [sorted[Math.floor(sorted.length * 0.99)] ?? 0, sorted.at(-1) ?? 0];
  const told = `of ${turns.length} answers p99 ${p99.toFixed(1)} ms, the longest ${longest.toFixed(1)} ms`;
  const holds = p99 < P99_MS && longest <= LONGEST_MS;
  console.log(`${holds ? "ok  " : "FAIL"} ${name}: ${told}`);
  report.add(`nobody waits long ${name}`, holds ? null : told);
  return holds;
}

/** Milliseconds that the server's thread has run. */
function ranMs(): number {
  return Number(readFileSync(`/proc/${snug.pid}/task/${snug.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

async function signIn(username: string, password: string): Promise<(method: string, path: string, body?: object) => Promise<void>> {
  const ask = async (method: string, path: string, token: string | null, body?: object): Promise<Response> => {
    const answer = await fetch(`http://127.0.0.1:${snug.port}/api/v1${path}`, {
      method,
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}`);
    return answer;
  };
  const { access_token }: { access_token: string } = JSON.parse(await (await ask("POST", "/auth/login", null, { username, password })).text());
  return async (method, path, body) => {
    for await (const _ of (await ask(method, path, access_token, body)).body ?? []);
  };
}

function makeOld(path: string): void {
  using database = new Database(path);
  const at = Date.now() - LONG_AGO_MS;
  const tenant = database.query<{ id: string }, []>("SELECT id FROM tenants").get()?.id ?? "";
  const many = `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${OLD_ROWS})`;
  database.run("PRAGMA busy_timeout=5000; PRAGMA synchronous=OFF");
  database.run(`UPDATE messages SET created_at = ${at} WHERE seq <= ${MESSAGES / 5}`);
  database.run(
    `${many} INSERT INTO audit_log (tenant_id, id, at, action, detail) SELECT '${tenant}', printf('a%010d', n), ${at}, 'user.signed_in', '{}' FROM n`,
  );
  database.run(`${many} INSERT INTO deliveries (tenant_id, id, courier, target_id, event, subject_id, state, attempts, due_at, settled_at, created_at)
    SELECT '${tenant}', printf('d%010d', n), 'webhook', 'w', 'message.created', 's', 'delivered', 1, ${at}, ${at}, ${at} FROM n`);
  database.query("PRAGMA wal_checkpoint(TRUNCATE)").get();
}

function asked(text: string): number {
  using database = new Database(copy.database, { readonly: true });
  return database.query<{ n: number }, []>(text).get()?.n ?? 0;
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; !holds();) {
    if (performance.now() > end) throw new Error("It took too long.");
    await Bun.sleep(200);
  }
}
