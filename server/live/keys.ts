/**
 * Sockets that hang on API keys. When a key ends all of them end at once, without asking for each of their users: a tenant's whole audience may have
 * come by one key, and asking for thousands would take longer than they may stay. A key or token that runs out changes no row: its sockets know when.
 */
import type { Chat, UserBell } from "../chat/chat.ts";
import { type ChangedKey, keysChanged, keyChanged } from "../chat/key-rights.ts";
import { keyBehind, type KeyVia, keyUser } from "../chat/principal.ts";
import { closes } from "../protocol/closes.ts";
import type { Roster } from "./roster.ts";
import { keyOf, type Session } from "./session.ts";

export type KeyRights = {
  /** The bell of a key. */
  heard(place: UserBell): Promise<void>;
  /** Finds keys that have changed since, and those of sockets that have run out. Throws when the store cannot be asked. */
  look(since: number): Promise<void>;
  /** Why a socket of this right is closed when the right has ended: another token is worth asking for only where the key still holds. */
  codeOf(via: KeyVia | null): number;
};

export function createKeyRights(chat: Chat, roster: Roster, end: (session: Session, code: number) => void): KeyRights {
  let revs = new Map<string, number>();
  const hasRunOut = (at: number | undefined): boolean => at !== undefined && chat.now() >= at;
  const codeOf = (via: KeyVia | null): number => (hasRunOut(via?.until) && !hasRunOut(via?.expires_at) ? closes.token_expired : closes.revoked);

  const apply = (changed: ReadonlyMap<string, ChangedKey>): void => {
    for (const session of [...roster.all()]) {
      const via = keyBehind(session.who);
      if (!via) continue;
      const key = changed.get(keyOf({ tenant_id: session.who.tenant_id, user_id: keyUser(via.key_id) }));
      if (key && !key.alive) end(session, closes.revoked);
      else if (hasRunOut(via.until) || hasRunOut(via.expires_at)) end(session, codeOf(via));
      else if (key && key.expires_at !== null) bound(session, { ...via, expires_at: key.expires_at });
    }
  };

  /** A rotated key's time is told while it still holds. */
  const bound = (session: Session, via: KeyVia): void => {
    session.who = { ...session.who, via };
  };

  return {
    async heard(place) {
      const key = await keyChanged(chat, place);
      if (key) apply(new Map([[keyOf(place), key]]));
    },
    async look(since) {
      const keys = new Map((await keysChanged(chat, since)).map((key) => [keyOf({ tenant_id: key.tenant_id, user_id: keyUser(key.key_id) }), key]));
      const before = revs;
      revs = new Map([...keys].map(([place, { rev }]) => [place, rev]));
      apply(new Map([...keys].filter(([place, { rev }]) => (before.get(place) ?? 0) < rev)));
    },
    codeOf,
  };
}
