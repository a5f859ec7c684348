/**
 * Three processes over one Postgres, taken down one after another as an operator updates them, in the middle of a burst and with nobody bound to
 * a process: a ticket of one opens a socket at another, and who comes back comes to whichever is there. In each round one is killed, the others
 * are told to end. What everybody was told and has heard is held against the store.
 */
import { join, resolve } from "node:path";
import { SQL } from "bun";
import { startTestPostgres } from "../../server/testing/postgres-server.ts";
import { openReport } from "../check/report.ts";
import { ackedBy, pagesOf, storedIn } from "./audit.ts";
import { seat, seatSenders, settle, settleNeighbour } from "./cast.ts";
import { type Chance, createChance } from "./chance.ts";
import { check, verdicts } from "./checker.ts";
import { createHearer, type Hearer } from "./hearer.ts";
import { asLines, createHistory, type History } from "./history.ts";
import { guest, type Life, restless, steady, wanderer } from "./lives.ts";
import { call, type Person, type Reach, signUp } from "./person.ts";
import { createServed, type Served } from "./server.ts";

const INSTANCES = 3;
const LEVEL_MS = 5_000;
const ENDS_WITHIN_MS = 15_000; // the grace that sockets have to go, and what is under way
const PATIENCE_MS = 20_000;

/** True when nothing was found in so many rounds, of three takings down each. */
export async function runRolling(executable: string, rounds: number, seed: number): Promise<boolean> {
  const postgres = await startTestPostgres([]);
  await using admin = new SQL(postgres.url, { max: 1 });
  await admin.unsafe("CREATE DATABASE rolling");
  const database_url = postgres.url.replace(/\/postgres(\?|$)/u, "/rolling$1");
  const more = ["--secret", "a secret of the harness that all three processes know"];
  const three = Array.from({ length: INSTANCES }, () => createServed({ executable, database_url, more }));
  const report = openReport("rolling");
  try {
    for (const served of three) await served.start();
    const told = await rolled(three, rounds, seed);
    for (const [sentence, faults] of told) {
      for (const fault of faults.slice(0, 5)) console.log(`  FAIL ${sentence} (1 of ${faults.length}): ${fault}`);
      report.add(`three instances, one after another taken down: ${sentence}`, faults[0] ?? null);
    }
    return told.every(([, faults]) => faults.length === 0);
  } finally {
    await Promise.all(three.map((served) => served.stop()));
    await postgres.stop();
  }
}

type Told = readonly [sentence: string, faults: readonly string[]];

