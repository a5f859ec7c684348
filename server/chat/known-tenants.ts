/**
 * What every request and socket must know of its tenant without asking the database: its host, its settings, whether it is open. All of them are
 * kept in memory, read once and then only as they change: the loop `look` asks each second whose `updated_at` has risen, so that what one instance
 * changes the others know within a second, bell or no bell. Whatever changes a tenant's row raises its `updated_at`, if only by one (`changeTenant`).
 */
import { gt } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import type { TenantConfig } from "../../db/schema-of-api.ts";
import { given, prepared } from "./prepared.ts";
import type { Chat } from "./chat.ts";

type Row = Pick<Tables["tenants"]["$inferSelect"], "id" | "host" | "disabled_at" | "updated_at" | "config">;
export type KnownTenant = Omit<Row, "config"> & { config: TenantConfig };

export type KnownTenants = {
  /** Undefined for one that is not known yet: it has set nothing. */
  get(tenant_id: string): KnownTenant | undefined;
  /** Whether a tenant was given this host; folded, without its port. */
  hasHost(name: string): boolean;
  /** The origins that any tenant that is open has listed. */
  origins(): ReadonlySet<string>;
  /** Finds what has changed, and tells those who listen. Throws when the store cannot be asked. */
  look(): Promise<void>;
  /** Takes over what this instance has just changed, so that it need not wait for its loop. Only after COMMIT. */
  note(tenant: Tables["tenants"]["$inferSelect"]): void;
  /** Called with those that have changed since the last look. */
  listen(ear: (changed: readonly KnownTenant[]) => void): void;
};

const LOOK_BACK_MS = 60_000; // clocks of instances differ; a commit may take a while to show

const made = new WeakMap<Chat, KnownTenants>();

export function knownTenants(chat: Chat): KnownTenants {
  let found = made.get(chat);
  if (!found) made.set(chat, (found = createKnown(chat))); // each post asks
  return found;
}

function createKnown(chat: Chat): KnownTenants {
  const tenants = new Map<string, KnownTenant>();
  const ears: ((changed: readonly KnownTenant[]) => void)[] = [];
  let hosts: ReadonlySet<string> = new Set();
  let origins: ReadonlySet<string> = new Set();
  let looked_at: number | null = null;

  const look = async (): Promise<void> => {
    const now = chat.now();
    const since = looked_at === null ? -1 : Math.min(looked_at, now) - LOOK_BACK_MS; // `now` is the earlier when the clock was set back
    const rows = await changedSince(chat, { since });
    looked_at = now; // only now: what was changed while nobody could ask is asked for when they can
    take(rows);
  };

  const take = (rows: readonly Row[]): void => {
    const changed = rows
      .filter((row) => (tenants.get(row.id)?.updated_at ?? -1) < row.updated_at)
      .map(({ id, host, disabled_at, updated_at, config }) => ({ id, host, disabled_at, updated_at, config: config ?? {} }));
    if (changed.length === 0) return;
    for (const row of changed) tenants.set(row.id, row);
    const all = [...tenants.values()];
    hosts = new Set(all.flatMap((one) => one.host ?? []));
    origins = new Set(all.flatMap((one) => (one.disabled_at === null ? (one.config.allowed_origins ?? []) : [])));
    for (const ear of ears) ear(changed);
  };

  return {
    get: (tenant_id) => tenants.get(tenant_id),
    hasHost: (name) => hosts.has(name),
    origins: () => origins,
    look,
    note: (tenant) => take([tenant]),
    listen: (ear) => void ears.push(ear),
  };
}

const changedSince = prepared(({ read, t: { tenants } }) => {
  const { id, host, disabled_at, updated_at, config } = tenants;
  return read
    .select({ id, host, disabled_at, updated_at, config })
    .from(tenants)
    .where(gt(updated_at, given("since")))
    .prepare("tenants_changed");
});
