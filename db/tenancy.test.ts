import { expect, test } from "bun:test";
import { getTableConfig as postgresConfig } from "drizzle-orm/pg-core";
import { getTableConfig as sqliteConfig } from "drizzle-orm/sqlite-core";
import * as postgres from "./schema.postgres.ts";
import * as sqlite from "./schema.sqlite.ts";

const OF_ALL = ["installation", "instances", "tenants"];

/** Keys without the tenant in front, and why none of them can lead from one workspace into another. */
const WITHOUT = new Map([
  ["refresh_tokens(hash)", "the hash of 32 random bytes"],
  ["ws_tickets(hash)", "the hash of 32 random bytes"],
  ["invites_code_hash", "the hash of 32 random bytes"],
  ["refresh_tokens_expires_at", "the sweep asks for all workspaces at once"],
  ["ws_tickets_expires_at", "the sweep asks for all workspaces at once"],
  ["ws_sessions_instance", "an instance reads what another has told, whose sockets are of all workspaces"],
  ["users_changed_at", "the look asks for all workspaces at once"],
  ["api_keys_hash", "the hash of 32 random bytes"],
  ["api_keys_changed_at", "the look asks for all workspaces at once"],
  ["webhooks_updated_at", "the look asks for all workspaces at once"],
  ["deliveries_due", "the workers ask for all workspaces at once"],
  ["deliveries_settled", "the sweep asks for all workspaces at once"],
  ["attempts_at", "the sweep asks for all workspaces at once"],
  ["notifications_created_at", "the sweep asks for all workspaces at once"],
  ["idempotency_keys_created_at", "the sweep asks for all workspaces at once"],
  ["audit_log_at", "the sweep asks for all workspaces at once"],
  ["messages_seq", "a room's id is the server's own and is looked up with its tenant before"],
  ["messages(id)", "an id is the server's own, and what is found is held to tenant and room"],
  ["messages_client_id", "holds the room, as messages_seq does"],
  ["messages_changed", "begins with the room, as messages_seq does"],
  ["messages_replies", "begins with the room, as messages_seq does"],
  ["messages_pinned", "begins with the room, as messages_seq does"],
  ["files_created_at", "the sweep asks for all workspaces at once"],
]);

type Named = { name: string };
type Config = {
  name: string;
  columns: readonly (Named & { notNull: boolean; primary: boolean })[];
  primaryKeys: readonly { columns: readonly Named[] }[];
  indexes: readonly { config: { name?: string | undefined; columns: readonly object[] } }[];
};

function shapeOf({ name, columns, primaryKeys, indexes }: Config) {
  const nameOf = (column: object): string => ("name" in column ? String(column.name) : "an expression");
  const own = columns.filter(({ primary }) => primary).map((column) => ({ name: `${name}(${column.name})`, columns: [column.name] }));
  const joint = primaryKeys.map((key) => ({ name: `${name}'s key`, columns: key.columns.map(nameOf) }));
  const others = indexes.map(({ config }) => ({ name: config.name ?? "", columns: config.columns.map(nameOf) }));
  return { name, columns: columns.map((column) => `${column.name}${column.notNull ? " NOT NULL" : ""}`), keys: [...own, ...joint, ...others] };
}

const shapes = {
  sqlite: Object.values(sqlite).map((table) => shapeOf(sqliteConfig(table))),
  postgres: Object.values(postgres).map((table) => shapeOf(postgresConfig(table))),
};

test.each(["sqlite", "postgres"] as const)("every row knows its tenant, and every key begins with it but those that say why not (%s)", (dialect) => {
  const rest = new Set(WITHOUT.keys());
  for (const { name, columns, keys } of shapes[dialect].filter((table) => !OF_ALL.includes(table.name))) {
    expect([name, columns.includes("tenant_id NOT NULL")]).toEqual([name, true]);
    for (const key of keys.filter((one) => one.columns[0] !== "tenant_id")) {
      expect([key.name, WITHOUT.has(key.name)]).toEqual([key.name, true]);
      rest.delete(key.name);
    }
  }
  expect([...rest]).toEqual([]);
});
