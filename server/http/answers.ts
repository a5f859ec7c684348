/**
 * What a route answers, said for /openapi.json. It is not checked at run time: views pick each field, and the rights matrix checks every answer.
 * What follows from the route itself (a credential, a body, a limit) is added by operation.ts; a verb's own noes are named here.
 */
import type { TSchema } from "@sinclair/typebox";
import type { RefusalCode } from "../chat/refusal.ts";

/** The route honours `Idempotency-Key`. */
export const KEYED = { "x-keyed": true } as const;

type Told = { [status: number]: TSchema | null };

/** `answers({ 201: Message }, ["archived"])`; null for an answer without a body. To be spread into a route's options. */
export const answers = (told: Told, noes: readonly RefusalCode[] = [], more: { "x-keyed"?: true } = {}) => ({
  detail: {
    ...more,
    responses: Object.fromEntries(Object.entries(told).map(([status, schema]) => [status, described(schema)])),
    ...(noes.length > 0 && { "x-noes": [...noes] }),
  },
});

const described = (schema: TSchema | null) =>
  schema === null ? { description: "Done." } : { description: "Done.", content: { "application/json": { schema } } };
