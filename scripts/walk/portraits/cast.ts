/** The people of the conversation, acted for as an application of theirs would: by a key that mints tokens. */
import type { List, User } from "../../../server/protocol.ts";
import type { ApiKey, MintedToken } from "../../../server/protocol/api-keys.ts";
import { type Caller, callerOf } from "../rest.ts";
import { until } from "../server.ts";

export type Actor = { readonly id: string; readonly token: string; readonly call: Caller };
export type Cast = (username: string) => Promise<Actor>;

const DAY_S = 86_400;

/** Whoever comes in is given a name to be read by: `sandy_mole3` is Sandy Mole. */
export async function castOf(origin: string, reader: Caller): Promise<Cast> {
  const { key = "" } = (await reader("POST", "/admin/api-keys", { name: "Night desk", scope: "server", impersonate: true })) as ApiKey;
  const actors = new Map<string, Promise<Actor>>();
  const enter = async (username: string): Promise<Actor> => {
    const { items } = (await reader("GET", `/users?q=${username}&limit=20`)) as List<User>;
    const user = items.find((one) => one.username === username);
    if (!user) throw new Error(`nobody is called ${username}`);
    const headers = { "x-api-key": key, "content-type": "application/json" };
    const body = JSON.stringify({ user_id: user.id, ttl_seconds: DAY_S });
    const answer = await fetch(`${origin}/api/v1/auth/tokens`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(`no token for ${username}: ${await answer.text()}`);
    const { access_token } = (await answer.json()) as MintedToken;
    const call = callerOf(origin, access_token);
    await call("PATCH", "/me", { display_name: nameOf(username) });
    return { id: user.id, token: access_token, call };
  };
  return async (username) => {
    const actor = actors.get(username) ?? enter(username);
    actors.set(username, actor);
    return actor;
  };
}

const nameOf = (username: string): string =>
  username
    .replace(/\d+$/u, "")
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");

/** They sit there: their presence is full while the socket is open. */
export async function here(origin: string, cast: Cast, username: string): Promise<WebSocket> {
  const { call } = await cast(username);
  const { ticket } = (await call("POST", "/ws/tickets", {})) as { ticket: string };
  const socket = new WebSocket(`${origin.replace(/^http/u, "ws")}/ws`, ["snug.v1", `ticket.${ticket}`]);
  let isOpen = false;
  socket.onmessage = () => (isOpen = true);
  await until(() => Promise.resolve(isOpen), `${username} is connected`);
  return socket;
}
