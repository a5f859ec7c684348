/** What who runs the workspace has set up: an endpoint that hears of messages, keys, settings, and a word of an application to its people. */
import type { ApiKey } from "../../../server/protocol/api-keys.ts";
import type { MadeWebhook } from "../../../server/protocol/webhooks.ts";
import type { Play } from "./acts.ts";
import { KEEPER, saidAt } from "./today.ts";

export type Endpoint = { readonly url: string; readonly close: () => void };

/** An application on this machine that hears what it is told, and is being deployed at its third request. */
export function openEndpoint(): Endpoint {
  let requests = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response(null, { status: (requests += 1) === 3 ? 503 : 204 }),
  });
  return { url: `http://127.0.0.1:${server.port}/hooks/tickets`, close: () => void server.stop(true) };
}

/** Gives the id of the webhook, which has been told something already. */
export async function tell({ reader, lines, room }: Play, url: string): Promise<string> {
  const { id } = (await reader("POST", "/webhooks", { url, events: ["message.created", "member.joined"], description: "Tickets" })) as MadeWebhook;
  for (const [i, line] of [118_505, 197_428, 197_432, 197_440].entries())
    await reader("POST", `/rooms/${room("general")}/messages`, {
      client_id: `told-${String(i).padStart(16, "0")}`,
      content: saidAt(lines, line).text,
    });
  return id;
}

/** Gives the code of an invitation. */
export async function manage({ reader, cast }: Play): Promise<string> {
  await reader("PATCH", "/admin/config", { name: "Help desk" });
  const keys = [
    { name: "Ticket system", scope: "server" },
    { name: "Directory sync", scope: "admin", expires_in_seconds: 90 * 86_400 },
    { name: "Weekly report", scope: "read" },
  ];
  for (const key of keys) (await reader("POST", "/admin/api-keys", key)) as ApiKey;
  const { code } = (await reader("POST", "/admin/invites", { role: "member", expires_in_seconds: 7 * 86_400, max_uses: 25 })) as { code: string };
  await reader("PATCH", `/admin/users/${(await cast(KEEPER)).id}`, { role: "admin" });
  return code;
}
