/** `snug admin …`: what an operator does. Through the running server when there is one, since it holds the caches and the sockets. */
import { Refusal } from "../chat/refusal.ts";
import { resetPassword } from "../chat/sign-ins.ts";
import { tenantOf } from "../chat/tenants.ts";
import type { Config } from "../config.ts";
import { newSecret } from "../ids.ts";
import { closeTenant, listTenants, makeTenant } from "./admin-tenants.ts";
import { eitherWay } from "./operator.ts";
import type { Places } from "./places.ts";

const USE = `Use: snug admin reset-password USER
     snug admin tenants
     snug admin add-tenant NAME [HOST]
     snug admin close-tenant ID
`;

/** `words` are those after `admin`, as `USE` has them. Resolves to the exit code. */
export async function admin(words: readonly string[], config: Config, places: Places): Promise<number> {
  const [what, first, second, more] = words;
  if (what === "tenants" && first === undefined) return listTenants(config, places);
  if (what === "add-tenant" && first !== undefined && more === undefined) return makeTenant(config, places, { name: first, host: second ?? null });
  if (what === "close-tenant" && first !== undefined && second === undefined) return closeTenant(config, places, first);
  if (what === "reset-password" && first !== undefined && second === undefined) return givePassword(config, places, first);
  process.stderr.write(USE);
  return 2;
}

/** The new password is what standard input says, if that is not a terminal; else it is made and printed. */
async function givePassword(config: Config, places: Places, username: string): Promise<number> {
  const given = process.stdin.isTTY ? "" : (await Bun.stdin.text()).trim();
  const password = given === "" ? newSecret().slice(0, MADE_LENGTH) : given;
  const wish = { username, password };
  const done = await eitherWay(config, places, {
    ask: { method: "POST", path: "/admin/reset-password", body: wish },
    async here(chat) {
      const tenant = await tenantOf(chat, "");
      if (!tenant) throw new Refusal("not_found");
      await resetPassword(chat, tenant, wish);
    },
  });
  if ("why" in done) {
    process.stderr.write(`The password of ${username} was not changed: ${WORDS[done.status ?? 0] ?? done.why}\n`);
    return 1;
  }
  process.stdout.write(given === "" ? `The new password of ${username}: ${password}\n` : `The password of ${username} has been changed.\n`);
  return 0;
}

const MADE_LENGTH = 20; // 120 bits, and can still be read out over a telephone

const NOBODY = "there is no such person.";
const UNFIT = "a password has 8 characters at least, 128 bytes at most, and is not a common one.";
const WORDS: Readonly<Record<number, string>> = { 404: NOBODY, 413: UNFIT, 422: UNFIT };
