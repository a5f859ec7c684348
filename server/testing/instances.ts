/** Two instances over one Postgres, in one process: `here` and `there`, each with its own connections, caches and sockets, under one clock. */
import { openStore } from "../../db/open.ts";
import { createPostgresBackplane } from "../backplane/postgres.ts";
import type { Chat } from "../chat/chat.ts";
import { createElsewhere } from "../live/elsewhere.ts";
import type { LiveOptions } from "../live/live.ts";
import { createRoster, type Roster } from "../live/roster.ts";
import { type DoorTwo, openDoorTwo } from "./seat.ts";
import { testStore } from "./store.ts";
import { makeWire, type Wire } from "./wire.ts";
import { type World, world } from "./world.ts";

export type Instance = DoorTwo & {
  chat: Chat;
  roster: Roster;
  /** Ends its connections and its sockets without a word to the others, as if it had been killed. */
  kill(): Promise<void>;
};
export type TwoInstances = World & {
  /** Of the database. */
  url: string;
  here: Instance;
  there: Instance;
  /** Between Postgres and the backplane of `there`; its store has connections of its own. */
  wire: Wire;
  /** Each does once what its loops do, one after the other. */
  beat(): Promise<void>;
};

export async function twoInstances(options: Partial<LiveOptions> = {}): Promise<TwoInstances> {
  const opened = await testStore("postgres");
  const { url } = opened;
  const common = await world({ opened });
  const wire = await makeWire(Number(new URL(url).port));
  const wired = new URL(url);
  wired.port = String(wire.port);
  const here = await open(common.chat, "here", { store: url, backplane: url }, options);
  const there = await open(common.chat, "there", { store: url, backplane: wired.href }, options);
  const dispose = async (): Promise<void> => {
    await Promise.all([here.kill(), there.kill()]);
    await wire.close();
    await common.dispose();
  };
  const beat = async (): Promise<void> => {
    for (const { live } of [here, there, here]) await live.beat();
  };
  return { ...common, url, here, there, wire, beat, dispose };
}

async function open(
  { now, ...rest }: Chat,
  id: string,
  urls: { store: string; backplane: string },
  options: Partial<LiveOptions>,
): Promise<Instance> {
  const store = await openStore(urls.store, { postgres: { pool: 4, allow_unsafe_durability: true } });
  const backplane = await createPostgresBackplane(urls.backplane, { id, log: rest.log });
  const roster = createRoster(now, createElsewhere({ store, id, name: null, now }));
  const chat: Chat = { ...rest, now, store, backplane, sessions: roster };
  const door = openDoorTwo(chat, roster, options);
  const end = async (): Promise<void> => {
    await backplane.close();
    await door.server.stop(true);
    await store.close();
  };
  let ended: Promise<void> | null = null;
  return { ...door, chat, roster, kill: () => (ended ??= end()) };
}
