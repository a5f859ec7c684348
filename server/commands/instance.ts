/** Opens everything that an instance stands on, in order, and gives it back to be served and closed. */
import { join } from "node:path";
import { migrate } from "../../db/migrate.ts";
import { openStore, type Place, placeOf, schemeOf } from "../../db/open.ts";
import type { Store } from "../../db/store.ts";
import { CannotStart } from "../cannot-start.ts";
import { createMemoryBackplane } from "../backplane/memory.ts";
import { createPostgresBackplane } from "../backplane/postgres.ts";
import type { Backplane, Chat, Log } from "../chat/chat.ts";
import { createDepot } from "../files/depot.ts";
import { createHooks } from "../chat/hooks.ts";
import type { Config } from "../config.ts";
import { type AccessTokens, createAccessTokens } from "../http/access-tokens.ts";
import { newId, newSecret } from "../ids.ts";
import { openInstallation } from "../installation.ts";
import { createElsewhere, nowhere } from "../live/elsewhere.ts";
import { createRoster, type Roster } from "../live/roster.ts";
import { createLog } from "../log.ts";
import { createMetrics, type ProcessMetrics } from "../metrics.ts";
import { createPatience } from "../patience.ts";
import { loadPlugins } from "../plugins/load.ts";
import type { Plugin } from "../plugins/plugin.ts";
import { createOutbound } from "../plugins/outbound.ts";
import { webhooks } from "../plugins/webhooks.ts";
import { readSecrets } from "../secrets.ts";
import type { DataFolder } from "./data-folder.ts";

export type Instance = {
  chat: Chat;
  roster: Roster;
  tokens: AccessTokens;
  metrics: ProcessMetrics;
  plugins: readonly Plugin[];
  /** Names this history to clients. */
  epoch: string;
  /** Finishes what is queued and leaves the files tidy. */
  close(): Promise<void>;
};

const HOOKS_WAIT_MS = 2_000; // a post waits no longer for a handler: its sender waits ten seconds for the answer

/**
 * `folder` is held by this process; `migrations` holds those of both dialects. Throws CannotStart or MigrationRefused for what a person can mend,
 * having closed what it opened.
 */
export async function openInstance(config: Config, folder: DataFolder, migrations: string): Promise<Instance> {
  await using opened = new AsyncDisposableStack();
  const secrets = readSecrets(config.data, config.secret);
  const now = Date.now;
  const log = createLog({ level: config.log_level, format: config.log_format, now });
  const metrics = createMetrics();
  const hooks = createHooks(
    (point, fault, by) => {
      metrics.count("snug_faults_total");
      log.error("hook.failed", fault, { point, by });
    },
    createPatience(HOOKS_WAIT_MS, now),
  );
  let served: Chat | null = null;
  const plugins = await loadPlugins(config.plugins, { hooks, log, chat: () => served ?? notYet() });
  await migrate(config.database_url, migrations);
  const store = await openOver(plugins, config, log);
  opened.defer(() => store.close());
  const { epoch } = await openInstallation(store, { boot_file: folder.boot_file, prints: secrets.prints, now: now() });
  const id = newId();
  const place = placeOf(config.database_url);
  const shared = place.dialect === "postgres"; // SQLite has one process, any number may share a Postgres
  const backplane = await openBackplane(plugins, place, { id, log });
  opened.defer(() => backplane.close());
  const roster = createRoster(now, shared ? createElsewhere({ store, id, name: config.instance_id, now }) : nowhere);
  opened.defer(() => roster.leaveElsewhere().catch((fault: unknown) => log.warn("instance.left", { why: String(fault) })));
  const tokens = createAccessTokens(secrets.signing);
  const depot = createDepot({ folder: join(config.data, "files"), pixels: config.picture_pixels, newName: newId });
  const chat: Chat = { store, depot, backplane, sessions: roster, hooks, log, metrics, keys: secrets, tokens, config, now, newId, newSecret };
  served = chat;
  webhooks(chat, createOutbound({ allow: config.webhook_allow }));
  const kept = opened.move();
  return { chat, roster, tokens, metrics, epoch, plugins, close: () => kept.disposeAsync() };
}

function notYet(): never {
  throw new Error("The verbs work as soon as Snug serves, not while it starts.");
}

/** Ours, under that of the plugin whose scheme the address has. */
async function openOver(plugins: readonly Plugin[], { database_url, allow_unsafe_durability }: Config, log: Log): Promise<Store> {
  const scheme = schemeOf(database_url);
  const brought = plugins.find(({ store }) => store?.scheme === scheme)?.store;
  if (scheme !== null && !brought) throw new CannotStart(`No plugin brings the store ${scheme} that --database-url names.`);
  const ours = await openStore(database_url, { postgres: { allow_unsafe_durability } });
  return brought ? await brought.over(ours, { log }) : ours;
}

/** A plugin's, else what the database carries. */
function openBackplane(plugins: readonly Plugin[], place: Place, given: { id: string; log: Log }): Promise<Backplane> | Backplane {
  const brought = plugins.find(({ backplane }) => backplane)?.backplane;
  if (brought) return brought(given);
  return place.dialect === "postgres" ? createPostgresBackplane(place.url, given) : createMemoryBackplane();
}
