/** Endpoints on this machine, and what makes a server tell them: each is one more webhook of the workspace. */
import type { ServedOptions } from "../server.ts";
import { call } from "../person.ts";
import type { Scene } from "../stalls/scene.ts";

export type Hit = { id: string; attempt: string; message_id: string; at: number };
export type Endpoint = { url: string; hits: Hit[]; stop(): Promise<void> };

/**
 * The server may reach this machine's first loopback address and no other. Fifty webhooks at once, and without a pace of their own: what is shown here is
 * that nothing is lost and nobody is held up, in minutes. The pace and the usual number are held to in server/chat/bundles.test.ts and webhooks.test.ts.
 */
export const allowing = (executable: string, database_url: string | null = null): ServedOptions => ({
  executable,
  database_url,
  more: ["--webhook-allow", "127.0.0.1/32", "--limit-webhooks", "100", "--webhook-rate", "10000"],
});

export function createEndpoint(answer: (hit: Hit, nth: number) => Response | Promise<Response>, hostname = "127.0.0.1"): Endpoint {
  const hits: Hit[] = [];
  const server = Bun.serve({
    port: 0,
    hostname,
    idleTimeout: 0,
    async fetch(request) {
      const text = await request.text();
      const told: { data?: { message?: { id?: string } } } = text === "" ? {} : JSON.parse(text);
      const { headers } = request;
      const hit = {
        id: headers.get("webhook-id") ?? "",
        attempt: headers.get("snug-attempt") ?? "",
        message_id: told.data?.message?.id ?? "",
        at: performance.now(),
      };
      hits.push(hit);
      return answer(hit, hits.length);
    },
  });
  return { url: `http://${hostname}:${server.port}/`, hits, stop: () => server.stop(true) };
}

export async function tellOf({ reach, owner }: Pick<Scene, "reach" | "owner">, { url }: Endpoint): Promise<string> {
  const made = await call(reach, "POST", "/webhooks", owner, { url, events: ["message.created"] });
  if (made?.status !== 201) throw new Error(`No webhook could be made: ${JSON.stringify(made)}`);
  return (made.body as { id: string }).id;
}
