/**
 * What a route answers, said for /openapi.json. It is not checked at run time: views pick each field, and the rights matrix checks every answer.
 * What follows from the route itself (a credential, a body, a limit) is added by operation.ts; a verb's own noes are named here.
 */
import { type TSchema, Type as t } from "@sinclair/typebox";
import type { RefusalCode } from "../chat/refusal.ts";

/** The route honours `Idempotency-Key`. */
export const KEYED = { "x-keyed": true } as const;

/** Bytes as they are: the body of an answer or, by `takesBytes`, of a request. */
export const BYTES = t.Unsafe<Uint8Array>({ type: "string", format: "binary" });
const bytes = { content: { "application/octet-stream": { schema: BYTES } } };
export const takesBytes = { requestBody: bytes };

type Told = { [status: number]: TSchema | null };

/** `answers({ 201: Message }, ["archived"])`; null for an answer without a body. To be spread into a route's options. */
export const answers = (told: Told, noes: readonly RefusalCode[] = [], more: { "x-keyed"?: true; requestBody?: typeof bytes } = {}) => ({
  detail: {
    ...more,
    responses: Object.fromEntries(Object.entries(told).map(([status, schema]) => [status, described(schema)])),
    ...(noes.length > 0 && { "x-noes": [...noes] }),
  },
});

const described = (schema: TSchema | null) =>
  schema === null
    ? { description: "Done." }
    : schema === BYTES
      ? { description: "Done.", ...bytes }
      : { description: "Done.", content: { "application/json": { schema } } };
