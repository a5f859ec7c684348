/** The picture that somebody shows of themselves: seen by everybody of their workspace wherever their name is told, and by nobody else. */
import type { Tx } from "../../db/store.ts";
import type { Me } from "../protocol.ts";
import type { Chat } from "./chat.ts";
import type { Principal } from "./principal.ts";
import { refuse } from "./refusal.ts";
import { raiseRights } from "./rights.ts";
import { type Brought, forgetSmall, keepSmall, letGo } from "./small-pictures.ts";
import { type Person, personIn, personKey } from "./user-rows.ts";
import { getMe, tellOf } from "./users.ts";

/**
 * Takes a picture of any size, and shows a square cut out of its middle from then on; the one before goes. Refuses as keepSmall does. Told to whoever
 * shares a room, as a name is.
 */
export async function setFace(chat: Chat, who: Principal, brought: Brought): Promise<Me> {
  const person = await keepSmall(chat, who, { purpose: "avatar", shape: "square" }, brought, (tx, avatar_id) => shown(chat, tx, who, avatar_id));
  await tell(chat, person);
  return getMe(chat, who);
}

/** Shows the generated face again; without a picture does nothing. */
export async function removeFace(chat: Chat, who: Principal): Promise<Me> {
  const { before, told } = await chat.store.write(async (tx) => {
    const done = await shown(chat, tx, who, null);
    await letGo(chat, tx, who.tenant_id, done.before);
    return done;
  });
  await forgetSmall(chat, who.tenant_id, before);
  if (before !== null) await tell(chat, told);
  return getMe(chat, who);
}

/** Raises the rev first, which locks the row: of two at once the second finds what the first has put. */
async function shown(
  chat: Chat,
  tx: Tx,
  { tenant_id, user_id }: Principal,
  avatar_id: string | null,
): Promise<{ before: string | null; told: Person }> {
  await raiseRights(chat, tx, tenant_id, [user_id]);
  const person = await personIn(chat, tx, tenant_id, user_id);
  if (person.disabled_at !== null) refuse("unauthorized");
  await tx
    .update(chat.store.t.users)
    .set({ avatar_id, updated_at: chat.now() })
    .where(personKey(chat, tenant_id, user_id));
  return { before: person.avatar_id, told: { ...person, avatar_id } };
}

async function tell(chat: Chat, person: Person): Promise<void> {
  await tellOf(chat, person);
  chat.backplane.ringUser({ tenant_id: person.tenant_id, user_id: person.id });
}
