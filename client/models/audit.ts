/** The audit log, as who runs the workspace reads it. */
import { action, signal } from "@preact/signals";
import type { List, User } from "../../server/protocol.ts";
import type { AuditEntry } from "../../server/protocol/audit.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

export type AuditQuery = { actor_id?: string; action?: string };

export function createAudit(api: Pick<Api, "get">) {
  const pages = createPages<AuditEntry, AuditQuery>((query, cursor) => {
    const asked = new URLSearchParams({ limit: "50", ...query, ...(cursor !== undefined && { before: cursor }) });
    return api.get<List<AuditEntry>>(`/admin/audit?${asked}`);
  });
  const query = signal<AuditQuery>({});
  return {
    ...pages,
    query,
    /** Only these; what is "" is no wish any more. */
    seek: action((change: AuditQuery): void => {
      query.value = Object.fromEntries(Object.entries({ ...query.value, ...change }).filter(([, value]) => value !== ""));
      void pages.find(query.value);
    }),
    /** Those whom entries name, also where the directory would not tell. */
    async named(ids: readonly string[]): Promise<readonly User[]> {
      const unique = [...new Set(ids)].slice(0, 200);
      return unique.length === 0 ? [] : (await api.get<List<User>>(`/admin/users?limit=200&ids=${unique.map(encodeURIComponent).join(",")}`)).items;
    },
    /** The first person of such a name. */
    async called(q: string): Promise<User | null> {
      return (await api.get<List<User>>(`/admin/users?limit=1&q=${encodeURIComponent(q)}`)).items[0] ?? null;
    },
  };
}
