/**
 * A person's seat at door one: what they ask goes through `app.handle`, no port, with an access token of theirs that is signed as the server
 * signs. `openDoor` puts the app on a world; `visit(open, null)` is somebody without a credential.
 */
import { createApp } from "../app.ts";
import { createLimiter } from "../chat/limiter.ts";
import { type Principal, signInOf } from "../chat/principal.ts";
import { type Config, readConfig } from "../config.ts";
import { createAccessTokens } from "../http/access-tokens.ts";
import type { Door } from "../http/door.ts";
import { createHosts } from "../http/hosts.ts";
import { createMetrics } from "../metrics.ts";
import { deriveKeys } from "../secrets.ts";
import type { World } from "./world.ts";

export type OpenDoor = { app: ReturnType<typeof createApp>; door: Door };
export type DoorParts = {
  config?: Partial<Config>;
  ui?: string;
  own_files?: Door["own_files"];
  live?: Door["live"];
  hosts?: Door["hosts"];
  sends?: Door["sends"];
  plugins?: Door["plugins"];
};

/** A secret of two lines: the first signs, both verify. */
export const signing = deriveKeys(["a line that only tests know ".repeat(2), "an older line that tests know ".repeat(2)]).signing;

const unlimited = { per_second: 1_000_000, burst: 1_000_000 }; // clocks of tests stand still

export function openDoor({ chat }: Pick<World, "chat">, parts: DoorParts = {}): OpenDoor {
  const config: Config = { ...readConfig([], {}), requests_by_tenant: unlimited, ...chat.config, ...parts.config };
  const tokens = createAccessTokens(signing, chat.now);
  const door: Door = {
    chat: Object.assign(chat, { config, tokens }), // one and the same chat: what the test does by verbs, the door sees
    config,
    tokens,
    live: parts.live ?? { draining: false, upgrade: () => false },
    hosts: parts.hosts ?? createHosts(chat),
    sends: parts.sends ?? createLimiter(config.sends),
    metrics: createMetrics(),
    log: chat.log,
    plugins: parts.plugins ?? [],
    ui: parts.ui ?? null,
    own_files: parts.own_files ?? null,
  };
  return { app: createApp(door), door };
}

export type Answer = {
  status: number;
  headers: Headers;
  /** As it came. */
  text: string;
  /** Parsed; undefined when it is no JSON. */
  body: any; // oxlint-disable-line typescript/no-explicit-any -- tests read answers of every shape and say in the next line what they expect
};
export type Visitor = Record<
  "get" | "post" | "put" | "patch" | "delete",
  (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
> & {
  /** Any method, any path from the root. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
};

/** `who` carries a right as `world()` gives it. Paths of get, post, put, patch and delete begin below /api/v1. */
export function visit(open: OpenDoor, who: Principal | null): Visitor {
  const ask: Visitor["ask"] = async (method, path, body, headers = {}) => {
    const credential = who === null ? {} : { authorization: `Bearer ${await tokenOf(open, who)}` };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const given = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
    const request = new Request(`http://localhost:3000${path}`, {
      method,
      headers: { ...type, ...credential, ...headers },
      ...(given !== undefined && { body: given }),
    });
    return answerOf(await open.app.handle(request));
  };
  const below = (method: string) => (path: string, body?: unknown, headers?: Record<string, string>) => ask(method, `/api/v1${path}`, body, headers);
  return { ask, get: below("GET"), post: below("POST"), put: below("PUT"), patch: below("PATCH"), delete: below("DELETE") };
}

/** An access token for this right, of the usual fifteen minutes. */
export const tokenOf = ({ door }: OpenDoor, { tenant_id, user_id, via }: Principal, ttl_seconds = 900): Promise<string> =>
  door.tokens.sign({ typ: "access", tid: tenant_id, sub: user_id, sid: signInOf({ via }) ?? "" }, ttl_seconds);

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true && text !== "";
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}
