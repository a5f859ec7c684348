/** Ten minutes without a touch say `away`, the next touch says `active`. Said again on every new connection, which begins as active. */
import type { Link } from "../link.ts";

const IDLE_MS = 600_000;
const TOUCH_MS = 1_000; // a moving pointer touches hundreds of times a second

export type IdleParts = { link: Pick<Link, "isOpen" | "say" | "on">; now(): number; later(ms: number, run: () => void): () => void };

export function createIdle({ link, now, later }: IdleParts) {
  let touched_at = now();
  let away = false;
  let cancel = (): void => {};

  const say = (): void => {
    if (link.isOpen()) link.say({ type: "presence", status: away ? "away" : "active" });
  };
  const wait = (): void => {
    cancel();
    cancel = later(IDLE_MS, () => {
      away = true;
      say();
    });
  };
  wait();

  return {
    touch(): void {
      if (now() - touched_at < TOUCH_MS && !away) return;
      touched_at = now();
      wait();
      if (!away) return;
      away = false;
      say();
    },
    /** A connection has begun. */
    begun(): void {
      if (away) say();
    },
    /** Nobody sits here any more. */
    rest: (): void => cancel(),
  };
}
