/** How well the server is reached, in the words a reader needs: a short break goes unseen, a long one is named and counted down. */
import { action, createModel, effect, signal } from "@preact/signals";
import type { Link, Reach } from "../link.ts";

export type Trouble = "none" | "connecting" | "offline" | "restarting";
export type ReachState = Reach["state"];

const NAMED_MS = 2_000;
const OFFLINE_MS = 15_000;

export const ReachModel = createModel((link: Pick<Link, "on">, later: (ms: number, run: () => void) => () => void) => {
  const state = signal<ReachState>("connecting");
  const trouble = signal<Trouble>("none");
  const wait_s = signal(0);
  let cancels: (() => void)[] = [];
  let cancelTick = (): void => {};

  const name = action((next: Trouble) => {
    if (trouble.value !== "restarting" || next === "offline") trouble.value = next;
  });
  const tick = action((seconds: number): void => {
    cancelTick();
    wait_s.value = seconds;
    if (seconds > 0) cancelTick = later(1_000, () => tick(seconds - 1));
  });
  const heard = action((reach: Reach): void => {
    state.value = reach.state;
    tick("wait_ms" in reach ? Math.ceil(reach.wait_ms / 1_000) : 0);
    if (reach.state === "open" || reach.state === "ended") {
      for (const cancel of cancels) cancel();
      cancels = [];
      trouble.value = "none";
      return;
    }
    if (reach.state === "restarting") trouble.value = "restarting";
    if (cancels.length === 0) cancels = [later(NAMED_MS, () => name("connecting")), later(OFFLINE_MS, () => name("offline"))];
  });
  effect(() => link.on("reach", heard));

  return {
    state,
    trouble,
    /** Seconds until the next try; 0 while one is made. */
    wait_s,
  };
});
