/** Posts whose every answer is remembered, so that in the end rows can be held against replies. */
import type { Message } from "../../../server/protocol.ts";
import { pagesOf } from "../audit.ts";
import { type Answer, call } from "../person.ts";
import type { Scene } from "../stalls/scene.ts";

export type Posts = {
  /** By REST, with a `client_id` of its own; null when nothing answered. */
  post(): Promise<Answer | null>;
  /** Sends again all that were refused or not answered; gives how many are refused now. */
  again(): Promise<number>;
  /** What is wrong: replies without their row, rows without a reply, a hole, a message twice. */
  faults(): Promise<string[]>;
  readonly replied: ReadonlyMap<string, Message>;
};

export function createPosts({ reach, room_id, owner }: Pick<Scene, "reach" | "room_id" | "owner">, content: string): Posts {
  const replied = new Map<string, Message>();
  const refused = new Set<string>();
  let count = 0;
  const send = async (client_id: string): Promise<Answer | null> => {
    const answer = await call(reach, "POST", `/rooms/${room_id}/messages`, owner, { client_id, content });
    if (answer?.status === 201 || answer?.status === 200) {
      replied.set(client_id, answer.body as Message); // the route's schema
      refused.delete(client_id);
    } else refused.add(client_id);
    return answer;
  };
  return {
    replied,
    post: () => send(`outage-${String((count += 1)).padStart(16, "0")}`),
    async again() {
      for (const client_id of [...refused]) await send(client_id);
      return refused.size;
    },
    async faults() {
      const rows = [...((await pagesOf(reach, owner, [room_id])).get(room_id)?.values() ?? [])];
      const stored = new Map(rows.map((row) => [row.client_id, row]));
      const lost = [...replied].filter(([client_id, { id, seq }]) => stored.get(client_id)?.id !== id || stored.get(client_id)?.seq !== seq).length;
      const unasked = rows.filter(({ client_id }) => !replied.has(client_id)).length;
      const holes = rows.filter(({ seq }, i) => seq !== i + 1).length;
      const found = {
        "replies without their row": lost,
        "rows without a reply": unasked,
        "rows out of place": holes,
        "rows twice": rows.length - stored.size,
      };
      return Object.entries(found).flatMap(([what, n]) => (n === 0 ? [] : [`${n} ${what}`]));
    },
  };
}

/** Asks until the answer is as wanted; gives after how many milliseconds, or null when that took longer than `limit_ms`. */
export async function until(limit_ms: number, isSo: () => Promise<boolean>): Promise<number | null> {
  const begun = performance.now();
  while (performance.now() - begun < limit_ms) {
    if (await isSo()) return Math.round(performance.now() - begun);
    await Bun.sleep(50);
  }
  return null;
}

export const inWords = (faults: readonly string[]): string => (faults.length === 0 ? "rows = replies" : faults.join(", ").toUpperCase());
