/** The settings, grouped as those who use them ask for them. All that is wrong is told at once, before anything is opened. */
import { resolve } from "node:path";
import { CannotStart } from "./cannot-start.ts";
import type { ChatConfig } from "./chat/chat.ts";
import type { Rate } from "./chat/limiter.ts";
import type { Listening, Network } from "./setting-values.ts";
import { readSettings, type Settings } from "./settings.ts";

export type Config = ChatConfig &
  Listening & {
    /** An absolute path. */
    data: string;
    database_url: string;
    trusted_proxies: readonly string[];
    allowed_origins: readonly string[];
    /** Its lines; null: those of `<data>/secret`, which is made when there is none. */
    secret: readonly string[] | null;
    ops_listen: Listening | null;
    /** An absolute path; null: the page that is built in. */
    ui: string | null;
    /** Absolute paths. */
    plugins: readonly string[];
    instance_id: string | null;
    log_level: "debug" | "info" | "warn" | "error";
    log_format: "text" | "json";
    frames: Rate;
    requests_by_address: Rate;
    requests_by_key: Rate;
    requests_by_tenant: Rate;
    sockets_per_user: number;
    rooms_per_socket: number;
    picture_pixels: number;
    /** Networks that webhooks may reach though they are private. */
    webhook_allow: readonly Network[];
    deliver_every_ms: number;
    tend_every_ms: number;
    beat_every_ms: number;
    look_every_ms: number;
    notify_every_ms: number;
    sweep_every_ms: number;
    boot_every_ms: number;
    allow_unsafe_durability: boolean;
  };

/** What is known of a configuration of which something may be wrong. */
export type Known = Partial<Pick<Config, "data" | "database_url" | "host" | "port">>;

/**
 * `flags` are the words after the command. Throws CannotStart with one line for each thing that is wrong, and with what `also` finds in the way of
 * what is known: so a person mends all of it at once.
 */
export function readConfig(
  flags: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  also: (known: Known) => readonly string[] = () => [],
): Config {
  const { values, wrongs } = readSettings(flags, env);
  const found = [...wrongs, ...also(knownIn(values))];
  if (found.length > 0) throw new CannotStart(found.join("\n"));
  const data = resolve(values.data);
  return {
    host: values.host,
    port: values.port,
    data,
    database_url: values["database-url"] ?? `sqlite:${data}/snug.db`,
    public_url: values["public-url"],
    trusted_proxies: values["trusted-proxies"],
    allowed_origins: values["allowed-origins"],
    registration: values.registration,
    secret: values.secret,
    ops_listen: values["ops-listen"],
    ui: values.ui === null ? null : resolve(values.ui),
    plugins: values.plugin.map((path) => resolve(path)),
    instance_id: values["instance-id"],
    log_level: values["log-level"],
    log_format: values["log-format"],
    access_ttl_ms: values["access-ttl"],
    refresh_ttl_ms: values["refresh-ttl"],
    refresh_idle_ms: values["refresh-idle"],
    ticket_ttl_ms: values["ticket-ttl"],
    limits: {
      content_points: values["limit-content-points"],
      content_bytes: values["limit-content-bytes"],
      meta_bytes: values["limit-meta-bytes"],
      frame_bytes: values["limit-frame-bytes"],
      file_bytes: values["limit-file-bytes"],
    },
    storage_bytes: values["limit-storage-bytes"],
    picture_pixels: values["limit-picture-pixels"],
    bounds: { bytes: values["limit-frame-bytes"], depth: values["limit-depth"], keys: values["limit-keys"] },
    notifications: {
      attempts: values["notify-attempts"],
      first_pause_ms: values["notify-first-pause"],
      longest_pause_ms: values["notify-longest-pause"],
      life_ms: values["notify-life"],
    },
    notified: { per_second: values["limit-notified"], burst: values["limit-notified-burst"] },
    free_failures: values["limit-failures"],
    keep_audit_ms: values["keep-audit"],
    keep_delivered_ms: values["keep-delivered"],
    keep_dead_ms: values["keep-dead"],
    keep_answers_ms: values["keep-answers"],
    sends: { per_second: values["limit-sends"], burst: values["limit-sends-burst"] },
    frames: { per_second: values["limit-frames"], burst: values["limit-frames"] },
    requests: { per_second: values["limit-requests"], burst: values["limit-requests-burst"] },
    requests_by_address: { per_second: values["limit-address"], burst: values["limit-address-burst"] },
    requests_by_key: { per_second: values["limit-api-key"], burst: values["limit-api-key-burst"] },
    requests_by_tenant: { per_second: values["limit-tenant"], burst: values["limit-tenant-burst"] },
    sockets_per_user: values["limit-sockets"],
    rooms_per_socket: values["limit-rooms"],
    webhooks: {
      attempts: values["webhook-attempts"],
      first_retry_ms: values["webhook-first-retry"],
      longest_retry_ms: values["webhook-longest-retry"],
    },
    webhooks_on: values["limit-webhooks"],
    webhook_rate: values["webhook-rate"],
    webhook_allow: values["webhook-allow"],
    deliver_every_ms: values["deliver-every"],
    tend_every_ms: values["tend-every"],
    beat_every_ms: values["beat-every"],
    look_every_ms: values["look-every"],
    notify_every_ms: values["notify-every"],
    sweep_every_ms: values["sweep-every"],
    boot_every_ms: values["boot-every"],
    allow_unsafe_durability: values["allow-unsafe-durability"],
  };
}

/** A setting that could not be read is null. */
function knownIn(values: { [K in "data" | "database-url" | "host" | "port"]: Settings[K] | null }): Known {
  const { host, port } = values;
  const data = values.data === null ? undefined : resolve(values.data);
  const database_url = values["database-url"] ?? (data === undefined ? undefined : `sqlite:${data}/snug.db`);
  return {
    ...(data !== undefined && { data }),
    ...(database_url !== undefined && { database_url }),
    ...(host !== null && { host }),
    ...(port !== null && { port }),
  };
}
