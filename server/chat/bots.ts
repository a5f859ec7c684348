/** Bots that those who run a workspace make: users whom nobody can sign in as. Whoever holds a key acts for them, as for every user without a password. */
import { storeFaultOf } from "../../db/faults.ts";
import type { User } from "../protocol.ts";
import type { NewBot } from "../protocol/bots.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { RESERVED } from "./key-rights.ts";
import { foldUsername } from "./names.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { insertUser } from "./user-rows.ts";
import { userView } from "./views.ts";

/** Made as a member, in no room. Refuses `forbidden` (not an admin), `conflict` (somebody has the id or the username), `invalid` (a name of nothing). */
export async function createBot(chat: Chat, who: Principal, input: NewBot): Promise<User> {
  if (who.role === "member") refuse("forbidden");
  if (input.id === RESERVED) refuse("invalid", { fields: ["id"] });
  const username = input.username === undefined ? null : (foldUsername(input.username) ?? refuse("invalid", { fields: ["username"] }));
  const display_name = input.display_name.trim() || refuse("invalid", { fields: ["display_name"] });
  const { tenant_id } = who;
  const given = { tenant_id, username, display_name, password_hash: null, role: "member", kind: "bot", ...(input.id && { id: input.id }) } as const;
  const bot = await chat.store
    .write(async (tx) => {
      const made = await insertUser(chat, tx, given);
      await audit(chat, tx, { tenant_id, actor_id: who.user_id, via: who.via, action: "user.made", target_id: made.id, detail: { kind: "bot" } });
      return made;
    })
    .catch((fault: unknown) => {
      const known = storeFaultOf(fault);
      if (known?.kind === "conflict") refuse("conflict", { fields: [known.constraint === "users_username" ? "username" : "id"] });
      throw fault;
    });
  return userView(chat, bot);
}
