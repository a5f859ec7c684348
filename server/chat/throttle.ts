/**
 * Delays guessing. Keyed by account and address together, so that a stranger's failures never keep the right person out. Kept in memory and
 * bounded: what failed longest ago is forgotten first.
 */
import type { Chat } from "./chat.ts";
import { createRecent, type Recent } from "./recent.ts";
import { refuse } from "./refusal.ts";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 300_000;
const KEYS_MAX = 100_000;

type Failures = { count: number; until: number };
const byChat = new WeakMap<Chat, Recent<Failures>>();

export type Attempts = {
  /** Refuses `rate_limited` with the time that is left. */
  refuseIfTooMany(): void;
  /** True when this failure began a delay. */
  fail(): boolean;
  succeed(): void;
};

export function attemptsOf(chat: Chat, key: string): Attempts {
  const failures = byChat.get(chat) ?? createRecent<Failures>(KEYS_MAX);
  byChat.set(chat, failures);
  const { free_failures } = chat.config;
  return {
    refuseIfTooMany() {
      // More than the longest is left when the clock was set back, and nobody is to wait for that.
      const left = (failures.get(key)?.until ?? 0) - chat.now();
      if (left > 0 && left <= LONGEST_DELAY_MS) refuse("rate_limited", { retry_after_ms: left });
    },
    fail() {
      const count = (failures.get(key)?.count ?? 0) + 1;
      const delay = count < free_failures ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - free_failures));
      failures.set(key, { count, until: chat.now() + delay });
      return count === free_failures;
    },
    succeed: () => void failures.delete(key),
  };
}
