/** One kill loop: senders, hearers with different outages, kills at random moments; then everything that was said is held against the store. */
import type { MessagePage, Room } from "../../server/protocol.ts";
import { check, type Finding } from "./checker.ts";
import type { Chance } from "./chance.ts";
import { createHistory, type Heard } from "./history.ts";
import { call, createHearer, type Hearer, heardOf, signUp } from "./person.ts";
import { createSender, type Sender } from "./sender.ts";
import { createServed } from "./server.ts";

export type Plan = {
  executable: string;
  port: number;
  flags: readonly string[];
  kills: number;
  chance: Chance;
  between?: (kill: number) => Promise<void>;
};
export type Outcome = { kills: number; posts: number; replies: number; open: number; resets: number; findings: Finding[]; starts: number[] };

const SENDERS = 16;
const ROOMS = 4;
const IN_FLIGHT = 8;

export async function killLoop({ executable, port, flags, kills, chance, between }: Plan): Promise<Outcome> {
  const served = createServed(executable, port, flags);
  const { url } = served;
  const history = createHistory();
  try {
    await served.start();
    const { owner, rooms } = await settle(url, served.setup_token);
    const senders = await seatSenders(url, rooms, chance, history);
    const hearers = await Promise.all(
      ["steady", "restless", "sleepy"].map(async (name) => createHearer(name, url, (await seat(url, name, rooms)).token, rooms, history)),
    );
    const running = Promise.all(senders.map((sender) => sender.run()));
    const life = { going: true };
    const living = Promise.all([...hearers.map((hearer) => live(hearer, chance.fork(), life)), comeAndGo(url, rooms, life)]);
    for (let kill = 0; kill < kills; kill += 1) {
      await Bun.sleep(150 + chance.below(500));
      if (between) await between(kill);
      else {
        history.note({ op: "kill" });
        await served.kill();
        await served.start();
        history.note({ op: "restart" });
      }
    }
    await Bun.sleep(300);
    for (const sender of senders) sender.stop();
    await running;
    life.going = false;
    await living;
    const final = await storedIn(url, owner, rooms);
    for (const hearer of hearers) await level(hearer);
    const findings = check(history.events, { rooms: final, held: new Map(hearers.map(({ name, rooms: held }) => [name, held])) });
    const count = (op: string): number => history.events.filter((event) => event.op === op).length;
    const resets = history.events.filter((event) => event.op === "verdict" && event.verdict === "reset").length;
    const replies = senders.reduce((sum, sender) => sum + sender.replies(), 0);
    return {
      kills,
      posts: count("post"),
      replies,
      open: senders.reduce((sum, sender) => sum + sender.open(), 0),
      resets,
      findings,
      starts: served.starts.slice(1),
    };
  } finally {
    await served.stop();
  }
}

async function settle(url: string, setup_token: string): Promise<{ owner: string; rooms: string[] }> {
  const answer = await call(url, "POST", "/setup", null, { setup_token, workspace: "Faults", username: "owner", password: "password of owner" });
  const { access_token } = (answer?.body ?? {}) as { access_token: string };
  const rooms: string[] = [];
  for (let i = 0; i < ROOMS; i += 1) {
    const made = await call(url, "POST", "/rooms", access_token, { type: "channel", name: `room-${i}`, visibility: "public" });
    if (made?.status !== 201) throw new Error(`No room could be made: ${JSON.stringify(made)}`);
    rooms.push((made.body as Room).id);
  }
  return { owner: access_token, rooms };
}

async function seat(url: string, name: string, rooms: readonly string[]): Promise<{ id: string; token: string }> {
  const who = await signUp(url, name);
  for (const room_id of rooms) await call(url, "PUT", `/rooms/${room_id}/members/me`, who.token, {});
  return who;
}

async function seatSenders(url: string, rooms: readonly string[], chance: Chance, history: ReturnType<typeof createHistory>): Promise<Sender[]> {
  const senders: Sender[] = [];
  for (let i = 0; i < SENDERS; i += 1) {
    const room_id = rooms[i % ROOMS] ?? "";
    const who = await seat(url, `sender-${i}`, [room_id]);
    senders.push(createSender({ url, who, room_id, by: i % 8 < 6 ? "socket" : "rest", chance: chance.fork(), history, in_flight: IN_FLIGHT }));
  }
  return senders;
}

/** steady comes back at once; restless also leaves by itself every few hundred milliseconds; sleepy stays away for seconds. */
async function live(hearer: Hearer, chance: Chance, life: { going: boolean }): Promise<void> {
  while (life.going) {
    if (!hearer.isOpen()) await hearer.connect();
    await Bun.sleep(hearer.name === "steady" ? 20 : hearer.name === "restless" ? 100 + chance.below(300) : 1_000);
    if (hearer.name !== "steady") hearer.drop();
    if (hearer.name === "sleepy") await Bun.sleep(chance.below(3_000));
  }
  hearer.drop();
}

/** Somebody who joins and leaves all the while: their rows take revs between the messages'. */
async function comeAndGo(url: string, rooms: readonly string[], life: { going: boolean }): Promise<void> {
  const who = await signUp(url, "wanderer").catch(() => null); // killed in the middle of it
  if (!who) return;
  for (let i = 0; life.going; i += 1) {
    const room_id = rooms[i % rooms.length] ?? "";
    await call(url, "PUT", `/rooms/${room_id}/members/me`, who.token, {});
    await Bun.sleep(20);
    await call(url, "DELETE", `/rooms/${room_id}/members/me`, who.token);
  }
}

/** Resumes once more with nothing going on. */
async function level(hearer: Hearer): Promise<void> {
  await hearer.connect();
  hearer.drop();
}

async function storedIn(url: string, token: string, rooms: readonly string[]): Promise<Map<string, Heard[]>> {
  const final = new Map<string, Heard[]>();
  for (const room_id of rooms) {
    const rows: Heard[] = [];
    for (let more = true; more;) {
      const answer = await asked(url, `/rooms/${room_id}/messages?after_seq=${rows.at(-1)?.seq ?? 0}&limit=200`, token);
      if (answer?.status !== 200) throw new Error(`The rows of ${room_id} cannot be read: ${JSON.stringify(answer)}`);
      const page = answer.body as MessagePage;
      rows.push(...page.items.map(heardOf));
      more = page.more_after;
    }
    final.set(room_id, rows);
  }
  return final;
}

/** Asked until it is answered: right after the load the server may still be busy with it. */
async function asked(url: string, path: string, token: string): ReturnType<typeof call> {
  for (let tries = 0; tries < 10; tries += 1) {
    const answer = await call(url, "GET", path, token);
    if (answer && answer.status < 500) return answer;
  }
  return null;
}
