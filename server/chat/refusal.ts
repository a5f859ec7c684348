/**
 * The closed table of expected noes. A verb throws one by `refuse`; both doors send `bodyOf` of it. A code says whether to retry without
 * anyone reading text. What is not in this table is a fault: it is logged, and the asker reads `internal`.
 */
import type { ErrorBody } from "../protocol.ts";

const table = {
  bad_request: { message: "The request could not be read.", retry: false },
  unauthorized: { message: "Sign in first.", retry: false },
  forbidden: { message: "You may not do that.", retry: false },
  not_found: { message: "There is no such thing here.", retry: false },
  bad_method: { message: "This method is not used here.", retry: false },
  conflict: { message: "That is taken or has changed meanwhile.", retry: false },
  gone: { message: "That has been removed.", retry: false },
  too_large: { message: "That is too large.", retry: false },
  unsupported_type: { message: "Send application/json.", retry: false },
  misdirected: { message: "This server does not answer for that host. Start it with --public-url.", retry: false },
  invalid: { message: "Some fields are not valid.", retry: false },
  archived: { message: "This room is archived.", retry: false },
  rate_limited: { message: "Too many requests. Try again later.", retry: true },
  internal: { message: "The server could not do that.", retry: true },
  unavailable: { message: "The server is not available right now.", retry: true },
  storage_full: { message: "The server's disk is full.", retry: true },
} as const satisfies Record<string, { message: string; retry: boolean }>;

export type RefusalCode = keyof typeof table;
export const refusalCodes = Object.keys(table) as RefusalCode[];

/** What may stand beside a code: when to come back, and which fields are wrong (paths, never values). */
export type RefusalDetail = { retry_after_ms?: number; fields?: string[] };

export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly reason: RefusalCode,
    readonly detail: RefusalDetail = {},
  ) {
    super(reason);
  }
}

/** Throws the refusal; inside `write` it also rolls back. */
export function refuse(reason: RefusalCode, detail: RefusalDetail = {}): never {
  throw new Refusal(reason, detail);
}

/** The body both doors send: fixed words per code, so that no text of an exception ever leaves the process. */
export function bodyOf(reason: RefusalCode, detail: RefusalDetail, request_id: string): ErrorBody {
  return { error: { code: reason, ...table[reason], ...detail, request_id } };
}
