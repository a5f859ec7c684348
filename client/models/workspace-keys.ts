/** The API keys of the workspace. A whole key is held from the answer that makes it until somebody says they have stored it. */
import { action, signal } from "@preact/signals";
import type { List } from "../../server/protocol.ts";
import type { ApiKey, NewApiKey } from "../../server/protocol/api-keys.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

/** `in_use`: without those that have ended. */
export type KeysQuery = "in_use" | "all";
/** A key with its secret. `old_until`: when the one ends that it takes the place of; null if that has ended already. */
export type ShownKey = ApiKey & { readonly key: string; readonly old_until?: string | null };

export function createKeys(api: Pick<Api, "get" | "post" | "delete">, now: () => number) {
  const shown = signal<ShownKey | null>(null);
  const turning = signal<ApiKey | null>(null);
  const acts_for = signal("");
  let query: KeysQuery = "in_use";
  const pages = createPages<ApiKey, KeysQuery>(async (wanted, cursor) => {
    const page = await api.get<List<ApiKey>>(`/admin/api-keys?limit=100${cursor === undefined ? "" : `&cursor=${cursor}`}`);
    return { ...page, items: page.items.filter((key) => wanted === "all" || isAlive(key, now())) };
  });
  const show = action((shownKey: ShownKey) => {
    shown.value = shownKey;
  });

  return {
    /** Newest first. */
    pages,
    /** To be stored by whoever sees it: it is told once. */
    shown,
    /** The key that somebody is about to rotate. */
    turning,
    turn: action((key: ApiKey | null): void => {
      turning.value = key;
    }),
    /** For whom the command that is shown speaks. */
    acts_for,
    actFor: action((user_id: string): void => {
      acts_for.value = user_id;
    }),
    async find(wanted: KeysQuery): Promise<void> {
      query = wanted;
      await pages.find(wanted);
    },
    async make(input: NewApiKey): Promise<void> {
      show(whole(await api.post<ApiKey>("/admin/api-keys", input)));
      void pages.find(query);
    },
    /** Another secret with the same rights; the old one holds for so long, 0 for not at all. */
    async rotate(old: ApiKey, old_holds_seconds: number): Promise<void> {
      const asked_at = now();
      const made = await api.post<ApiKey>(`/admin/api-keys/${old.id}/rotate`, { old_holds_seconds });
      const ends_at = Math.min(old.expires_at === undefined ? Infinity : Date.parse(old.expires_at), asked_at + old_holds_seconds * 1_000);
      show({ ...whole(made), old_until: old_holds_seconds === 0 ? null : new Date(ends_at).toISOString() });
      void pages.find(query);
    },
    /** Ends the key, and those it made. */
    async revoke({ id }: Pick<ApiKey, "id">): Promise<void> {
      await api.delete<void>(`/admin/api-keys/${id}`);
      await pages.find(query);
    },
    stored: action((): void => {
      shown.value = null;
    }),
  };
}

const whole = ({ key = "", ...made }: ApiKey): ShownKey => ({ ...made, key });

export const isAlive = ({ revoked_at, expires_at }: ApiKey, now: number): boolean =>
  revoked_at === undefined && (expires_at === undefined || now < Date.parse(expires_at));

/** What can be a user's id. */
export const USER_ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/u;

/** Whether a request of the key's must name a user; one that administers can ask for itself. */
export const needsUser = ({ scope }: Pick<ApiKey, "scope">): boolean => scope !== "admin";

/**
 * A command that shows that the key works. As it stands it is one line for `sh`, for PowerShell (where `curl` is the program) and for `cmd`: it
 * holds nothing that any of them reads otherwise between double quotes. What can be no user's id is left out.
 */
export function curlOf(origin: string, { key, scope }: Pick<ShownKey, "key" | "scope">, user_id: string): string {
  const asks = needsUser({ scope });
  const user = asks && USER_ID.test(user_id) ? ` -H "x-user-id: ${user_id}"` : "";
  return `curl -sS -H "x-api-key: ${key}"${user} "${origin}/api/v1/${asks ? "me" : "webhooks"}"`;
}
