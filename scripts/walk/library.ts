/** A workspace with a long conversation in it, made by REST: ann has read all but the last of it. */
import { UNREAD } from "./history.ts";
import type { Walked } from "./server.ts";

const PASSWORD = "a horse, a battery";
export const LIFTED = ["limit-sends", "limit-sends-burst", "limit-requests", "limit-requests-burst"].flatMap((name) => [`--${name}`, "100000"]);

const AT_ONCE = 50;
const times = "which somebody has to read before we set out, since the wind turns at noon and the ferry takes the inner lane. ";

export async function fillLibrary({ port, setup }: Walked, last_seq: number) {
  const ask = asker(`http://127.0.0.1:${port}/api/v1`);
  await ask("POST", "/setup", { setup_token: setup.split("#")[1], workspace: "Harbour", username: "ann", password: PASSWORD });
  const ann = await signIn(ask, "ann");
  const { code } = await ask("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 1 }, ann);
  await ask("POST", "/auth/register", { username: "bob", password: PASSWORD, code });
  const bob = await signIn(ask, "bob");
  const { items } = await ask("GET", "/rooms", undefined, ann);
  const room_id = items?.[0]?.id ?? "";
  const post = async (i: number, content: string): Promise<void> => {
    await ask("POST", `/rooms/${room_id}/messages`, { client_id: `walk-${String(i).padStart(16, "0")}`, content }, bob);
  };
  for (let from = 1; from <= last_seq; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, last_seq + 1 - from) }, (_, i) => post(from + i, unevenLine(from + i))));
  }
  await ask("PUT", `/rooms/${room_id}/ack`, { seq: last_seq - UNREAD }, ann);
  let count = last_seq;
  return { room_id, last_seq, post: (content: string) => post((count += 1), content) };
}

/** One line, several, code or a list: rows of very different heights. */
function unevenLine(i: number): string {
  const kinds = [
    `line ${i}`,
    `line ${i}, ${times.repeat((i % 5) + 1)}`,
    `line ${i}\n\n\`\`\`\n${"code\n".repeat(i % 7)}\`\`\``,
    `line ${i}\n- one\n- two`,
  ];
  return kinds[(i * 7) % kinds.length] ?? "";
}

type Asked = { code?: string; access_token?: string; items?: { id: string }[] };
type Ask = (method: string, path: string, body?: unknown, token?: string) => Promise<Asked>;

const asker =
  (base: string): Ask =>
  async (method, path, body, token) => {
    const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const response = await fetch(base + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Asked);
  };

const signIn = async (ask: Ask, username: string): Promise<string> =>
  (await ask("POST", "/auth/login", { username, password: PASSWORD })).access_token ?? "";
