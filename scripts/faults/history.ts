/** What everybody did and saw in one run, on one monotonic clock: the only thing the checker judges by, beside the final store. */

export type Heard = { id: string; seq: number; rev: number; client_id: string; sender_id: string; content: string; removed: boolean };

export type Event = { t: number } & (
  | { op: "post"; user_id: string; room_id: string; client_id: string; content: string }
  | { op: "stored"; user_id: string; room_id: string; client_id: string; id: string; seq: number }
  | { op: "refused"; user_id: string; room_id: string; client_id: string; code: string }
  | { op: "heard"; hearer: string; session: number; room_id: string; row: Heard }
  | { op: "verdict"; hearer: string; session: number; room_id: string; verdict: "resumed" | "reset" }
  | { op: "kill" | "restart" }
);

/** An event before the history has put its time to it. */
export type Untimed = Event extends infer E ? (E extends Event ? Omit<E, "t"> : never) : never;
export type History = { readonly events: Event[]; note(event: Untimed): void };

export function createHistory(): History {
  const events: Event[] = [];
  return { events, note: (event) => void events.push({ t: performance.now(), ...event }) };
}
