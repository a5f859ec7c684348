/** The hosts of tenants as the guard knows them: it answers before anything is read, so it may not ask the database itself. */
import type { Chat } from "../chat/chat.ts";
import { tenantHosts } from "../chat/tenants.ts";

export type Hosts = {
  /** `name` is folded and without its port. */
  has(name: string): boolean;
  /** Reads them anew; the loop `look` does, so another instance's change is known within a second. */
  look(): Promise<void>;
};

export function createHosts(chat: Chat): Hosts {
  let names: ReadonlySet<string> = new Set();
  return {
    has: (name) => names.has(name),
    async look() {
      names = new Set(await tenantHosts(chat));
    },
  };
}
