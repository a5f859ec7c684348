/** How people come into a workspace by themselves: as its registration mode has it, and into the channel that everybody begins in. */
import { and, eq, isNull } from "drizzle-orm";
import { storeFaultOf } from "../../db/faults.ts";
import { lockRoom } from "../../db/islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Register, Row } from "../protocol.ts";
import { audit } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { isOpening, takeInvite } from "./invites.ts";
import { comeIn, told } from "./membership.ts";
import { foldUsername } from "./names.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { refuse } from "./refusal.ts";
import type { Device } from "./sign-ins.ts";
import type { Tenant } from "./tenants.ts";
import { insertUser, type Person } from "./user-rows.ts";
import type { RoomRow } from "./views.ts";

/**
 * Makes an account, by the tenant's registration mode: `open` for anyone, `invite` with a valid code, `closed` for nobody. The newcomer is in `general`
 * from the same COMMIT on, if there is one. Refuses `forbidden` (closed, or one answer for every code that does not open), `conflict` (username),
 * `invalid`.
 */
export async function register(
  chat: Chat,
  tenant: Tenant,
  input: Register,
  { address }: Pick<Device, "address">,
): Promise<{ id: string; username: string }> {
  if (!isOpenTo(tenant, input)) refuse("forbidden");
  const username = foldUsername(input.username) ?? refuse("invalid", { fields: ["username"] });
  checkPassword(input.password);
  if (input.code !== undefined && !(await isOpening(chat, tenant, input.code))) refuse("forbidden"); // for who guesses nothing is hashed
  const password_hash = await hashPassword(input.password, address);
  const display_name = input.display_name?.trim() || input.username.trim();
  const { person, rows } = await chat.store
    .write(async (tx) => {
      const { tenants } = chat.store.t;
      const [now] = await tx.select().from(tenants).where(eq(tenants.id, tenant.id)); // a password may have waited for seconds to be hashed
      if (!now || !isOpenTo(now, input)) refuse("forbidden");
      const general = await lockedGeneral(chat, tx, tenant.id); // first: rooms are locked before people
      const role = input.code === undefined ? "member" : await takeInvite(chat, tx, tenant, input.code);
      const person = await insertUser(chat, tx, { tenant_id: tenant.id, username, display_name, password_hash, role });
      await audit(chat, tx, { tenant_id: tenant.id, actor_id: person.id, action: "user.registered", detail: { role } });
      const rows: Row[] = general ? await comeIn(chat, tx, general, person) : [];
      return { person, rows };
    })
    .catch((fault: unknown) => {
      const known = storeFaultOf(fault);
      if (known?.kind === "conflict" && known.constraint === "users_username") refuse("conflict", { fields: ["username"] });
      throw fault;
    });
  told(chat, asThemselves(person), rows);
  return { id: person.id, username };
}

const isOpenTo = ({ registration, disabled_at }: Tenant, { code }: Register): boolean =>
  disabled_at === null && (registration === "open" || (registration === "invite" && code !== undefined));

const asThemselves = ({ tenant_id, id: user_id, role }: Person) => ({ tenant_id, user_id, role, via: { sign_in_id: "registration" } });

/** The public channel that everybody begins in; undefined where there is none, or it is archived. */
async function lockedGeneral(chat: Chat, tx: Tx, tenant_id: string): Promise<RoomRow | undefined> {
  const { rooms } = chat.store.t;
  const ours = and(eq(rooms.tenant_id, tenant_id), eq(rooms.folded_name, "general"), eq(rooms.visibility, "public"), isNull(rooms.archived_at));
  const [found] = await tx.select({ id: rooms.id }).from(rooms).where(ours);
  const room = found && (await lockRoom(tx, tenant_id, found.id));
  return room?.visibility === "public" && room.archived_at === null ? room : undefined; // as it is, now that nobody changes it
}
