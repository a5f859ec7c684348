/**
 * Which room somebody has before their eyes in this browser, in whichever of its tabs: only one has the focus. The others must know, or they
 * would notify of what is being read. Said again while it lasts, so that what a tab that crashed has said goes stale.
 */
import { effect } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { keep, kept } from "../lib/kept.ts";

export type GazeParts = {
  room_id: ReadonlySignal<string | null>;
  /** Whether this tab is visible and has the focus. */
  isLooking(): boolean;
  /** Calls when that may have changed; returns what stops it. */
  onLook(changed: () => void): () => void;
  now(): number;
  later(ms: number, run: () => void): () => void;
};

const KEY = "gaze";
const AGAIN_MS = 20_000;
const STALE_MS = 50_000; // two sayings missed

export function createGaze({ room_id, isLooking, onLook, now, later }: GazeParts) {
  let said = "";
  let cancel = (): void => {};

  const say = (): void => {
    cancel();
    const here = room_id.peek();
    if (here !== null && isLooking()) {
      said = `${now()} ${here}`;
      keep(KEY, said);
      cancel = later(AGAIN_MS, say);
    } else if (said !== "" && kept(KEY) === said) {
      keep(KEY, "");
      said = "";
    }
  };
  effect(() => {
    void room_id.value;
    say();
  });
  effect(() => onLook(say));

  return {
    /** Whether somebody reads this room just now, here or in another tab. */
    isOn(id: string): boolean {
      if (room_id.peek() === id && isLooking()) return true;
      const [at = "0", there = ""] = kept(KEY).split(" ");
      return there === id && now() - Number(at) < STALE_MS;
    },
  };
}
