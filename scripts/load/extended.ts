/** Snug as a developer has it: three plugins on its hooks, and one webhook that hears of every message. */
import { resolve } from "node:path";
import { freePort } from "../check/free-port.ts";

const PLUGINS = ["../../docs/plugins/word-filter.ts", "../../docs/plugins/welcome-bot.ts", "tally.ts"];

export const extensions = PLUGINS.flatMap((path) => ["--plugin", resolve(import.meta.dir, path)]).concat("--webhook-allow", "127.0.0.1/32");

/** Makes the webhook; gives the port at which it is to be heard. */
export async function addWebhook(port: number, owner: { username: string; password: string }): Promise<number> {
  const sink = freePort();
  const post = async (path: string, body: object, token?: string): Promise<{ access_token?: string }> => {
    const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return JSON.parse(await answer.text());
  };
  const { access_token } = await post("/auth/login", owner);
  await post("/webhooks", { url: `http://127.0.0.1:${sink}/`, events: ["message.created"], include_private: true, description: "" }, access_token);
  return sink;
}

/** The endpoint of the webhook: takes everything; gives how much it has heard. */
export function openSink(port: number): { heard(): number; close(): void } {
  let heard = 0;
  const server = Bun.serve({
    port,
    hostname: "127.0.0.1",
    async fetch(request) {
      await request.arrayBuffer();
      heard += 1;
      return new Response(null, { status: 204 });
    },
  });
  return { heard: () => heard, close: () => void server.stop(true) };
}
