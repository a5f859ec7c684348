/** The hosts and origins of tenants as the guard knows them: it answers before anything is read, so it may not ask the database itself. */
import type { Chat } from "../chat/chat.ts";
import { knownTenants } from "../chat/known-tenants.ts";

export type Hosts = {
  /** `name` is folded and without its port. */
  has(name: string): boolean;
  /** Those that any tenant has listed for its pages. */
  origins(): ReadonlySet<string>;
  /** Finds what has changed; the loop `look` does, so another instance's change is known within a second. */
  look(): Promise<void>;
};

export function createHosts(chat: Chat): Hosts {
  const known = knownTenants(chat);
  return { has: known.hasHost, origins: known.origins, look: known.look };
}
