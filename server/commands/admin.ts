/** `snug admin …`: what an operator does. Through the running server when there is one, since it holds the caches and the sockets. */
import { readFileSync } from "node:fs";
import { Refusal } from "../chat/refusal.ts";
import { resetPassword } from "../chat/sign-ins.ts";
import { tenantOf } from "../chat/tenants.ts";
import type { Config } from "../config.ts";
import { newSecret } from "../ids.ts";
import { operatorFile } from "../secrets.ts";
import { type DataFolder, runningServer, tryDataFolder } from "./data-folder.ts";
import { openInstance } from "./instance.ts";
import type { Places } from "./places.ts";

/**
 * `words` are those after `admin`: `reset-password USER`. The new password is what standard input says, if that is not a terminal; else it is made
 * and printed. Resolves to the exit code.
 */
export async function admin(words: readonly string[], config: Config, places: Places): Promise<number> {
  const [what, username, more] = words;
  if (what !== "reset-password" || username === undefined || more !== undefined) {
    process.stderr.write("Use: snug admin reset-password USER\n");
    return 2;
  }
  const given = process.stdin.isTTY ? "" : (await Bun.stdin.text()).trim();
  const password = given === "" ? newSecret().slice(0, MADE_LENGTH) : given;
  const refused = await reset(config, places, { username, password });
  if (refused !== null) {
    process.stderr.write(`The password of ${username} was not changed: ${refused}\n`);
    return 1;
  }
  process.stdout.write(given === "" ? `The new password of ${username}: ${password}\n` : `The password of ${username} has been changed.\n`);
  return 0;
}

const MADE_LENGTH = 20; // 120 bits, and can still be read out over a telephone

type Reset = { username: string; password: string };

/** Why it was not done, or null. */
async function reset(config: Config, places: Places, wish: Reset): Promise<string | null> {
  const folder = tryDataFolder(config);
  if (folder === null) return await resetByServer(config.data, wish);
  try {
    return await resetHere(config, folder, places, wish);
  } finally {
    folder.release();
  }
}

async function resetByServer(data: string, wish: Reset): Promise<string | null> {
  const running = runningServer(data);
  if (running === null) return "another Snug works on the data folder, but does not answer yet. Try again.";
  const headers = { "content-type": "application/json", "x-api-key": readFileSync(operatorFile(data), "utf8").trim() };
  try {
    const answer = await fetch(`${running.url}/admin/reset-password`, { method: "POST", headers, body: JSON.stringify(wish) });
    return answer.ok ? null : (WORDS[answer.status] ?? `the server at ${running.url} answered ${answer.status}.`);
  } catch {
    return `the server (process ${running.pid}) does not answer at ${running.url}.`;
  }
}

async function resetHere(config: Config, folder: DataFolder, places: Places, wish: Reset): Promise<string | null> {
  const { chat, close } = await openInstance(config, folder, places.migrations);
  try {
    const tenant = await tenantOf(chat, "");
    if (!tenant) return NOBODY;
    await resetPassword(chat, tenant, wish);
    return null;
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault;
    return fault.reason === "not_found" ? NOBODY : UNFIT;
  } finally {
    await close();
  }
}

const NOBODY = "there is no such person.";
const UNFIT = "a password has 8 characters at least, 128 bytes at most, and is not a common one.";
const WORDS: Readonly<Record<number, string>> = { 404: NOBODY, 413: UNFIT, 422: UNFIT };
