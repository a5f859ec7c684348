/** How well the server is reached, in the words a reader needs: a short break goes unseen, a long one is named. */
import { action, createModel, effect, signal } from "@preact/signals";
import type { Link, Reach } from "../link.ts";

export type Trouble = "none" | "connecting" | "offline" | "restarting";
export type ReachState = Reach["state"];

const OFFLINE_MS = 15_000;

export const ReachModel = createModel((link: Pick<Link, "on">, later: (ms: number, run: () => void) => () => void) => {
  const state = signal<ReachState>("connecting");
  const trouble = signal<Trouble>("connecting");
  let cancel: (() => void) | null = null;

  const name = action((next: Trouble) => {
    trouble.value = next;
  });
  const heard = action((reach: Reach): void => {
    state.value = reach.state;
    if (reach.state === "open" || reach.state === "ended") {
      cancel?.();
      cancel = null;
      trouble.value = "none";
      return;
    }
    if (reach.state === "restarting") trouble.value = "restarting";
    else if (trouble.value === "none") trouble.value = "connecting";
    cancel ??= later(OFFLINE_MS, () => name("offline"));
  });
  effect(() => link.on("reach", heard));

  return { state, trouble };
});
