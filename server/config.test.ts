import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { CannotStart } from "./cannot-start.ts";
import { readConfig } from "./config.ts";
import { settings, settingsHelp, variableOf } from "./settings.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

const wrongsOf = (flags: readonly string[], env: Record<string, string> = {}): string[] => {
  try {
    readConfig(flags, env);
    return [];
  } catch (fault) {
    if (!(fault instanceof CannotStart)) throw fault;
    return fault.message.split("\n");
  }
};

test("without a word it serves on port 3000 from ./snug-data with a database in it", () => {
  const { port, host, data, database_url, secret, public_url, limits, allow_unsafe_durability } = readConfig([], {});
  expect({ port, host, secret, public_url, allow_unsafe_durability }).toEqual({
    port: 3000,
    host: "0.0.0.0",
    secret: null,
    public_url: null,
    allow_unsafe_durability: false,
  });
  expect(data).toEndWith("/snug-data");
  expect(database_url).toBe(`sqlite:${data}/snug.db`);
  expect(limits).toEqual({ content_points: 4_000, content_bytes: 16_384, meta_bytes: 16_384, frame_bytes: 65_536, file_bytes: 104_857_600 });
});

test("a flag goes before its variable, and a variable before the default; an empty variable is unset", () => {
  const env = { SNUG_PORT: "4000", SNUG_LOG_LEVEL: "", SNUG_ACCESS_TTL: "5m" };
  expect(readConfig([], env)).toMatchObject({ port: 4000, log_level: "info", access_ttl_ms: 300_000 });
  expect(readConfig(["--port", "5000", "--access-ttl=30s"], env)).toMatchObject({ port: 5000, access_ttl_ms: 30_000 });
});

test("lists, origins and addresses arrive taken apart", () => {
  const flags = [
    "--trusted-proxies",
    "10.0.0.1, fd00::1",
    "--allowed-origins",
    "https://A.example,http://b.example:8080/",
    "--ops-listen",
    "[::1]:9100",
  ];
  expect(readConfig([...flags, "--public-url", "https://chat.example.org/"], {})).toMatchObject({
    trusted_proxies: ["10.0.0.1", "fd00::1"],
    allowed_origins: ["https://a.example", "http://b.example:8080"],
    ops_listen: { host: "::1", port: 9100 },
    public_url: "https://chat.example.org",
  });
});

test("a secret may have several lines, each of 32 bytes or more", () => {
  expect(readConfig(["--secret", `${SECRET}\n ${SECRET}!\n`], {}).secret).toEqual([SECRET, `${SECRET}!`]);
});

test("all that is wrong is told at once, each with its flag and its variable", () => {
  const env = { SNUG_SECRET: "short", SNUG_LOG_LEVEL: "loud", SNUG_REFRESH_TTL: "0s" };
  const wrongs = wrongsOf(
    ["--port", "70000", "--allowed-origins", "https://*.example", "--public-url", "https://a.example/chat", "--colour", "red"],
    env,
  );
  expect(wrongs.map((wrong) => wrong.split(" ")[0])).toEqual([
    '"--colour"',
    '"red"',
    "--port",
    "--public-url",
    "--allowed-origins",
    "--secret",
    "--log-level",
    "--refresh-ttl",
  ]);
  expect(wrongs.join()).toContain("SNUG_LOG_LEVEL");
});

describe("is refused:", () => {
  const cases: [flag: string, bad: string, good: string][] = [
    ["--secret", SECRET.slice(1), SECRET],
    ["--secret", `${SECRET}\n${SECRET.slice(1)}`, `${SECRET}\n${SECRET}`],
    ["--allowed-origins", "*", "https://a.example"],
    ["--allowed-origins", "https://a.example/path", "https://a.example/"],
    ["--allowed-origins", "a.example", "http://a.example"],
    ["--allowed-origins", "null", "http://[::1]:3000"],
    ["--public-url", "https://user@a.example", "https://a.example:8443"],
    ["--log-level", "verbose", "debug"],
    ["--log-format", "xml", "json"],
    ["--registration", "maybe", "closed"],
    ["--access-ttl", "-1s", "1s"],
    ["--access-ttl", "15", "15m"],
    ["--ticket-ttl", "0ms", "1ms"],
    ["--sweep-every", "25d", "24d"],
    ["--port", "65536", "65535"],
    ["--port", "3e3", "3000"],
    ["--limit-sends", "0", "1"],
    ["--limit-content-points", "4001", "4000"],
    ["--database-url", "mysql://a", "postgres://a/b"],
    ["--trusted-proxies", "proxy.example", "127.0.0.1"],
    ["--ops-listen", "9100", "127.0.0.1:9100"],
    ["--plugin", "plugin.ts", "/etc/snug/plugin.ts"],
    ["--plugin", "plugin.ts", "./plugin.ts"],
    ["--allow-unsafe-durability", "1", "true"],
  ];
  test.each(cases)("%s %j, while %j is not", (flag, bad, good) => {
    expect(wrongsOf([flag, bad])).toHaveLength(1);
    expect(wrongsOf([flag, good])).toEqual([]);
  });
});

test("a plugin more is one more, by its own flag or in one; of any other setting the last one counts", () => {
  const plugins = readConfig(["--plugin", "/a.ts", "--plugin=/b.ts,/c.ts", "--plugin", "./d.ts", "--port", "1", "--port", "2"], {});
  expect([plugins.plugins, plugins.port]).toEqual([["/a.ts", "/b.ts", "/c.ts", resolve("d.ts")], 2]);
});

test("a flag without its value is refused", () => {
  expect(wrongsOf(["--port"])).toEqual(["--port needs a value"]);
});

test("what is wrong with a secret or a database is told without repeating it", () => {
  const wrongs = wrongsOf(["--secret", "hunter2", "--database-url", "mysql://ann:hunter2@db", "--secrets=hunter2"]);
  expect(wrongs).toHaveLength(3);
  expect(wrongs.join()).not.toContain("hunter2");
});

test("every setting has its own variable and, but for what is for tests alone, a line of help", () => {
  const names = Object.keys(settings) as (keyof typeof settings)[];
  expect(new Set(names.map(variableOf)).size).toBe(names.length);
  const help = settingsHelp();
  expect(names.filter((name) => !help.includes(`--${name} `))).toEqual(["allow-unsafe-durability"]);
});
