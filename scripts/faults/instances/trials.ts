/**
 * One trial: a burst of posts, something broken in the middle of it, and a post into a room where nothing else is said. When the burst has been
 * answered nobody posts any more, and from then on the sockets of both instances must come level by themselves, and agree on who is here.
 */
import type { Chance } from "../chance.ts";
import type { History } from "../history.ts";
import { call, open, signIn } from "../person.ts";
import { type Pair, presenceAt } from "./pair.ts";
import type { Stage, Watcher } from "./stage.ts";

export type Kind = "listener" | "cut" | "kill" | "partition";
export const KINDS: readonly Kind[] = ["listener", "cut", "kill", "partition"];

export type Trial = {
  /** How long a post took at the instance that was not broken, in the middle of the fault: what the other one had locked it may have to wait for. */
  stored_ms: number;
  /** From the end of the fault, or the last answer if that came later, until the watchers of both instances held every row. */
  level_ms: number;
  /** The same for the watcher of the instance that was not broken. */
  level_one_ms: number;
  /** From the kill until the other instance said that its people had gone; null where nobody was killed. */
  ghost_ms: number | null;
  /** Until both instances said the same of who is here. */
  agreed_ms: number;
  /** From signing out at one instance until the socket at the other was closed; null where that one was cut off from the store meanwhile. */
  revoked_ms: number | null;
};

const CUT_MS = 300; // too short for anything to be taken for old: what was rung meanwhile is only known to be lost because the listener was away
const PARTITION_MS = 5_000;
const ENDINGS = 5;
const PATIENCE_MS = 20_000; // then it is said to have taken so long; what is too long is judged by who asked

export async function trial(kind: Kind, pair: Pair, stage: Stage, chance: Chance, history: History): Promise<Trial> {
  const { atOne, atTwo, rooms } = stage;
  await bothOpen(stage);
  const exiled = kind === "listener" ? await sitDown(pair) : null;
  const senders = stage.senders();
  const running = Promise.all(senders.map((sender) => sender.run()));
  await Bun.sleep(200 + chance.below(300));
  const broken_at = performance.now();
  history.note({ op: kind === "kill" ? "kill" : "cut" });
  if (kind === "listener") await endAgainAndAgain(pair, stage);
  if (kind === "cut") pair.proxy.set("cut");
  if (kind === "kill") await pair.two.kill();
  if (kind === "partition") pair.proxy.set("blackhole");
  const revoking = exiled?.revoke() ?? null;
  const stored_ms = await stage.postIdle();
  if (kind === "cut" || kind === "partition") {
    await Bun.sleep(Math.max(0, broken_at + (kind === "cut" ? CUT_MS : PARTITION_MS) - performance.now()));
    pair.proxy.set("pass");
  }
  history.note({ op: kind === "kill" ? "restart" : "heal" });
  const over_at = performance.now();
  await Bun.sleep(kind === "listener" ? chance.below(300) : 0); // the burst goes on for a while
  for (const sender of senders) sender.stop();
  await running;
  const quiet_at = Math.max(over_at, performance.now());
  const level = async (watchers: readonly Watcher[], from: number): Promise<number> => await since(from, () => areLevel(pair, stage, watchers));
  const level_one_ms = await level([atOne], quiet_at);
  const ghost_ms = kind === "kill" ? await since(broken_at, () => isGone(pair, stage)) : null;
  let back_at = quiet_at;
  if (kind === "kill") {
    await pair.two.start();
    back_at = performance.now();
  }
  const level_ms = Math.max(level_one_ms, await level([atOne, atTwo], back_at));
  const agreed_ms = await since(back_at, async () => {
    const [here, there] = [
      await presenceAt(pair.reachOne, atOne.who, rooms.at(-1) ?? ""),
      await presenceAt(pair.reachTwo, atTwo.who, rooms.at(-1) ?? ""),
    ];
    return [here, there].every((found) => [atOne, atTwo].every(({ who }) => found?.get(who.id) === "active"));
  });
  return { stored_ms, level_ms, level_one_ms, ghost_ms, agreed_ms, revoked_ms: await revoking };
}

/** Each time with a post beside it into the room where nothing else is said: some of them ring while nobody listens. */
async function endAgainAndAgain(pair: Pair, stage: Stage): Promise<void> {
  for (let i = 0; i < ENDINGS; i += 1) await Promise.all([pair.endListeners(), stage.postIdle()]);
}

/** Milliseconds from `from` until it is met; Infinity when patience ends. */
async function since(from: number, met: () => boolean | Promise<boolean>): Promise<number> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await Bun.sleep(20)) {
    const asked_at = performance.now();
    if (await met()) return Math.max(0, asked_at - from);
  }
  return Infinity;
}

async function bothOpen({ atOne, atTwo }: Stage): Promise<void> {
  const opened = await since(0, () => atOne.hearer.isOpen() && atTwo.hearer.isOpen());
  if (opened === Infinity) throw new Error("A watcher could not connect.");
}

/** Every row of every room, by the room's own count; asked of the instance that is not broken. */
async function areLevel({ reachOne }: Pair, { rooms, atOne }: Stage, watchers: readonly Watcher[]): Promise<boolean> {
  for (const room_id of rooms) {
    if (watchers.some(({ hearer }) => !hearer.isOpen())) return false;
    const answer = await call(reachOne, "GET", `/rooms/${room_id}`, atOne.who.token);
    const { last_seq } = (answer?.body ?? {}) as { last_seq?: number };
    if (last_seq === undefined || watchers.some(({ hearer }) => hearer.rooms.get(room_id)?.size !== last_seq)) return false;
  }
  return true;
}

async function isGone({ reachOne }: Pair, { atOne, atTwo, rooms }: Stage): Promise<boolean> {
  return (await presenceAt(reachOne, atOne.who, rooms.at(-1) ?? ""))?.get(atTwo.who.id) === "offline";
}

/** A socket at the second instance whose sign-in is ended at the first. */
async function sitDown({ reachOne, reachTwo }: Pair): Promise<{ revoke(): Promise<number> }> {
  const who = await signIn(reachOne, "exile");
  const socket = who && (await open(reachTwo, who.token));
  if (!socket) throw new Error("Nobody could sit down.");
  const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()));
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  return {
    async revoke() {
      await call(reachOne, "POST", "/auth/logout", null, { refresh_token: who.refresh_token });
      const told_at = performance.now();
      const in_time = await Promise.race([closed.then(() => true), Bun.sleep(PATIENCE_MS).then(() => false)]);
      return in_time ? performance.now() - told_at : Infinity;
    },
  };
}
