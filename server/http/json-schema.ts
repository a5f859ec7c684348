/**
 * The shapes of protocol.ts as JSON Schema 2020-12, for /openapi.json and /frames.json. A shape that has a name there is told once and pointed at:
 * who makes a client of the document gets `Message` and `Room`, not forty copies without a name.
 */
import * as protocol from "../protocol.ts";
import { serverFrames } from "../protocol/server-frames.ts";

export type JsonSchema = { [key: string]: unknown };

/** `named` are further shapes with a name. `at` is where the document keeps them, such as `#/components/schemas/`. */
export function createShapes(at: string, named: Readonly<Record<string, unknown>> = {}) {
  const names = new Map<string, string>();
  const definitions: Record<string, JsonSchema> = {};
  for (const [name, shape] of Object.entries({ ...protocol, Limits: serverFrames.hello.properties.limits, ...named })) {
    if (isWorthAName(shape) && !names.has(JSON.stringify(shape))) names.set(JSON.stringify(shape), name);
  }

  const told = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(told);
    if (!isObject(value)) return value;
    const name = names.get(JSON.stringify(value));
    return name === undefined ? spelled(value) : { $ref: `${at}${noted(name, value)}` };
  };
  const noted = (name: string, shape: JsonSchema): string => {
    if (!(name in definitions)) {
      definitions[name] = {}; // a shape that held itself would find its name here
      definitions[name] = spelled(shape);
    }
    return name;
  };
  const spelled = (shape: JsonSchema): JsonSchema => {
    const { $id: _, properties, ...rest } = plain(shape);
    const inside = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, told(value)]));
    return isObject(properties) ? { ...inside, properties: Object.fromEntries(Object.entries(properties).map(property)) } : inside;
  };
  const property = ([name, shape]: [string, unknown]): [string, unknown] => {
    const schema = told(shape);
    const example = examples[name];
    const fits =
      isObject(schema) && example !== undefined && (schema.type === typeof example || (schema.type === "integer" && typeof example === "number"));
    return [name, fits && !("examples" in schema) ? { ...schema, examples: [example] } : schema];
  };

  /** `definitions` holds what was pointed at so far. */
  return { told, definitions };
}

/** What a field holds in life, by its name: so that a reader sees at once what is meant. */
const examples: Readonly<Record<string, string | number | boolean>> = {
  id: "06a1b2c3d4e5f6g7h8i9jakblc",
  room_id: "06a1b2c3d4e5f6g7h8i9jakblc",
  message_id: "06a1b2c3d4e5f6g7h8i9jakbld",
  reply_to: "06a1b2c3d4e5f6g7h8i9jakbld",
  user_id: "customer-42",
  sender_id: "customer-42",
  owner_id: "customer-42",
  client_id: "kJ3pQ9vXw2LmN8sT",
  username: "ann",
  display_name: "Ann",
  password: "correct horse battery",
  content: "Your order has left the harbour.",
  description: "Everything about orders",
  name: "orders",
  topic: "order.shipped",
  url: "https://shop.example.org/hooks/chat",
  workspace: "Harbour",
  seq: 7,
  rev: 9,
  last_seq: 7,
  last_rev: 9,
  ttl_seconds: 3_600,
  expires_in: 900,
  expires_in_seconds: 86_400,
  max_uses: 10,
  created_at: "2026-01-02T03:04:05.678Z",
  server_time: "2026-01-02T03:04:05.678Z",
};

const isObject = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

const isWorthAName = (shape: unknown): boolean =>
  isObject(shape) &&
  ((shape.type === "object" && "properties" in shape) ||
    (Array.isArray(shape.anyOf) && shape.anyOf.some((one) => isObject(one) && "properties" in one)));

/** One shape without what its tools have added: query strings that are read as numbers, a word among words, a tuple of an older draft. */
function plain(shape: JsonSchema): JsonSchema {
  const choices = Array.isArray(shape.anyOf) ? shape.anyOf.filter(isObject) : [];
  const whole = choices.find(({ type }) => type === "integer" || type === "number");
  if (whole && choices.some(({ type, format }) => type === "string" && format === whole.type)) return whole;
  if (choices.length > 0 && choices.every((choice) => typeof choice.const === "string")) {
    const { anyOf: _, ...rest } = shape;
    return { ...rest, type: "string", enum: choices.map((choice) => choice.const) };
  }
  if (Array.isArray(shape.items)) {
    const { items, additionalItems: _, ...rest } = shape;
    return { ...rest, prefixItems: items, items: false };
  }
  if ("minimum" in shape && "pattern" in shape) {
    const { pattern: _, ...rest } = shape;
    return { ...rest, type: "integer" };
  }
  return shape;
}
