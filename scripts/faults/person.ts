/** What every person of the harness can do: call the API, sign up, open a socket. */
import type { Message } from "../../server/protocol.ts";
import type { Heard } from "./history.ts";

/** Where the server is, and what its answers were like. */
export type Reach = { readonly url: string; readonly tally: Tally };
export type Tally = {
  /** Answers that confess a bug: 500, or a frame `internal`. */
  internal: number;
  /** Calls that nobody answered: refused, cut off, or not within the time below. */
  unanswered: number;
  slowest_ms: number;
};
export const reachOf = (url: string): Reach => ({ url, tally: { internal: 0, unanswered: 0, slowest_ms: 0 } });

const ANSWER_MS = 8_000; // the store gives up after 5 s, and that must be told

export type Answer = { status: number; body: unknown };

/** Calls the API; null when nothing answered. */
export async function call({ url, tally }: Reach, method: string, path: string, token: string | null, body?: unknown): Promise<Answer | null> {
  const headers = { ...(token !== null && { authorization: `Bearer ${token}` }), ...(body !== undefined && { "content-type": "application/json" }) };
  const begun = performance.now();
  try {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(ANSWER_MS),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status === 500) tally.internal += 1;
    tally.slowest_ms = Math.max(tally.slowest_ms, performance.now() - begun);
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  } catch {
    tally.unanswered += 1;
    return null;
  }
}

export type Person = { id: string; token: string; refresh_token: string };

/** Null when the server did not take part. */
export async function signIn(reach: Reach, username: string): Promise<Person | null> {
  const answer = await call(reach, "POST", "/auth/login", null, { username, password: passwordOf(username) });
  if (answer?.status !== 200) return null;
  const { access_token, refresh_token, user } = answer.body as { access_token: string; refresh_token: string; user: { id: string } };
  return { id: user.id, token: access_token, refresh_token };
}

export async function signUp(reach: Reach, username: string): Promise<Person> {
  const answer = await call(reach, "POST", "/auth/register", null, { username, password: passwordOf(username) });
  const person = await signIn(reach, username);
  if (!person) throw new Error(`${username} could not sign up: ${JSON.stringify(answer)}`);
  return person;
}

export const passwordOf = (username: string): string => `the long password of ${username}`;

export const heardOf = (message: Message): Heard => ({
  id: message.id,
  seq: message.seq,
  rev: message.rev,
  client_id: message.client_id,
  sender_id: message.sender_id,
  content: message.content,
  edited: message.edited_at !== undefined,
  removed: message.removed_at !== undefined,
});

/** Opens a socket by a ticket; null when the server is not there. */
export async function open(reach: Reach, token: string): Promise<WebSocket | null> {
  const answer = await call(reach, "POST", "/ws/tickets", token, {});
  const { ticket } = (answer?.body ?? {}) as { ticket?: string };
  return ticket === undefined ? null : new WebSocket(`${reach.url.replace("http", "ws")}/ws`, ["snug.v1", `ticket.${ticket}`]);
}
