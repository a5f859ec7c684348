/** The audit log, as who runs the workspace reads it. */
import type { List } from "../../server/protocol.ts";
import type { AuditEntry } from "../../server/protocol/audit.ts";
import type { Api } from "../api.ts";
import { createPages } from "./pages.ts";

export type AuditQuery = { actor_id?: string; action?: string };

export const createAudit = (api: Pick<Api, "get">) =>
  createPages<AuditEntry, AuditQuery>((query, cursor) => {
    const asked = new URLSearchParams({ limit: "50", ...query, ...(cursor !== undefined && { before: cursor }) });
    return api.get<List<AuditEntry>>(`/admin/audit?${asked}`);
  });
