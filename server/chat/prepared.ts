/**
 * Queries that are asked all the time, built once: building one costs 125 µs, running it 7. Each is a constant of its module; what varies is a
 * `given(name)`. Kept per database connection, because the tables of the two dialects build different texts.
 */
import { sql } from "drizzle-orm";
import type { Read, Store } from "../../db/store.ts";
import type { Chat } from "./chat.ts";

export const given = (name: string) => sql.placeholder(name);

type Runs<Row> = { execute(values: Record<string, unknown>): Promise<Row[]> };
type Values = Record<string, string | number>;

/** `build` ends in `.prepare(name)`, where the name means nothing to us. Gives the rows for these values. */
export function prepared<Row>(build: (store: Store) => Runs<Row>): (chat: Chat, values: Values) => Promise<Row[]> {
  const made = new WeakMap<Read, Runs<Row>>();
  return ({ store }, values) => {
    const query = made.get(store.read) ?? build(store);
    made.set(store.read, query);
    return query.execute(values);
  };
}
