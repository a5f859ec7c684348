/** Every setting once: its flag is `--name`, its environment variable `SNUG_NAME`. `config.ts` parses and refuses them. */

export type Setting = { help: string; value: string; hidden?: true; flag?: true };

/** Values are texts as a person would type them; empty means unset. */
export const settings = {
  host: { value: "0.0.0.0", help: "address to listen on" },
  port: { value: "3000", help: "port to listen on" },
  data: { value: "./snug-data", help: "folder for the database, the secret and the operator key" },
  "database-url": { value: "", help: "postgres://… ; default: snug.db in the data folder" },
  "public-url": { value: "", help: "address people use, such as https://chat.example.org" },
  "trusted-proxies": { value: "", help: "addresses whose X-Forwarded-For is believed, comma-separated" },
  registration: { value: "invite", help: "open, invite or closed, for the workspace that setup makes" },
  secret: { value: "", help: "32 bytes or more; several lines: the first signs, all verify. Default: <data>/secret" },
  "ops-listen": { value: "", help: "host:port that serves /metrics apart from the public port" },
  "allowed-origins": { value: "", help: "origins of other pages that may call the API, comma-separated" },
  "access-ttl": { value: "15m", help: "life of an access token" },
  "refresh-ttl": { value: "30d", help: "longest life of a sign-in" },
  "refresh-idle": { value: "7d", help: "life of a sign-in that is not used" },
  "ticket-ttl": { value: "60s", help: "life of a socket ticket" },
  "log-level": { value: "info", help: "debug, info, warn or error" },
  "log-format": { value: "text", help: "text or json" },
  "instance-id": { value: "", help: "name of this process among several; default: made at start" },
  "limit-content-points": { value: "4000", help: "code points of a message" },
  "limit-content-bytes": { value: "16384", help: "bytes of a message" },
  "limit-sends": { value: "10", help: "messages per second and user" },
  "limit-sends-burst": { value: "20", help: "messages at once per user" },
  "limit-frames": { value: "50", help: "frames per second and socket" },
  "limit-requests": { value: "20", help: "requests per second, user and route" },
  "limit-requests-burst": { value: "40", help: "requests at once per user and route" },
  "limit-address": { value: "20", help: "requests per second, address and route, without a valid credential" },
  "limit-address-burst": { value: "40", help: "requests at once per address and route, without a valid credential" },
  "limit-sockets": { value: "10", help: "sockets per user" },
  "tend-every": { value: "1s", help: "how often the store is tended (checkpoint, other processes' commits)" },
  "look-every": { value: "1s", help: "how often changed rights are looked for" },
  "sweep-every": { value: "1h", help: "how often what has expired is deleted" },
  "allow-unsafe-durability": { value: "", help: "for tests: a Postgres without fsync", hidden: true, flag: true },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as SettingName[];
export const variableOf = (name: SettingName): string => `SNUG_${name.toUpperCase().replaceAll("-", "_")}`;

/** The table as `--help` prints it. */
export function settingsHelp(): string {
  const shown = settingNames.filter((name) => !("hidden" in settings[name]));
  const width = Math.max(...shown.map((name) => name.length));
  return shown
    .map((name) => {
      const { help, value } = settings[name];
      return `  --${name.padEnd(width)}  ${help}${value === "" ? "" : ` (${value})`}`;
    })
    .join("\n");
}
