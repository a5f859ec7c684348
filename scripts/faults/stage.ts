/** The stage of a run: who posts, who listens and how they live, and what is to be found of it all in the end. */
import { ackedBy, pagesOf, storedIn } from "./audit.ts";
import { seat, seatSenders, settle, settleNeighbour } from "./cast.ts";
import type { Chance } from "./chance.ts";
import type { Final } from "./checker.ts";
import { createHearer, type Hearer } from "./hearer.ts";
import type { Heard, History } from "./history.ts";
import { exile, guest, type Life, restless, sleepy, steady, wanderer } from "./lives.ts";
import { type Reach, reachOf, signUp } from "./person.ts";
import type { FaultProxy } from "./proxy.ts";
import { createSender, type Sender } from "./sender.ts";
import type { Served } from "./server.ts";

export type Stage = {
  senders: readonly Sender[];
  lives: readonly ((life: Life) => Promise<void>)[];
  /** Everybody who stayed resumes once more, with nothing going on; then what is there is read. */
  final(): Promise<Final>;
};

type Parts = { served: Served; reach: Reach; proxy: FaultProxy; chance: Chance; history: History };

export async function setStage({ served, reach, proxy, chance, history }: Parts): Promise<Stage> {
  const { owner, rooms } = await settle(reach, served.setup_token);
  const senders = await seatSenders(reach, rooms, chance, history);
  const [always, often, seldom] = [await seat(reach, "steady", rooms), await seat(reach, "restless", rooms), await seat(reach, "sleepy", rooms)];
  const [visitor, walker] = [await signUp(reach, "guest"), await signUp(reach, "wanderer")];
  await seat(reach, "exile", rooms);

  const neighbour = await settleNeighbour(served);
  senders.push(createSender({ ...neighbour, by: "socket", chance: chance.fork(), history, in_flight: 2 }));

  const proxied = reachOf(`http://127.0.0.1:${proxy.port}`);
  const hearers = {
    steady: createHearer({ name: "steady", reach, who: always, room_ids: rooms, history }),
    restless: createHearer({ name: "restless", reach, who: often, room_ids: rooms, history }),
    sleepy: createHearer({ name: "sleepy", reach: proxied, who: seldom, room_ids: rooms, history }),
    mallory: createHearer({ name: "mallory", reach: neighbour.reach, who: neighbour.who, room_ids: [...rooms, neighbour.room_id], history }),
  };

  return {
    senders,
    lives: [
      (life) => steady(hearers.steady, life),
      (life) => restless(hearers.restless, chance.fork(), life),
      (life) => sleepy(hearers.sleepy, proxy, history, chance.fork(), life),
      (life) => steady(hearers.mallory, life), // her socket also names our rooms
      (life) => wanderer(reach, walker, rooms, life),
      (life) => guest(reach, visitor, rooms[0] ?? "", history, life),
      (life) => exile(reach, rooms, history, life),
    ],
    async final() {
      proxy.set("pass");
      for (const hearer of Object.values(hearers)) await level(hearer);
      const theirs = only(hearers.mallory.rooms, [neighbour.room_id]);
      const { mallory: _, ...ours } = hearers;
      const held = new Map(Object.values(ours).map((hearer) => [hearer.name, hearer.rooms]));
      held.set("mallory", theirs).set("pages", await pagesOf(reach, owner, rooms));
      const acked = new Map([
        ["steady", await ackedBy(reach, always.token)],
        ["restless", await ackedBy(reach, often.token)],
        ["sleepy", await ackedBy(reach, seldom.token)],
      ]);
      const foreign = new Map([...Object.keys(ours), "guest"].map((name) => [name, new Set([neighbour.room_id])]));
      foreign.set("mallory", new Set(rooms));
      return { rooms: await storedIn(served.database, [...rooms, neighbour.room_id]), held, acked, foreign };
    },
  };
}

/** A ticket or a socket may be refused, where commits fail; a resume that has begun and does not come to its end was ended by the server. */
async function level(hearer: Hearer): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    hearer.drop();
    await hearer.connect();
    const verdict = hearer.level();
    hearer.drop();
    if (verdict === true) return;
    if (verdict.greeted || tries === OPEN_TRIES) throw new Error(`${hearer.name} did not come level with nothing going on: ${verdict.why}`);
  }
}

const OPEN_TRIES = 20;

type Rooms = ReadonlyMap<string, ReadonlyMap<number, Heard>>;
const only = (rooms: Rooms, room_ids: readonly string[]): Rooms => new Map([...rooms].filter(([room_id]) => room_ids.includes(room_id)));
