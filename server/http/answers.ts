/** What a route answers when it does not refuse, said for /openapi.json. It is not checked at run time: views pick each field, and the rights matrix checks every answer. */
import type { TSchema } from "@sinclair/typebox";

type Told = { [status: number]: TSchema | null };

/** `answers({ 201: Message })`; null for an answer without a body. To be spread into a route's options. */
export const answers = (told: Told) => ({
  detail: { responses: Object.fromEntries(Object.entries(told).map(([status, schema]) => [status, described(schema)])) },
});

const described = (schema: TSchema | null) =>
  schema === null ? { description: "Done." } : { description: "Done.", content: { "application/json": { schema } } };
