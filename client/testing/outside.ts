/** The outside world of the models, for tests: a clock that is moved by hand, an API and a link that answer what they are told to. */
import type { Message, ServerFrame, User } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import type { Link, Outgoing, Reach } from "../link.ts";

export function testClock() {
  let now = Date.UTC(2026, 0, 2);
  let waiting: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    later(ms: number, run: () => void): () => void {
      const one = { at: now + ms, run };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    /** Moves the clock, running what falls due in order, and lets promises settle. */
    async advance(ms: number): Promise<void> {
      const until = now + ms;
      await settled();
      for (let next = earliest(); next && next.at <= until; next = earliest()) {
        now = next.at;
        waiting = waiting.filter((other) => other !== next);
        next.run();
        await settled();
      }
      now = until;
      await settled();
    },
  };
  function earliest() {
    return waiting.toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Lets everything that waits only for promises go on. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

type Answer = (path: string, body: unknown) => unknown;

/** Answers by method and the beginning of the path; what is not foreseen is `not_found`. */
export function testApi(answers: Record<string, Answer>) {
  const asked: { call: string; body: unknown }[] = [];
  const ask = async (method: string, path: string, body?: unknown): Promise<never> => {
    asked.push({ call: `${method} ${path}`, body });
    const key = Object.keys(answers).find((one) => `${method} ${path}`.startsWith(one));
    if (key === undefined) throw new ApiError({ code: "not_found", retry: false });
    return (await answers[key]?.(path, body)) as never;
  };
  return {
    asked,
    refresh: async () => true,
    hold: () => {},
    version: async () => "1",
    ready: async () => null,
    file: (path: string) => ask("GET", path),
    credential: () => ({}),
    fetch: async (): Promise<Response> => new Response(null, { status: 404 }),
    get: (path: string) => ask("GET", path),
    post: (path: string, body?: unknown) => ask("POST", path, body),
    put: (path: string, body: unknown) => ask("PUT", path, body),
    patch: (path: string, body: unknown) => ask("PATCH", path, body),
    delete: (path: string) => ask("DELETE", path),
  };
}

export function testLink() {
  const frames = new Set<(frame: ServerFrame) => void>();
  const reaches = new Set<(reach: Reach) => void>();
  const said: Outgoing[] = [];
  let open = false;
  let answer: (frame: Outgoing) => Promise<{ type: "ok"; id: string; message?: Message }> = async () => ({ type: "ok", id: "1" });
  const on = ((what: string, hear: never) => {
    const set: Set<never> = what === "frame" ? (frames as Set<never>) : (reaches as Set<never>);
    set.add(hear);
    return () => void set.delete(hear);
  }) as Link["on"];
  return {
    said,
    on,
    start: () => {},
    stop: () => {},
    hurry: () => {},
    isOpen: () => open,
    say: (frame: Outgoing) => void said.push(frame),
    ask: (frame: Outgoing) => (open ? answer(frame) : Promise.reject(new ApiError({ code: "offline", retry: true }))),
    answers(by: typeof answer): void {
      answer = by;
    },
    hear: (frame: ServerFrame) => frames.forEach((hear) => hear(frame)),
    reach(state: Exclude<Reach["state"], "ended">, wait_ms = 0): void {
      open = state === "open";
      reaches.forEach((hear) => hear(state === "waiting" || state === "restarting" ? { state, wait_ms } : { state }));
    },
  };
}

export const bob: User = { id: "bob", username: "bob", display_name: "Bob", role: "member", kind: "person" };

export const message = (seq: number, content: string, more: Partial<Message> = {}): Message => ({
  id: `message-${seq}`,
  room_id: "room",
  sender_id: "ann",
  seq,
  rev: seq + 2,
  client_id: `client-id-of-${String(seq).padStart(6, "0")}`,
  content,
  meta: null,
  mentions: [],
  reply_to: null,
  created_at: new Date(Date.UTC(2026, 0, 2) + seq * 1_000).toISOString(),
  ...more,
});
