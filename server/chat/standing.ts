/**
 * What a post must know of its sender before it can be put into a batch: kept in memory, so that between a frame's arrival and its place in the
 * batch nothing is awaited. What is kept is dropped by the bells of the writes that change it, and each second for bells that were lost
 * (live/rights.ts looks). Neither can let anybody post who is out: append compares `rights_rev` under the room's lock, and asks again where it has risen.
 *
 * Kept are only members who may post in rooms that are open: every refusal is the database's word.
 */
import type { TenantLimits } from "../../db/schema.ts";
import type { User } from "../protocol.ts";
import type { Chat, UserBell } from "./chat.ts";
import { knownTenants } from "./known-tenants.ts";
import { memberOf } from "./members.ts";
import type { Principal } from "./principal.ts";
import { createRecent, type Recent } from "./recent.ts";
import { mayPost } from "./room-rights.ts";
import { userView } from "./views.ts";

export type Standing = {
  user: User;
  /** What their tenant has lowered. */
  limits: TenantLimits;
  archived: boolean;
  may_post: boolean;
  /** That of the room when the right was read. */
  rights_rev: number;
};

export type Standings = {
  /** Null for who is not known yet: then `read` it. */
  kept(who: Principal, room_id: string): Standing | null;
  /** From the database. Refuses `not_found` as memberOf does. */
  read(who: Principal, room_id: string): Promise<Standing>;
  /** This person has changed: their name, or a right of theirs. */
  forget(place: UserBell): void;
};

const KEPT_MAX = 65_536; // about 200 bytes each

const made = new WeakMap<Chat, Standings>();

export function standingsOf(chat: Chat): Standings {
  const found = made.get(chat) ?? createStandings(chat);
  made.set(chat, found);
  return found;
}

/** Stands for what was known of one person: what carries another than the present one is no longer true. */
type Mark = object;

function createStandings(chat: Chat): Standings {
  let marks: Recent<Mark> = createRecent(KEPT_MAX);
  const standings: Recent<{ mark: Mark; standing: Standing }> = createRecent(KEPT_MAX);

  const forgetAll = (): void => {
    marks = createRecent(KEPT_MAX);
  };
  const forget = ({ tenant_id, user_id }: UserBell): void => marks.delete(keyOf(tenant_id, user_id));
  chat.backplane.listen({ room: () => {}, user: forget, notice: () => {}, lost: forgetAll });
  knownTenants(chat).listen(forgetAll);

  const markOf = (who: Principal): Mark => {
    const key = ownKey(who);
    const mark = marks.get(key) ?? {};
    marks.set(key, mark);
    return mark;
  };

  return {
    kept(who, room_id) {
      if (who.room_id !== undefined && who.room_id !== room_id) return null;
      const own = ownKey(who);
      const found = standings.get(`${own} ${room_id}`);
      const until = found?.standing.user.status?.until;
      if (until !== undefined && Date.parse(until) <= chat.now()) return null; // each post tells its sender as they are
      return found && found.mark === marks.get(own) ? found.standing : null;
    },
    async read(who, room_id) {
      const mark = markOf(who); // before the question: a bell that comes while it is on its way drops the answer
      const found = await memberOf(chat, who, room_id);
      const { room, user, limits } = found;
      const archived = room.archived_at !== null;
      const standing = { user: userView(chat, user), limits, archived, may_post: mayPost(who, found), rights_rev: room.rights_rev };
      if (!archived && standing.may_post) standings.set(`${ownKey(who)} ${room_id}`, { mark, standing });
      return standing;
    },
    forget,
  };
}

/** The length first: ids may hold whatever would separate them. */
const keyOf = (tenant_id: string, user_id: string): string => `${tenant_id.length} ${tenant_id} ${user_id.length} ${user_id}`;

const keys = new WeakMap<Principal, string>(); // a socket has one principal for all its posts

function ownKey(who: Principal): string {
  let key = keys.get(who);
  if (key === undefined) keys.set(who, (key = keyOf(who.tenant_id, who.user_id)));
  return key;
}
