/** What everybody did and saw in one run, on one monotonic clock: the only thing the checker judges by, beside the final store. */

export type Heard = {
  id: string;
  seq: number;
  rev: number;
  client_id: string;
  sender_id: string;
  content: string;
  edited: boolean;
  removed: boolean;
};

/** `hearer` names who listens, `session` counts their sockets; `t` is in milliseconds. */
export type Event = { t: number } & (
  | { op: "post"; user_id: string; room_id: string; client_id: string; content: string }
  | { op: "stored"; user_id: string; room_id: string; client_id: string; id: string; seq: number }
  | { op: "refused"; user_id: string; room_id: string; client_id: string; code: string }
  | { op: "open"; hearer: string; session: number }
  | { op: "heard"; hearer: string; session: number; room_id: string; row: Heard }
  | { op: "own"; hearer: string; session: number; room_id: string; rev: number; left: boolean } // the hearer's own member row
  | { op: "verdict"; hearer: string; session: number; room_id: string; verdict: "resumed" | "reset" }
  | { op: "join"; hearer: string; room_id: string } // is about to ask
  | { op: "leave"; hearer: string; room_id: string } // has been told that it is out
  | { op: "revoke"; hearer: string; session: number } // has been told that its sign-in has ended
  | { op: "ack"; hearer: string; room_id: string; seq: number; taken: boolean }
  | { op: "kill" | "restart" | "cut" | "heal" }
);

/** An event before the history has put its time to it. */
export type Untimed = Event extends infer E ? (E extends Event ? Omit<E, "t"> : never) : never;
export type History = { readonly events: Event[]; note(event: Untimed): void };

export function createHistory(): History {
  const events: Event[] = [];
  return { events, note: (event) => void events.push({ t: performance.now(), ...event }) };
}

/** One event a line, in order: what a run leaves behind for who wants to know how a verdict came about. */
export const asLines = (events: readonly Event[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join("");
