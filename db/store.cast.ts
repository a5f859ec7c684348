/** Rows and statements that the tests of the store share. */
import type { Island, Read, Tables, Tx } from "./store.ts";

export type UserRow = Tables["users"]["$inferInsert"];

export const person = (id: string): UserRow => ({
  tenant_id: "t",
  id,
  username: `name-${id}`,
  display_name: id,
  role: "member",
  kind: "person",
  settings: {},
  rev: 1,
  changed_at: 1,
  created_at: 1,
  updated_at: 1,
});

const add: Island<never> = {
  text: `INSERT INTO users (tenant_id, id, username, display_name, role, kind, settings, rev, changed_at, created_at, updated_at)
    VALUES ('t', $1, 'name-' || $2, '', 'member', 'person', '{}', 1, 1, 1, 1)`,
};

export const setRev: Island<never> = { text: "UPDATE users SET rev = $2 WHERE tenant_id = 't' AND id = $1" };

export const insertUser = async (tx: Tx, id: string): Promise<void> => void (await tx.ask(add, [id, id]));

export const idsOf = async (read: Read): Promise<string[]> =>
  (await read.ask<{ id: string }>({ text: "SELECT id FROM users ORDER BY id" }, [])).map(({ id }) => id);

/** What `promise` was rejected with; fails if it was not. */
export async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (fault) {
    return fault;
  }
  throw new Error("It was not refused");
}
