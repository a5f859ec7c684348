/** What somebody asks of a walked server by REST: what nobody would do a thousand times by hand, or what is done elsewhere than on the page. */
import type { List, Message, Room, Tokens } from "../../server/protocol.ts";

export const PASSWORD = "a horse, a battery";

/** Gives what the answer holds. Throws what was asked and answered when that is a refusal. */
export type Caller = (method: string, path: string, body?: unknown) => Promise<unknown>;
export type Asker = { id: string; call: Caller };

const TRIES = 3; // as a client does: it waits as long as it is told

export const callerOf =
  (origin: string, token: string | null): Caller =>
  async (method, path, body) => {
    const headers = { "content-type": "application/json", ...(token !== null && { authorization: `Bearer ${token}` }) };
    const ask = (): Promise<Response> =>
      fetch(`${origin}/api/v1${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    let answer = await ask().catch(ask); // once more where a connection that was kept had been closed meanwhile
    for (let tries = 0; answer.status === 429 && tries < TRIES; tries += 1) {
      await Bun.sleep(Number(answer.headers.get("retry-after") ?? 1) * 1_000);
      answer = await ask();
    }
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  };

/** Signs in anew: it is one more device of theirs. */
export async function askerOf(origin: string, username: string): Promise<Asker> {
  const tokens = (await callerOf(origin, null)("POST", "/auth/login", { username, password: PASSWORD })) as Tokens;
  return { id: tokens.user.id, call: callerOf(origin, tokens.access_token) };
}

let posts = 0;
export async function postAs({ call }: Asker, room_id: string, content: string, reply_to?: string): Promise<Message> {
  posts += 1;
  const client_id = `rest-${String(posts).padStart(16, "0")}`;
  return (await call("POST", `/rooms/${room_id}/messages`, { client_id, content, ...(reply_to !== undefined && { reply_to }) })) as Message;
}

export async function roomNamed({ call }: Asker, name: string): Promise<Room> {
  const { items } = (await call("GET", "/rooms?limit=50")) as List<Room>;
  const room = items.find((one) => one.name === name);
  if (!room) throw new Error(`no room is called ${name}`);
  return room;
}
