/** What is said over the conversation of what somebody asked for by a button: what went wrong, and how to go on; or that it was done. */
import { action, createModel, signal } from "@preact/signals";
import { ApiError } from "../lib/api-error.ts";
import { reasonOf, strings } from "../lib/strings.ts";

/** Trouble stays until it is read, what was done goes by itself. */
export type Notice = { words: string; kind: "trouble" | "done"; request_id?: string; again?: () => void };

const DONE_MS = 4_000;

export const NoticeModel = createModel((later: (ms: number, run: () => void) => () => void) => {
  const notice = signal<Notice | null>(null);
  let cancel = (): void => {};

  const say = action((words: string | null, kind: Notice["kind"] = "trouble", more: Pick<Notice, "request_id" | "again"> = {}): void => {
    cancel();
    notice.value = words === null ? null : { words, kind, ...more };
    cancel = words === null || kind === "trouble" ? () => {} : later(DONE_MS, () => say(null));
  });

  /** Runs what somebody asked for by a button; a refusal is said in words, and what is the server's fault may be tried again. */
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      const { code, retry_after_ms = 1_000, request_id } = fault;
      if (code === "rate_limited") return say(strings.try_again(Math.ceil(retry_after_ms / 1_000)), "done");
      const again = (): void => {
        say(null);
        void attempt(work);
      };
      const isTheirs = code === "internal" || code === "unavailable" || code === "offline";
      say(reasonOf(code), "trouble", isTheirs ? { again, ...(request_id !== undefined && { request_id }) } : {});
    }
  };

  return { notice, say, attempt };
});
