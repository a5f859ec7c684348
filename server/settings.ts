/** Every setting once: its flag is `--name`, its environment variable `SNUG_NAME`, its default is a text as a person would type it. */
import {
  address,
  database,
  file,
  hostAndPort,
  interval,
  listOf,
  network,
  oneOf,
  optional,
  origin,
  type Parse,
  secretLines,
  text,
  time,
  whole,
  WrongValue,
  yesOrNo,
} from "./setting-values.ts";

/** `whole` limits have this ceiling: large enough to mean "none". */
const MANY = 1_000_000_000;
const MOST = 999_999_999_999_999;

/** `again`: its flag may be said several times, and then means a list. */
type Setting = { value: string; parse: Parse<unknown>; help: string; hidden?: true; again?: true };

export const settings = {
  host: { value: "0.0.0.0", parse: text, help: "address to listen on" },
  port: { value: "3000", parse: whole(0, 65_535), help: "port to listen on; 0 takes any that is free" },
  data: { value: "./snug-data", parse: text, help: "folder of the database, the secret and the operator key" },
  "database-url": {
    value: "",
    parse: optional(database),
    help: "postgres://… or sqlite:<path>, behind a plugin's scheme as in timed+sqlite:<path>; otherwise snug.db in the data folder",
  },
  "public-url": { value: "", parse: optional(origin), help: "address that people use, such as https://chat.example.org" },
  "trusted-proxies": { value: "", parse: listOf(address), help: "addresses whose X-Forwarded-For is believed, comma-separated" },
  "allowed-origins": { value: "", parse: listOf(origin), help: "origins of other pages that may call the API, comma-separated" },
  registration: { value: "invite", parse: oneOf("open", "invite", "closed"), help: "open, invite or closed, for the workspace that setup makes" },
  secret: { value: "", parse: optional(secretLines), help: "32 bytes or more; several lines: the first signs, all verify; otherwise <data>/secret" },
  "ops-listen": {
    value: "",
    parse: optional(hostAndPort),
    help: "host:port that serves /metrics and health without a key, apart from the public port",
  },
  ui: { value: "", parse: optional(text), help: "folder of your own files: with an index.html instead of the built-in page, without one over it" },
  plugin: {
    value: "",
    parse: listOf(file),
    help: "plugin file to load at start, as ./filter.ts; may be said again, or name several, comma-separated",
    again: true,
  },
  "instance-id": { value: "", parse: optional(text), help: "name of this process among several; otherwise made at start" },
  "log-level": { value: "info", parse: oneOf("debug", "info", "warn", "error"), help: "debug, info, warn or error" },
  "log-format": { value: "text", parse: oneOf("text", "json"), help: "text or json" },
  "access-ttl": { value: "15m", parse: time, help: "life of an access token" },
  "refresh-ttl": { value: "30d", parse: time, help: "longest life of a sign-in" },
  "refresh-idle": { value: "7d", parse: time, help: "life of a sign-in that is not used" },
  "ticket-ttl": { value: "60s", parse: time, help: "life of a socket ticket" },
  "limit-content-points": { value: "4000", parse: whole(1, 4_000), help: "code points of a message" },
  "limit-content-bytes": { value: "16384", parse: whole(1, 16_384), help: "bytes of a message" },
  "limit-meta-bytes": { value: "16384", parse: whole(2, 16_384), help: "bytes of a message's meta" },
  "limit-frame-bytes": { value: "65536", parse: whole(1_024, 1_048_576), help: "bytes of a frame or a request's body" },
  "limit-file-bytes": { value: "104857600", parse: whole(1, MOST), help: "bytes of a file that is sent with a message" },
  "limit-picture-pixels": {
    value: "50000000",
    parse: whole(1, 500_000_000),
    help: "pixels of a picture that is shown; opening one takes 4 bytes for each",
  },
  "limit-storage-bytes": { value: "1000000000000", parse: whole(1, MOST), help: "bytes of all files of a workspace" },
  "limit-depth": { value: "16", parse: whole(4, 64), help: "how deep JSON may be" },
  "limit-keys": { value: "200", parse: whole(50, 10_000), help: "keys that JSON may have" },
  "limit-sends": { value: "10", parse: whole(1, MANY), help: "messages per second and user" },
  "limit-sends-burst": { value: "20", parse: whole(1, MANY), help: "messages at once per user" },
  "limit-frames": { value: "50", parse: whole(1, MANY), help: "frames per second and socket" },
  "limit-requests": { value: "20", parse: whole(1, MANY), help: "requests per second, user and route" },
  "limit-requests-burst": { value: "40", parse: whole(1, MANY), help: "requests at once per user and route" },
  "limit-address": { value: "20", parse: whole(1, MANY), help: "requests per second, address and route, without a valid credential" },
  "limit-address-burst": { value: "40", parse: whole(1, MANY), help: "requests at once per address and route, without a valid credential" },
  "limit-api-key": { value: "500", parse: whole(1, MANY), help: "requests per second and API key" },
  "limit-api-key-burst": { value: "1000", parse: whole(1, MANY), help: "requests at once per API key" },
  "limit-tenant": { value: "2000", parse: whole(1, MANY), help: "requests per second and workspace, of all its people and programs" },
  "limit-tenant-burst": { value: "4000", parse: whole(1, MANY), help: "requests at once per workspace" },
  "limit-notified": { value: "2000", parse: whole(1, MANY), help: "people notified per second and workspace, each once for each notification" },
  "limit-notified-burst": {
    value: "20000",
    parse: whole(1, MANY),
    help: "people notified at once per workspace; after one for more than that the next waits",
  },
  "limit-sockets": { value: "10", parse: whole(1, MANY), help: "sockets per user" },
  "limit-rooms": { value: "1000", parse: whole(1, MANY), help: "rooms that one socket hears" },
  "limit-failures": { value: "5", parse: whole(1, 1_000), help: "wrong passwords, per account and address, before answers are delayed" },
  "limit-webhooks": { value: "20", parse: whole(0, 100), help: "webhooks of a workspace that are switched on; each post is written down for each" },
  "keep-audit": { value: "365d", parse: time, help: "how long entries of the audit log are kept" },
  "keep-delivered": { value: "7d", parse: time, help: "how long deliveries and notifications are kept that have arrived" },
  "keep-dead": { value: "30d", parse: time, help: "how long dead letters are kept" },
  "keep-answers": { value: "24h", parse: time, help: "how long a POST with an Idempotency-Key is answered alike" },
  "webhook-attempts": { value: "20", parse: whole(1, 1_000), help: "how often a webhook is tried before it is a dead letter" },
  "webhook-first-retry": { value: "5s", parse: interval, help: "longest pause after the first failure; it doubles with each" },
  "webhook-longest-retry": { value: "6h", parse: interval, help: "longest pause between two attempts" },
  "webhook-rate": { value: "100", parse: whole(1, 100_000), help: "requests per second to one webhook; what is more waits" },
  "webhook-allow": { value: "", parse: listOf(network), help: "networks that webhooks may reach though they are private, such as 10.1.0.0/16" },
  "deliver-every": { value: "250ms", parse: interval, help: "how often it is looked which webhooks are due" },
  "tend-every": { value: "1s", parse: interval, help: "how often the store is tended (checkpoint, other processes' commits)" },
  "beat-every": { value: "1s", parse: interval, help: "how often sockets are looked through (pings, silent and slow ones, presence)" },
  "look-every": { value: "1s", parse: interval, help: "how often changed rights and rooms are looked for" },
  "sweep-every": { value: "1h", parse: interval, help: "how often what has expired is deleted, and what a tenant keeps no longer" },
  "notify-attempts": { value: "10", parse: whole(1, 1_000), help: "how often a notification is sent to who is here before it is given up" },
  "notify-first-pause": { value: "10s", parse: time, help: "how long an acknowledgement is waited for before a notification is sent again" },
  "notify-longest-pause": { value: "1h", parse: time, help: "longest pause between such attempts, which doubles each time" },
  "notify-life": { value: "30d", parse: time, help: "how long a notification waits for who does not come before it is a dead letter" },
  "notify-every": { value: "1s", parse: interval, help: "how often it is looked which notifications are due" },
  "boot-every": { value: "1h", parse: interval, help: "how often the database's mark is renewed, by which a copy of it is told" },
  "allow-unsafe-durability": { value: "false", parse: yesOrNo, help: "for tests: a Postgres without fsync", hidden: true },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type Settings = { [K in SettingName]: ReturnType<(typeof settings)[K]["parse"]> };

const names = Object.keys(settings) as SettingName[]; // the table's own keys

export const variableOf = (name: SettingName): string => `SNUG_${name.toUpperCase().replaceAll("-", "_")}`;

/**
 * The value of each setting: the flag's (`--name value` or `--name=value`), else the variable's unless that is empty, else the default.
 * `wrongs` says all that is wrong, in words; while there are any, the values mean nothing.
 */
export function readSettings(flags: readonly string[], env: Readonly<Record<string, string | undefined>>): { values: Settings; wrongs: string[] } {
  const wrongs: string[] = [];
  const given = readFlags(flags, wrongs);
  const values = names.map((name) => {
    const typed = given.get(name) ?? (env[variableOf(name)] || settings[name].value);
    try {
      return [name, settings[name].parse(typed)] as const;
    } catch (fault) {
      if (!(fault instanceof WrongValue)) throw fault;
      wrongs.push(`--${name} (${variableOf(name)}) ${fault.message}`);
      return [name, null] as const;
    }
  });
  return { values: Object.fromEntries(values) as Settings, wrongs }; // each value was made by its own line of the table
}

/** The table as `--help` prints it. */
export function settingsHelp(): string {
  const shown = names.filter((name) => !("hidden" in settings[name]));
  const width = Math.max(...shown.map((name) => name.length));
  return shown
    .map((name) => {
      const { help, value } = settings[name];
      return `  --${name.padEnd(width)}  ${help}${value === "" ? "" : ` (${value})`}`;
    })
    .join("\n");
}

function readFlags(words: readonly string[], wrongs: string[]): Map<SettingName, string> {
  const flags = new Map<SettingName, string>();
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    const [, flag, inline] = /^--([a-z-]+)(?:=([\s\S]*))?$/u.exec(word) ?? [];
    const name = names.find((one) => one === flag);
    if (name === undefined) {
      wrongs.push(`${JSON.stringify(word.split("=")[0])} is no ${word.startsWith("-") ? "setting" : "command"}; snug --help lists them`);
      continue;
    }
    const value = inline ?? words[(i += 1)];
    if (value === undefined) wrongs.push(`--${name} needs a value`);
    else flags.set(name, "again" in settings[name] && flags.has(name) ? `${flags.get(name)},${value}` : value);
  }
  return flags;
}
