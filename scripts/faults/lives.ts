/** How the listeners of a run live. Each goes on until `life.going` is false; a server that is away just now is no reason to stop. */
import type { Chance } from "./chance.ts";
import { createHearer, type Hearer } from "./hearer.ts";
import type { History } from "./history.ts";
import { call, type Person, type Reach, signIn } from "./person.ts";
import type { FaultProxy } from "./proxy.ts";

export type Life = { going: boolean };

/** Always on; comes back at once. */
export async function steady(hearer: Hearer, life: Life): Promise<void> {
  while (life.going) {
    if (!hearer.isOpen()) await hearer.connect();
    await Bun.sleep(20);
  }
  hearer.drop();
}

/** Hangs up every few hundred milliseconds, one time in four in the very turn in which it has caught up. */
export async function restless(hearer: Hearer, chance: Chance, life: Life): Promise<void> {
  while (life.going) {
    await hearer.connect();
    if (chance.below(4) > 0) await Bun.sleep(50 + chance.below(300));
    hearer.drop();
    await Bun.sleep(chance.below(50));
  }
}

/** Falls into a black hole for seconds: both ends believe in the connection, and one of them goes on sending. */
export async function sleepy(hearer: Hearer, proxy: FaultProxy, history: History, chance: Chance, life: Life): Promise<void> {
  while (life.going) {
    if (!hearer.isOpen()) await hearer.connect();
    await Bun.sleep(500 + chance.below(1_000));
    history.note({ op: "cut" });
    proxy.set("blackhole");
    await Bun.sleep(chance.below(3_000));
    history.note({ op: "heal" });
    proxy.set("pass");
  }
  hearer.drop();
}

/** Joins and leaves all the while, without listening: the rows of members take revs between the messages'. */
export async function wanderer(reach: Reach, { token }: Person, rooms: readonly string[], life: Life): Promise<void> {
  for (let i = 0; life.going; i += 1) {
    const path = `/rooms/${rooms[i % rooms.length] ?? ""}/members/me`;
    await call(reach, "PUT", path, token, {});
    await Bun.sleep(20);
    await call(reach, "DELETE", path, token);
  }
}

const OUT_MS = 2_600; // longer than a right may outlive its end

/** Joins a room, listens, leaves, and keeps listening; also opens a socket while out, naming the room. Hears nothing of it then. */
export async function guest(reach: Reach, who: Person, room_id: string, history: History, life: Life): Promise<void> {
  const hearer = createHearer({ name: "guest", reach, who, room_ids: [room_id], history });
  const path = `/rooms/${room_id}/members/me`;
  while (life.going) {
    history.note({ op: "join", hearer: "guest", room_id });
    await call(reach, "PUT", path, who.token, {});
    await hearer.connect();
    await Bun.sleep(200);
    const answer = await call(reach, "DELETE", path, who.token);
    if (answer?.status === 204 || answer?.status === 404) history.note({ op: "leave", hearer: "guest", room_id });
    await untilOver(OUT_MS, life);
    hearer.drop();
    if (answer?.status === 204) await hearer.connect();
    await Bun.sleep(100);
    hearer.drop();
  }
}

/** Signs in, listens, signs out beside the open socket, and keeps listening. */
export async function exile(reach: Reach, room_ids: readonly string[], history: History, life: Life): Promise<void> {
  for (let visit = 0; life.going; visit += 1) {
    const who = await signIn(reach, "exile");
    if (!who) {
      await Bun.sleep(50);
      continue;
    }
    const hearer = createHearer({ name: `exile-${visit}`, reach, who, room_ids, history });
    const session = await hearer.connect();
    await Bun.sleep(200);
    const answer = await call(reach, "POST", "/auth/logout", null, { refresh_token: who.refresh_token });
    if (answer?.status === 204) history.note({ op: "revoke", hearer: hearer.name, session });
    await untilOver(OUT_MS, life);
    hearer.drop();
  }
}

async function untilOver(ms: number, life: Life): Promise<void> {
  for (const until = performance.now() + ms; performance.now() < until && life.going;) await Bun.sleep(50);
}
