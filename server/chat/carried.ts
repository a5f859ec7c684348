/** How an attempt to carry a delivery ended: each failure of the outside world is a word that is stored and shown. */
import type { Target } from "../../db/delivery-islands.ts";
import type { Delivery } from "./outbox.ts";

export type Failure =
  | "timeout" // no answer in time, or not all of it
  | "unresolved" // its name has no address
  | "private_address" // an address that is not the internet's, and not allowed by the operator
  | "unreachable" // nobody answers there, or the connection broke
  | "untrusted" // its certificate is not good for its name
  | "redirected" // it answered 3xx: we do not follow
  | "refused" // it answered 4xx or 5xx
  | "busy" // it answered 429, or 503 with a time to come back
  | "gone" // it answered 410: the endpoint is switched off
  | "stopped" // this server was stopping and did not wait for the answer
  | "fault"; // ours: it is in the log
/** Why a delivery is given up without an attempt. */
export type Lost =
  | "disabled" // its endpoint is switched off, or there no more
  | "expired" // older than three days
  | "private_room" // the room is private by now, and the endpoint hears of open ones
  | "absent"; // what it tells of is no longer kept

export type Carried =
  | { done: true; status: number }
  /** There is nothing to be sent. */
  | { moot: true }
  | { lost: Lost }
  | { failed: Failure; status: number | null; retry_after_ms?: number };

/** What handlers of `delivery.attempt` are handed: who carries it says how it ended in `carried`, by `signal` at the latest. */
export type Attempt = { delivery: Delivery; endpoint: Target; signal: AbortSignal; carried: Carried | null };

/** Whether it says that the endpoint itself is not well. */
export const isIll = ({ failed }: { failed: Failure }): boolean => failed !== "fault" && failed !== "stopped" && failed !== "busy";
