/** Flags and environment become a Config, parsed and refused in one place: all that is wrong is told at once. A flag goes before its variable. */
import { resolve } from "node:path";
import type { ChatConfig } from "./chat/chat.ts";
import type { Rate } from "./chat/limiter.ts";
import { FRAME_BYTES, META_BYTES } from "./protocol.ts";
import { type SettingName, settingNames, settings, variableOf } from "./settings.ts";

export type Config = ChatConfig & {
  host: string;
  port: number;
  data: string;
  database_url: string;
  trusted_proxies: readonly string[];
  /** Null: `<data>/secret` is read or made. */
  secret: string | null;
  ops_listen: { host: string; port: number } | null;
  allowed_origins: readonly string[];
  log_level: "debug" | "info" | "warn" | "error";
  log_format: "text" | "json";
  instance_id: string | null;
  sends: Rate;
  frames: Rate;
  requests: Rate;
  requests_by_address: Rate;
  sockets_per_user: number;
  tend_every_ms: number;
  look_every_ms: number;
  sweep_every_ms: number;
  allow_unsafe_durability: boolean;
};

/** All that is wrong with what was given, in words for the person at the terminal. */
export class ConfigFault extends Error {
  override readonly name = "ConfigFault";
  constructor(readonly wrongs: readonly string[]) {
    super(wrongs.join("\n"));
  }
}

/** `args` are the words after the command; `env` the environment. Throws ConfigFault. */
export function readConfig(args: readonly string[], env: Record<string, string | undefined>): Config {
  const wrongs: string[] = [];
  const flags = readFlags(args, wrongs);
  const text = (name: SettingName): string => flags.get(name) ?? env[variableOf(name)] ?? settings[name].value;
  const say = (name: SettingName, what: string): void => void wrongs.push(`--${name} (${variableOf(name)}): ${what}`);
  const number = (name: SettingName, least: number, most: number): number => {
    const value = /^\d+$/u.test(text(name)) ? Number(text(name)) : Number.NaN;
    if (!(value >= least && value <= most)) say(name, `a whole number from ${least} to ${most}, not "${text(name)}"`);
    return value;
  };
  const time = (name: SettingName): number => {
    const ms = durationOf(text(name));
    if (ms === null) say(name, `a time such as 30s, 15m, 1h or 7d, above zero, not "${text(name)}"`);
    return ms ?? 0;
  };
  const oneOf = <const T extends string>(name: SettingName, allowed: readonly T[]): T => {
    const found = allowed.find((one) => one === text(name));
    if (found === undefined) say(name, `one of ${allowed.join(", ")}, not "${text(name)}"`);
    return found ?? (allowed[0] as T);
  };
  const list = (name: SettingName): string[] => text(name).split(",").map((one) => one.trim()).filter((one) => one !== "");
  const origins = (name: SettingName, given: string[]): string[] => {
    for (const one of given) if (originOf(one) !== one.toLowerCase()) say(name, `an origin has a scheme and a host, no path and no wildcard: "${one}"`);
    return given.map((one) => one.toLowerCase());
  };
  const rate = (per_second: SettingName, burst: SettingName): Rate => ({ per_second: number(per_second, 1, 1e9), burst: number(burst, 1, 1e9) });

  const data = resolve(text("data"));
  const secret = text("secret") === "" ? null : text("secret");
  if (secret !== null && secret.trim().split("\n").some((line) => Buffer.byteLength(line.trim()) < 32)) say("secret", "each line needs 32 bytes or more");
  const public_url = text("public-url") === "" ? null : (origins("public-url", [text("public-url").replace(/\/$/u, "")])[0] ?? null);
  const ops = /^(.+):(\d{1,5})$/u.exec(text("ops-listen"));
  if (text("ops-listen") !== "" && !ops) say("ops-listen", `host:port, not "${text("ops-listen")}"`);
  const database = text("database-url");
  if (database !== "" && !/^(postgres(ql)?:\/\/|sqlite:)/u.test(database)) say("database-url", "begins with postgres:// or sqlite:");

  const config: Config = {
    host: text("host"),
    port: number("port", 0, 65_535),
    data,
    database_url: database === "" ? `sqlite:${data}/snug.db` : database,
    public_url,
    trusted_proxies: list("trusted-proxies"),
    secret,
    registration: oneOf("registration", ["invite", "open", "closed"]),
    ops_listen: ops?.[1] === undefined ? null : { host: ops[1], port: Number(ops[2]) },
    allowed_origins: origins("allowed-origins", list("allowed-origins")),
    access_ttl_ms: time("access-ttl"),
    refresh_ttl_ms: time("refresh-ttl"),
    refresh_idle_ms: time("refresh-idle"),
    ticket_ttl_ms: time("ticket-ttl"),
    log_level: oneOf("log-level", ["info", "debug", "warn", "error"]),
    log_format: oneOf("log-format", ["text", "json"]),
    instance_id: text("instance-id") === "" ? null : text("instance-id"),
    limits: {
      content_points: number("limit-content-points", 1, 4_000),
      content_bytes: number("limit-content-bytes", 1, 16_384),
      meta_bytes: META_BYTES,
      frame_bytes: FRAME_BYTES,
    },
    sends: rate("limit-sends", "limit-sends-burst"),
    frames: rate("limit-frames", "limit-frames"),
    requests: rate("limit-requests", "limit-requests-burst"),
    requests_by_address: rate("limit-address", "limit-address-burst"),
    sockets_per_user: number("limit-sockets", 1, 1e6),
    tend_every_ms: time("tend-every"),
    look_every_ms: time("look-every"),
    sweep_every_ms: time("sweep-every"),
    allow_unsafe_durability: text("allow-unsafe-durability") !== "",
  };
  if (wrongs.length > 0) throw new ConfigFault(wrongs);
  return config;
}

function readFlags(args: readonly string[], wrongs: string[]): Map<SettingName, string> {
  const flags = new Map<SettingName, string>();
  for (let i = 0; i < args.length; i += 1) {
    const [, given = "", inline] = /^--([a-z-]+)(?:=([\s\S]*))?$/u.exec(args[i] ?? "") ?? [];
    const name = settingNames.find((one) => one === given);
    if (name === undefined) {
      wrongs.push(`${args[i]}: no such flag; see snug --help`);
      continue;
    }
    const value = inline ?? ("flag" in settings[name] ? "true" : args[(i += 1)]);
    if (value === undefined) wrongs.push(`--${name}: needs a value`);
    else flags.set(name, value);
  }
  return flags;
}

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds, or null when it is not a time above zero. */
export function durationOf(text: string): number | null {
  const [, amount = "", unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/u.exec(text) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  return ms > 0 ? ms : null;
}

function originOf(text: string): string | null {
  if (!/^https?:\/\/[^*]+$/iu.test(text)) return null;
  try {
    return new URL(text).origin;
  } catch {
    return null;
  }
}
