/** People who are being chosen: for a new conversation, a channel, or to be added to one. One choice at a time. */
import { computed, createModel, signal } from "@preact/signals";
import type { User } from "../../server/protocol.ts";
import { matching } from "../lib/matching.ts";
import { byName } from "../lib/plurals.ts";
import type { Account } from "./account.ts";
import type { People } from "./people.ts";

const SHOWN = 50;

export const PicksModel = createModel((people: Pick<People, "users" | "seek">, account: Account) => {
  const field = signal<string | null>(null);
  const picked = signal<readonly User[]>([]);
  const query = signal("");
  const without = signal<readonly string[]>([]);

  const found = computed((): readonly User[] => {
    const out = new Set([account.me.value?.id, ...without.value, ...picked.value.map(({ id }) => id)]);
    const others = [...people.users.value.values()].filter(({ id, disabled_at }) => !out.has(id) && disabled_at === undefined);
    const all = others.sort((a, b) => byName(a.display_name, b.display_name));
    return matching(query.value, all, ({ display_name, username }) => [display_name, username ?? ""], SHOWN);
  });

  return {
    /** The field that they are chosen in; null while nobody is chosen. */
    field,
    picked,
    query,
    /** Who can still be chosen, by what was typed. */
    found,
    /** Begins anew in a field, leaving out who is there already. */
    begin(to: string, there: readonly string[] = []): void {
      field.value = to;
      picked.value = [];
      query.value = "";
      without.value = there;
    },
    end(): void {
      field.value = null;
    },
    seek(text: string): void {
      query.value = text;
      people.seek(text);
    },
    pick(user: User): void {
      picked.value = [...picked.value, user];
      query.value = "";
    },
    drop(user_id: string): void {
      picked.value = picked.value.filter(({ id }) => id !== user_id);
    },
  };
});
