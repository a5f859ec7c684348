/** A workspace with a long conversation in it, made by REST: ann has read all but the last of it. */
import { UNREAD } from "./history.ts";
import { type Asker, askerOf, callerOf, PASSWORD, postAs, roomNamed } from "./rest.ts";
import type { Walked } from "./server.ts";

const UNLIMITED = ["limit-sends", "limit-sends-burst", "limit-requests", "limit-requests-burst"].flatMap((name) => [`--${name}`, "100000"]);
/** The flags of a server that hears two people say what others say in years, and signs nobody out meanwhile. */
export const LIFTED = [...UNLIMITED, "--access-ttl", "12h"];

const AT_ONCE = 50;
const times = "which somebody has to read before we set out, since the wind turns at noon and the ferry takes the inner lane. ";

export type Filled = { room_id: string; last_seq: number; bob: Asker; askAnn: Asker; post(content: string): Promise<void> };

export async function fillLibrary({ port, setup }: Walked, last_seq: number): Promise<Filled> {
  const origin = `http://127.0.0.1:${port}`;
  const stranger = callerOf(origin, null);
  await stranger("POST", "/setup", { setup_token: setup.split("#")[1], workspace: "Harbour", username: "ann", password: PASSWORD });
  const askAnn = await askerOf(origin, "ann");
  const { code } = (await askAnn.call("POST", "/admin/invites", { role: "member", expires_in_seconds: 3_600, max_uses: 1 })) as { code: string };
  await stranger("POST", "/auth/register", { username: "bob", password: PASSWORD, code });
  const bob = await askerOf(origin, "bob");
  const room_id = (await roomNamed(askAnn, "general")).id;
  const post = async (content: string): Promise<void> => void (await postAs(bob, room_id, content));
  for (let from = 1; from <= last_seq; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, last_seq + 1 - from) }, (_, i) => post(unevenLine(from + i))));
  }
  await askAnn.call("PUT", `/rooms/${room_id}/ack`, { seq: last_seq - UNREAD });
  return { room_id, last_seq, bob, askAnn, post };
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
