/** What is said over the conversation of what somebody asked for by a button: what went wrong, and how to go on; or that it was done. */
import { action, createModel, signal } from "@preact/signals";
import { ApiError } from "../lib/api-error.ts";
import { reasonOf, strings } from "../lib/strings.ts";

/** Trouble stays until it is read, what was done goes by itself. `wait_s`: how many seconds are left of what `words` said. */
export type Notice = { words: string; kind: "trouble" | "done"; request_id?: string; again?: () => void; wait_s?: number };

const DONE_MS = 4_000;

export const NoticeModel = createModel((later: (ms: number, run: () => void) => () => void) => {
  const notice = signal<Notice | null>(null);
  let cancel = (): void => {};

  const say = action((words: string | null, kind: Notice["kind"] = "trouble", more: Omit<Notice, "words" | "kind"> = {}): void => {
    cancel();
    notice.value = words === null ? null : { words, kind, ...more };
    cancel = words === null || kind === "trouble" ? () => {} : later(DONE_MS, () => say(null));
  });

  /** Says once how long there is to wait, counts it down, and goes when it is over. */
  const sayWait = action((words: string, wait_s: number): void => {
    if (wait_s <= 0) return say(null);
    say(words, "trouble", { wait_s });
    cancel = later(1_000, () => sayWait(words, wait_s - 1));
  });

  /** Runs what somebody asked for by a button; a refusal is said in words, those of `words` where they know its code better, and what is the server's fault may be tried again. */
  const attempt = async (work: () => Promise<unknown>, words: Record<string, string> = {}): Promise<void> => {
    try {
      await work();
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      const { code, retry_after_ms = 1_000, request_id } = fault;
      const wait_s = Math.ceil(retry_after_ms / 1_000);
      if (code === "rate_limited") return sayWait(strings.try_again(wait_s), wait_s);
      const again = (): void => {
        say(null);
        void attempt(work, words);
      };
      const isTheirs = code === "internal" || code === "unavailable" || code === "offline";
      say(words[code] ?? reasonOf(code), "trouble", isTheirs ? { again, ...(request_id !== undefined && { request_id }) } : {});
    }
  };

  return { notice, say, attempt };
});
