/** `snug admin …`: what an operator does. Through the running server when there is one, since it holds the caches and the sockets. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resetPassword } from "../chat/sign-ins.ts";
import { tenantOf } from "../chat/tenants.ts";
import { Refusal } from "../chat/refusal.ts";
import { type Config } from "../config.ts";
import { newSecret } from "../ids.ts";
import { openInstance } from "../instance.ts";
import type { Places } from "./places.ts";
import { runningServer } from "./running.ts";

/** `args` are the words after `admin`: `reset-password USER`. The new password comes from standard input if that is no terminal, else it is made and printed. */
export async function admin(args: readonly string[], config: Config, places: Places): Promise<number> {
  const [what, username] = args;
  if (what !== "reset-password" || username === undefined) {
    process.stderr.write("Use: snug admin reset-password USER\n");
    return 2;
  }
  const given = process.stdin.isTTY ? "" : (await Bun.stdin.text()).trim();
  const password = given === "" ? newSecret().slice(0, 20) : given;
  const refused = await reset(config, places, { username, password });
  if (refused !== null) {
    process.stderr.write(`The password of ${username} was not changed: ${refused}\n`);
    return 1;
  }
  process.stdout.write(given === "" ? `The new password of ${username}: ${password}\n` : `The password of ${username} has been changed.\n`);
  return 0;
}

async function reset(config: Config, places: Places, body: { username: string; password: string }): Promise<string | null> {
  const server = runningServer(config.data);
  if (server) {
    const headers = { "content-type": "application/json", "x-api-key": readFileSync(join(config.data, "operator.key"), "utf8").trim() };
    const answer = await fetch(`${server.url}/admin/reset-password`, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.ok ? null : wordsOf(answer.status);
  }
  const instance = await openInstance(config, places.migrations);
  try {
    const tenant = await tenantOf(instance.chat, "");
    if (!tenant) return "there is no workspace yet.";
    await resetPassword(instance.chat, tenant, body);
    return null;
  } catch (fault) {
    if (fault instanceof Refusal) return wordsOf(fault.reason === "not_found" ? 404 : 422);
    throw fault;
  } finally {
    await instance.close();
  }
}

const wordsOf = (status: number): string =>
  status === 404 ? "there is no such person." : status === 422 ? "a password has 8 characters or more and is not a common one." : `the server answered ${status}.`;
