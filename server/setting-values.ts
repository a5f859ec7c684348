/** What the text of a setting may mean. Each of these takes what a person typed and gives its value, or throws WrongValue with what was wanted. */
import { isIP } from "node:net";
import { isAbsolute } from "node:path";

/** Says what is wanted, never what was given when that may be a secret. */
export class WrongValue extends Error {
  override readonly name = "WrongValue";
}

export type Parse<T> = (text: string) => T;

export const SECRET_BYTES = 32;

export const text: Parse<string> = (given) => given;

export const optional =
  <T>(parse: Parse<T>): Parse<T | null> =>
  (given) =>
    given === "" ? null : parse(given);

export const listOf =
  <T>(parse: Parse<T>): Parse<readonly T[]> =>
  (given) =>
    given
      .split(",")
      .map((one) => one.trim())
      .filter((one) => one !== "")
      .map(parse);

export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Parse<T> =>
  (given) =>
    allowed.find((one) => one === given) ?? wrong(`one of ${allowed.join(", ")}`, given);

export const whole =
  (least: number, most: number): Parse<number> =>
  (given) => {
    const value = /^\d{1,15}$/u.test(given) ? Number(given) : Number.NaN;
    return value >= least && value <= most ? value : wrong(`a whole number from ${least} to ${most}`, given);
  };

export const yesOrNo: Parse<boolean> = (given) => {
  if (given !== "true" && given !== "false") wrong("true or false", given);
  return given === "true";
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 2 ** 31 - 1; // 24.8 days: a timer that is longer fires at once

/** Milliseconds, above zero. */
export const time: Parse<number> = (given) => {
  const [, amount = "", unit = ""] = /^(\d{1,9})(ms|s|m|h|d)$/u.exec(given) ?? [];
  const ms = Number(amount) * (UNITS[unit] ?? 0);
  return ms > 0 ? ms : wrong("a time above zero, such as 30s, 15m, 1h or 7d", given);
};

/** Milliseconds that a timer can wait. */
export const interval: Parse<number> = (given) => {
  const ms = time(given);
  return ms <= LONGEST_MS ? ms : wrong("a time of at most 24 days", given);
};

/** A scheme and a host, as browsers write it: no path, no wildcard, no user. A slash at the end is forgiven. */
export const origin: Parse<string> = (given) => {
  const url = /^https?:\/\/[^*?#@]+$/iu.test(given) && URL.canParse(given) ? new URL(given) : null;
  return url?.pathname === "/" ? url.origin : wrong("an origin such as https://chat.example.org, without path or wildcard", given);
};

/** An address literal: a name could mean another machine tomorrow. */
export const address: Parse<string> = (given) => (isIP(given) > 0 ? given : wrong("addresses such as 10.0.0.1 or fd00::1", given));

export type Network = { address: string; prefix: number; family: "ipv4" | "ipv6" };

/** Addresses that begin alike, as `10.0.0.0/8`; an address alone is one of its own. */
export const network: Parse<Network> = (given) => {
  const [, address = "", length] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/u.exec(given) ?? [];
  const bits = isIP(address) === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  return isIP(address) !== 0 && prefix <= bits
    ? { address, prefix, family: bits === 32 ? "ipv4" : "ipv6" }
    : wrong("networks such as 10.1.0.0/16 or fd00::/8", given);
};

export type Listening = { host: string; port: number };

export const hostAndPort: Parse<Listening> = (given) => {
  const [, host = "", digits = ""] = /^(\[[0-9a-fA-F:.]+\]|[^:]+):(\d{1,5})$/u.exec(given) ?? [];
  const port = Number(digits);
  return host !== "" && port <= 65_535 ? { host: host.replace(/^\[|\]$/gu, ""), port } : wrong("host:port", given);
};

export const database: Parse<string> = (given) =>
  /^([a-z][a-z0-9-]{0,31}\+)?(postgres(ql)?:\/\/.|sqlite:.)/u.test(given) ? given : wrong("postgres://… or sqlite:<path>"); // it may hold a password

/** The lines of a secret, at least one. */
export const secretLines: Parse<readonly string[]> = (given) => {
  const lines = given
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0 || lines.some((line) => Buffer.byteLength(line) < SECRET_BYTES)) wrong(`${SECRET_BYTES} bytes or more in each line`);
  return lines;
};

export const file: Parse<string> = (given) =>
  isAbsolute(given) || /^\.{1,2}\//u.test(given) ? given : wrong("a path that begins with / or ./", given);

function wrong(wanted: string, given?: string): never {
  throw new WrongValue(given === undefined ? `wanted: ${wanted}` : `wanted: ${wanted}; got ${JSON.stringify(given)}`);
}
