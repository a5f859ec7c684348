/** The people who have a socket somewhere, or had one until lately: by tenant, then by user, since the text of both would cost each as much as all else. */
import type { Status, UserBell } from "../chat/chat.ts";
import type { Session } from "./session.ts";

/**
 * `left_at` is when the last socket anywhere was found gone; `ours` says that one of them was here, or that its instance is dead and we speak for it.
 * `rooms`: what the last socket here knew when it went, null where that may have changed since. `held`: mostly one, which is a list to all others (sessionsIn).
 */
export type Person = UserBell & {
  held: Session | readonly Session[];
  told: Status;
  left_at: number | null;
  rooms: Session["rooms"] | null;
  ours: boolean;
};

export type People = {
  find(place: UserBell): Person | undefined;
  findOrAdd(place: UserBell): Person;
  forget(person: Person): void;
  /** Holds the same in new copies, made one after the other: nothing is ever moved by the collector. Gives each with what it was before. */
  pack(): [before: Person, after: Person][];
};

export const sessionsIn = ({ held }: Person): readonly Session[] => ("alive" in held ? [held] : held);

export function hold(person: Person, sessions: readonly Session[]): void {
  const [first, ...others] = sessions;
  person.held = first && others.length === 0 ? first : sessions;
}

export function createPeople(): People {
  const tenants = new Map<string, Map<string, Person>>();
  const find = ({ tenant_id, user_id }: UserBell): Person | undefined => tenants.get(tenant_id)?.get(user_id);
  const put = (person: Person): Person => {
    const theirs = tenants.get(person.tenant_id) ?? new Map<string, Person>();
    tenants.set(person.tenant_id, theirs.set(person.user_id, person));
    return person;
  };
  const again = ({ tenant_id, user_id, held, told, left_at, rooms, ours }: Person): Person => ({
    tenant_id,
    user_id,
    held,
    told,
    left_at,
    rooms,
    ours,
  });
  return {
    find,
    findOrAdd: (place) =>
      find(place) ?? put({ tenant_id: place.tenant_id, user_id: place.user_id, held: [], told: "offline", left_at: null, rooms: null, ours: false }),
    forget({ tenant_id, user_id }) {
      const theirs = tenants.get(tenant_id);
      theirs?.delete(user_id);
      if (theirs?.size === 0) tenants.delete(tenant_id);
    },
    pack: () => [...tenants.values()].flatMap((theirs) => [...theirs.values()].map((person): [Person, Person] => [person, put(again(person))])),
  };
}
