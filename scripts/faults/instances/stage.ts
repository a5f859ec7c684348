/** The cast of a run over two instances: senders who roam, watchers who each stay at one instance, and the lives that other runs have too. */
import { ackedBy, pagesOf, storedIn } from "../audit.ts";
import { type Cast, seat, settle, settleNeighbour } from "../cast.ts";
import type { Chance } from "../chance.ts";
import type { Final } from "../checker.ts";
import { createHearer, type Hearer } from "../hearer.ts";
import type { History } from "../history.ts";
import { exile, guest, type Life, restless, steady, wanderer } from "../lives.ts";
import { call, type Person, signUp } from "../person.ts";
import { createSender, type Sender } from "../sender.ts";
import type { Pair } from "./pair.ts";

export type Watcher = { who: Person; hearer: Hearer };
export type Stage = {
  rooms: readonly string[];
  owner: string;
  /** At the first and at the second instance. */
  atOne: Watcher;
  atTwo: Watcher;
  lives: readonly ((life: Life) => Promise<void>)[];
  /** Senders of one burst, in all rooms but the last. */
  senders(): Sender[];
  /** Posts into the last room, where nothing else is said: by one who asks the first instance. Gives how many milliseconds it took to be stored. */
  postIdle(): Promise<number>;
  final(): Promise<Final>;
};

const SENDERS = 8;
const IN_FLIGHT = 4;
const PATIENCE_MS = 20_000;

export async function setStage(pair: Pair, chance: Chance, history: History): Promise<Stage> {
  const { one, roaming, reachOne, reachTwo } = pair;
  const { owner, rooms }: Cast = await settle(reachOne, one.setup_token);
  const idle = rooms.at(-1) ?? ""; // the watchers' alone: who joins a room brings its feed level, for everybody
  const busy = rooms.slice(0, -1);
  const people: { who: Person; room_id: string }[] = [];
  for (let i = 0; i < SENDERS; i += 1) {
    const room_id = busy[i % busy.length] ?? "";
    people.push({ room_id, who: await seat(roaming, `sender-${i}`, [room_id]) });
  }
  const [first, second, often] = [await seat(roaming, "first", rooms), await seat(roaming, "second", rooms), await seat(roaming, "restless", busy)];
  const [visitor, walker] = [await signUp(roaming, "guest"), await signUp(roaming, "wanderer")];
  await seat(roaming, "exile", busy);
  const neighbour = await settleNeighbour(one);
  const hearers = {
    first: createHearer({ name: "first", reach: reachOne, who: first, room_ids: rooms, history }),
    second: createHearer({ name: "second", reach: reachTwo, who: second, room_ids: rooms, history }),
    restless: createHearer({ name: "restless", reach: roaming, who: often, room_ids: busy, history }),
    mallory: createHearer({ name: "mallory", reach: neighbour.reach, who: neighbour.who, room_ids: [...rooms, neighbour.room_id], history }),
  };
  let idles = 0;
  const post = (client_id: string) => call(reachOne, "POST", `/rooms/${idle}/messages`, first.token, { client_id, content: client_id });
  return {
    rooms,
    owner,
    atOne: { who: first, hearer: hearers.first },
    atTwo: { who: second, hearer: hearers.second },
    lives: [
      (life) => steady(hearers.first, life),
      (life) => steady(hearers.second, life),
      (life) => steady(hearers.mallory, life), // her socket also names our rooms
      (life) => restless(hearers.restless, chance.fork(), life),
      (life) => wanderer(roaming, walker, busy, life),
      (life) => guest(roaming, visitor, rooms[0] ?? "", history, life),
      (life) => exile(roaming, busy, history, life),
    ],
    senders: () =>
      people.map(({ who, room_id }, i) =>
        createSender({ reach: roaming, who, room_id, by: i % 4 < 3 ? "socket" : "rest", chance: chance.fork(), history, in_flight: IN_FLIGHT }),
      ),
    async postIdle() {
      const client_id = `idle-${String((idles += 1)).padStart(12, "0")}`;
      history.note({ op: "post", user_id: first.id, room_id: idle, client_id, content: client_id });
      const asked_at = performance.now();
      let answer = await post(client_id);
      while (answer?.status === 503 && performance.now() - asked_at < PATIENCE_MS) answer = await post(client_id);
      if (answer?.status !== 201) throw new Error(`The instance that nothing was done to did not store a post: ${JSON.stringify(answer)}`);
      const { id, seq } = answer.body as { id: string; seq: number };
      history.note({ op: "stored", user_id: first.id, room_id: idle, client_id, id, seq });
      return performance.now() - asked_at;
    },
    async final() {
      for (const hearer of Object.values(hearers)) {
        hearer.drop();
        await hearer.connect();
        hearer.drop();
      }
      const { mallory, ...ours } = hearers;
      const held = new Map(Object.values(ours).map((hearer) => [hearer.name, hearer.rooms]));
      held.set("mallory", new Map([...mallory.rooms].filter(([room_id]) => room_id === neighbour.room_id)));
      held.set("pages of one", await pagesOf(reachOne, owner, rooms)).set("pages of two", await pagesOf(reachTwo, owner, rooms));
      const acked = new Map([
        ["first", await ackedBy(reachTwo, first.token)],
        ["second", await ackedBy(reachOne, second.token)],
      ]);
      const foreign = new Map([...Object.keys(ours), "guest"].map((name) => [name, new Set([neighbour.room_id])]));
      foreign.set("mallory", new Set(rooms));
      return { rooms: await storedIn(one.database, [...rooms, neighbour.room_id]), held, acked, foreign };
    },
  };
}