async function rolled(three: readonly Served[], rounds: number, seed: number): Promise<Told[]> {
  const chance = createChance(seed);
  const history = createHistory();
  const roaming = roamingOver(three);
  const [first] = three;
  if (!first) throw new Error("There is no instance.");
  const { owner, rooms } = await settle(roaming, first.setup_token);
  const senders = await seatSenders(roaming, rooms, chance, history);
  const watchers: { who: Person; hearer: Hearer }[] = [];
  for (const name of ["ann", "bob", "cy"]) {
    const who = await seat(roaming, name, rooms);
    watchers.push({ who, hearer: createHearer({ name, reach: roaming, who, room_ids: rooms, history }) });
  }
  const often = createHearer({ name: "restless", reach: roaming, who: await seat(roaming, "restless", rooms), room_ids: rooms, history });
  const [visitor, walker] = [await signUp(roaming, "guest"), await signUp(roaming, "wanderer")];
  const neighbour = await settleNeighbour(first);
  roaming.tally.internal = 0;

  const life: Life = { going: true };
  const living = Promise.all([
    ...watchers.map(({ hearer }) => steady(hearer, life)),
    restless(often, chance.fork(), life),
    wanderer(roaming, walker, rooms, life),
    guest(roaming, visitor, rooms[0] ?? "", history, life),
  ]);
  living.catch(() => {}); // told below
  const running = Promise.all(senders.map((sender) => sender.run()));
  const endings: string[] = [];
  for (let round = 0; round < rounds; round += 1) endings.push(...(await takeDownAll(three, round, chance, history)));
  for (const sender of senders) sender.stop();
  await running;
  const quiet_at = performance.now();
  const behind = await untilLevel(roaming, rooms, watchers, quiet_at);
  life.going = false;
  await living;

  for (const hearer of [...watchers.map((watcher) => watcher.hearer), often]) {
    hearer.drop();
    await hearer.connect();
    hearer.drop();
  }
  const held = new Map([...watchers.map((watcher) => watcher.hearer), often].map((hearer) => [hearer.name, hearer.rooms]));
  held.set("pages", await pagesOf(roaming, owner, rooms));
  const acked = new Map<string, ReadonlyMap<string, number>>();
  for (const { who, hearer } of watchers) acked.set(hearer.name, await ackedBy(roaming, who.token));
  const foreign = new Map([...held.keys(), "guest"].map((name) => [name, new Set([neighbour.room_id])]));
  const findings = check(history.events, { rooms: await storedIn(first.database, rooms), held, acked, foreign });
  const replies = senders.reduce((sum, sender) => sum + sender.replies(), 0);
  console.log(`three instances: ${rounds} rounds, ${replies} replies, ${findings.length} verdicts, ${roaming.tally.unanswered} calls unanswered`);
  if (findings.length > 0) await Bun.write(join(resolve(import.meta.dir, "../../reports"), "faults-rolling.jsonl"), asLines(history.events));
  const unanswered = senders.reduce((sum, sender) => sum + sender.open(), 0);
  return [
    ...verdicts.map((verdict): Told => [`nothing ${verdict}`, findings.filter((one) => one.verdict === verdict).map(({ what }) => what)]),
    ["whoever is told to end does, by itself and with 0", endings],
    ["every post is answered in the end", unanswered === 0 && replies > 0 ? [] : [`${unanswered} of ${replies + unanswered} were not`]],
    ["every socket holds every row within 5 s without another post", behind === null ? [] : [behind]],
    ["no answer confesses a bug", roaming.tally.internal === 0 ? [] : [`${roaming.tally.internal}: ${three.map((served) => served.log()).join("")}`]],
  ];
}

/** Each in turn, in another order each round; the first of them is killed. Two are there at any time. */
async function takeDownAll(three: readonly Served[], round: number, chance: Chance, history: History): Promise<string[]> {
  const faults: string[] = [];
  for (const [i, served] of [...three.slice(round % INSTANCES), ...three.slice(0, round % INSTANCES)].entries()) {
    await Bun.sleep(150 + chance.below(350)); // the burst goes on
    history.note({ op: "kill" });
    if (i === 0) await served.kill();
    else {
      const { code, ms } = await served.terminate();
      if (code !== 0 || ms > ENDS_WITHIN_MS) faults.push(`ended with ${code} after ${Math.round(ms)} ms: ${served.log()}`);
    }
    await served.start();
    history.note({ op: "restart" });
  }
  return faults;
}

/** Any of those that run, another at each look: the ticket's, the socket's and each call's may be three. */
function roamingOver(three: readonly Served[]): Reach {
  let looks = 0;
  return {
    tally: { internal: 0, unanswered: 0, slowest_ms: 0 },
    get url() {
      looks += 1;
      const living = three.filter((served) => served.isAlive());
      return living[looks % living.length]?.url ?? "";
    },
  };
}

/** Null when each holds every row in time; else who does not. */
async function untilLevel(
  reach: Reach,
  rooms: readonly string[],
  watchers: readonly { who: Person; hearer: Hearer }[],
  from: number,
): Promise<string | null> {
  let behind = "";
  for (; performance.now() < from + PATIENCE_MS; await Bun.sleep(20)) {
    const asked_at = performance.now();
    behind = await whoIsBehind(reach, rooms, watchers);
    if (behind === "") return asked_at - from <= LEVEL_MS ? null : `level after ${Math.round(asked_at - from)} ms`;
  }
  return behind;
}

async function whoIsBehind(reach: Reach, rooms: readonly string[], watchers: readonly { who: Person; hearer: Hearer }[]): Promise<string> {
  for (const { who, hearer } of watchers) {
    if (!hearer.isOpen()) return `${hearer.name} has no socket`;
    for (const room_id of rooms) {
      const answer = await call(reach, "GET", `/rooms/${room_id}`, who.token);
      const { last_seq } = (answer?.body ?? {}) as { last_seq?: number };
      if (last_seq === undefined || hearer.rooms.get(room_id)?.size !== last_seq) return `${hearer.name} has not all of ${room_id}`;
    }
  }
  return "";
}
