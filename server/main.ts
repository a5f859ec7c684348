import "./production.ts";
import { join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { admin } from "./commands/admin.ts";
import { healthcheck } from "./commands/healthcheck.ts";
import { help } from "./commands/help.ts";
import { migrate } from "./commands/migrate.ts";
import type { Places } from "./commands/places.ts";
import { serve } from "./commands/serve.ts";
import { ConfigFault, readConfig } from "./config.ts";
import { MigrationRefused } from "../db/migrate.ts";
import { WrongSecret } from "./installation.ts";
import { CannotStart } from "./instance.ts";
import { build } from "./version.ts";

const commands = ["serve", "migrate", "admin", "healthcheck"] as const;
type Command = (typeof commands)[number];

const inside = Bun.isStandaloneExecutable;
const ui = inside ? join(import.meta.dir, "ui") : resolve(import.meta.dir, "../dist/ui");
const places: Places = {
  migrations: inside ? join(import.meta.dir, "migrations") : resolve(import.meta.dir, "../db/migrations"),
  ui: existsSync(ui) ? ui : null,
};

const run = async (words: readonly string[]): Promise<number> => {
  if (words.includes("--help") || words.includes("-h")) return said(help());
  if (words.includes("--version")) return said(`${build.version} ${build.commit}\n`);
  const named = commands.find((one) => one === words[0]);
  const rest = named === undefined ? words : words.slice(1);
  const flags = rest.findIndex((word) => word.startsWith("--"));
  const config = readConfig(flags === -1 ? (named === "admin" ? [] : rest) : rest.slice(flags), process.env);
  const command: Command = named ?? "serve";
  switch (command) {
    case "serve":
      return serve(config, places);
    case "migrate":
      return migrate(config, places);
    case "admin":
      return admin(flags === -1 ? rest : rest.slice(0, flags), config, places);
    case "healthcheck":
      return healthcheck(config);
  }
};

const said = (text: string): number => {
  process.stdout.write(text);
  return 0;
};

/** What a person can mend is said in a sentence; the rest is ours, with its stack. */
const isExpected = (fault: unknown): fault is Error =>
  fault instanceof ConfigFault || fault instanceof CannotStart || fault instanceof WrongSecret || fault instanceof MigrationRefused;

try {
  process.exit(await run(Bun.argv.slice(2)));
} catch (fault) {
  process.stderr.write(isExpected(fault) ? `Snug cannot start.\n${fault.message}\n` : `Snug cannot start: ${Bun.inspect(fault)}\n`);
  process.exit(1);
}
