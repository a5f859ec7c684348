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
import { type RoomRow, userView } from "./views.ts";

export type Standing = {
  /** The one text of it that all posts share: what has been looked up by it once is found by it sooner. */
  room_id: string;
  user: User;
  /** What their tenant has lowered. */
  limits: TenantLimits;
  archived: boolean;
  may_post: boolean;
  /** That of the room when the right was read. */
  rights_rev: number;
  /** As `rights_rev` has it. */
  type: RoomRow["type"];
  visibility: RoomRow["visibility"];
};

export type Standings = {
  /** Null for who is not known yet: then `read` it. */
  kept(who: Principal, room_id: string): Standing | null;
  /** From the database. Refuses `not_found` as memberOf does. */
  read(who: Principal, room_id: string): Promise<Standing>;
  /** This person has changed: their name, or a right of theirs. */
  forget(place: UserBell): void;
};

const KEPT_MAX = 65_536; // about 200 bytes each; beyond them all are read again

const made = new WeakMap<Chat, Standings>();

export function standingsOf(chat: Chat): Standings {
  let found = made.get(chat);
  if (!found) made.set(chat, (found = createStandings(chat)));
  return found;
}

/** What is known of one person, by room: another one takes its place when they have changed. `known`: what was forgotten when it was last looked for. */
type Person = { rooms: Map<string, Standing>; known: number };

function createStandings(chat: Chat): Standings {
  let people: Recent<Person> = createRecent(KEPT_MAX);
  let held = new WeakMap<Principal, Person>(); // a socket has one principal for all its posts
  let kept = 0; // at least as many as there are

  const forgetAll = (): void => {
    people = createRecent(KEPT_MAX);
    held = new WeakMap();
    kept = 0;
  };
  const forget = ({ tenant_id, user_id }: UserBell): void => people.delete(keyOf(tenant_id, user_id));
  chat.backplane.listen({ room: () => {}, user: forget, notice: () => {}, lost: forgetAll });
  knownTenants(chat).listen(forgetAll);

  const personOf = (who: Principal): Person => {
    const key = keyOf(who.tenant_id, who.user_id);
    let person = people.use(key);
    if (!person) people.set(key, (person = { rooms: new Map(), known: 0 }));
    return hold(who, person);
  };
  const hold = (who: Principal, person: Person): Person => {
    person.known = people.forgotten();
    held.set(who, person);
    return person;
  };
  const find = (who: Principal): Person | undefined => {
    const last = held.get(who);
    if (last?.known === people.forgotten()) return last;
    const found = people.use(keyOf(who.tenant_id, who.user_id));
    return found && hold(who, found);
  };

  return {
    kept(who, room_id) {
      if (who.room_id !== undefined && who.room_id !== room_id) return null;
      const found = find(who)?.rooms.get(room_id);
      const until = found?.user.status?.until;
      if (until !== undefined && Date.parse(until) <= chat.now()) return null; // each post tells its sender as they are
      return found ?? null;
    },
    async read(who, room_id) {
      const person = personOf(who); // before the question: a bell that comes while it is on its way drops the answer
      const found = await memberOf(chat, who, room_id);
      const { room, user, limits } = found;
      const archived = room.archived_at !== null;
      const may_post = mayPost(who, found);
      const standing = {
        room_id: room.id,
        user: userView(chat, user),
        limits,
        archived,
        may_post,
        rights_rev: room.rights_rev,
        type: room.type,
        visibility: room.visibility,
      };
      if (archived || !may_post) return standing;
      if (kept >= KEPT_MAX) forgetAll();
      kept += 1;
      person.rooms.set(standing.room_id, standing);
      return standing;
    },
    forget,
  };
}

/** The length first: ids may hold whatever would separate them. */
const keyOf = (tenant_id: string, user_id: string): string => `${tenant_id.length} ${tenant_id} ${user_id.length} ${user_id}`;
