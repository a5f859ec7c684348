/** Opens everything an instance stands on, in order, and gives it back to be served and closed. */
import { networkInterfaces } from "node:os";
import { type Hold, holdFolder } from "../db/hold.ts";
import { migrate } from "../db/migrate.ts";
import { openStore } from "../db/open.ts";
import { createMemoryBackplane } from "./backplane/memory.ts";
import type { Chat } from "./chat/chat.ts";
import { createHooks } from "./chat/hooks.ts";
import type { Config } from "./config.ts";
import { type AccessTokens, createAccessTokens } from "./http/access-tokens.ts";
import { newId, newSecret } from "./ids.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { createRoster, type Roster } from "./live/roster.ts";
import { createLog } from "./log.ts";
import { createMetrics, type ProcessMetrics } from "./metrics.ts";
import { readSecrets } from "./secrets.ts";

export type Instance = {
  chat: Chat;
  roster: Roster;
  tokens: AccessTokens;
  metrics: ProcessMetrics;
  installation: Installation;
  close(): Promise<void>;
};

/** Why it cannot start and what to do, in words for the person at the terminal. */
export class CannotStart extends Error {
  override readonly name = "CannotStart";
}

/** `migrations` is the folder of both dialects' migrations. Throws CannotStart when another Snug holds the data folder. */
export async function openInstance(config: Config, migrations: string): Promise<Instance> {
  const secrets = readSecrets(config.data, config.secret);
  const postgres = !config.database_url.startsWith("sqlite:");
  const hold = postgres ? null : heldOrRefused(config.data);
  await migrate(config.database_url, migrations);
  const store = await openStore(config.database_url, { postgres: { allow_unsafe_durability: config.allow_unsafe_durability } });
  const log = createLog({ level: config.log_level, format: config.log_format, now: Date.now });
  const metrics = createMetrics();
  const tokens = createAccessTokens(secrets.signing);
  const roster = createRoster(Date.now);
  const installation = await openInstallation(store, { data: config.data, prints: secrets.prints, now: Date.now(), postgres });
  const backplane = createMemoryBackplane();
  const hooks = createHooks((point, fault) => {
    metrics.count("snug_faults_total");
    log.error("hook.failed", fault, { point });
  });
  const chat: Chat = { store, backplane, sessions: roster, hooks, log, metrics, keys: secrets, tokens, config, now: Date.now, newId, newSecret };
  const close = async (): Promise<void> => {
    await backplane.close();
    await store.close();
    hold?.release();
  };
  return { chat, roster, tokens, metrics, installation, close };
}

function heldOrRefused(data: string): Hold {
  const hold = holdFolder(data);
  if (!hold) throw new CannotStart(`Another Snug is running on ${data}. Stop it, or give this one another --data.`);
  return hold;
}

/** The addresses at which people reach this port: this machine's own, and those of its network. */
export function addressesOf(host: string, port: number): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [`http://${host.includes(":") ? `[${host}]` : host}:${port}`];
  const found = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const lan = found.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address);
  return ["localhost", ...lan].map((address) => `http://${address}:${port}`);
}
