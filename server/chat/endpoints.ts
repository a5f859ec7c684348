/**
 * Which endpoints a tenant has and what each asked for: what every write must know, kept in memory, so that who has none costs a look into a map.
 * What this process changes it knows at once; what another changed it knows within a second (`look`, by `updated_at`). What is owed to an endpoint
 * that has gone meanwhile is found out when it is to be sent. Nobody may take anything else from here: addresses and secrets are read then.
 */
import { gt } from "drizzle-orm";
import type { Tables } from "../../db/store.ts";
import { given, prepared } from "./prepared.ts";
import type { Chat } from "./chat.ts";

type Row = Pick<Tables["webhooks"]["$inferSelect"], "tenant_id" | "id" | "events" | "include_private" | "disabled_at" | "updated_at">;
export type Endpoint = { id: string; events: ReadonlySet<string>; include_private: boolean };

export type Endpoints = {
  /** Those of the tenant that are not switched off. */
  of(tenant_id: string): readonly Endpoint[];
  /** As it is after COMMIT. */
  note(row: Row): void;
  /** It is switched off, or there no more. */
  drop(key: Pick<Row, "tenant_id" | "id">): void;
  /** Finds what others have changed. Throws when the store cannot be asked. */
  look(): Promise<void>;
};

const LOOK_BACK_MS = 60_000; // clocks of instances differ; a commit may take a while to show
const NONE: readonly Endpoint[] = [];

const made = new WeakMap<Chat, Endpoints>();

export function endpointsOf(chat: Chat): Endpoints {
  const found = made.get(chat) ?? createEndpoints(chat);
  made.set(chat, found);
  return found;
}

function createEndpoints(chat: Chat): Endpoints {
  const tenants = new Map<string, readonly Endpoint[]>();
  let looked_at: number | null = null;

  const drop: Endpoints["drop"] = ({ tenant_id, id }) => {
    const others = (tenants.get(tenant_id) ?? NONE).filter((endpoint) => endpoint.id !== id);
    if (others.length > 0) tenants.set(tenant_id, others);
    else tenants.delete(tenant_id);
  };
  const note = (row: Row): void => {
    drop(row);
    const { tenant_id, id, events, include_private, disabled_at } = row;
    if (disabled_at === null) tenants.set(tenant_id, [...(tenants.get(tenant_id) ?? NONE), { id, events: new Set(events), include_private }]);
  };

  return {
    of: (tenant_id) => tenants.get(tenant_id) ?? NONE,
    note,
    drop,
    async look() {
      const now = chat.now();
      const since = looked_at === null ? -1 : Math.min(looked_at, now) - LOOK_BACK_MS; // `now` is the earlier when the clock was set back
      const rows = await changedSince(chat, { since });
      looked_at = now; // only now: what was changed while nobody could ask is asked for when they can
      for (const row of rows) note(row);
    },
  };
}

const changedSince = prepared(({ read, t: { webhooks } }) => {
  const { tenant_id, id, events, include_private, disabled_at, updated_at } = webhooks;
  return read
    .select({ tenant_id, id, events, include_private, disabled_at, updated_at })
    .from(webhooks)
    .where(gt(updated_at, given("since")))
    .prepare("webhooks_changed");
});
