/** `snug admin tenants`, `add-tenant`, `close-tenant`. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import * as tenancy from "../chat/tenancy.ts";
import type { Config } from "../config.ts";
import { NewTenant } from "../protocol/tenants.ts";
import { type Deed, type Done, eitherWay } from "./operator.ts";
import type { Places } from "./places.ts";

const AT = "/api/v1/tenants";
/** What is printed of a tenant. */
const Line = t.Object({
  id: t.String(),
  name: t.String(),
  host: t.Union([t.String(), t.Null()]),
  disabled_at: t.Optional(t.String()),
  api_key: t.Optional(t.Object({ key: t.String() })),
});
const Page = t.Object({ items: t.Array(Line), next_cursor: t.Optional(t.String()) });

/** One line each: id, name, host, and whether it is closed. Resolves to the exit code, as the others do. */
export async function listTenants(config: Config, places: Places): Promise<number> {
  for (let cursor: string | undefined; ;) {
    const place = cursor === undefined ? {} : { cursor };
    const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const done = await eitherWay(config, places, { ask: { method: "GET", path: AT + query }, here: (chat) => tenancy.listTenants(chat, place) });
    if ("why" in done) return failed("The tenants could not be listed", done);
    const page = Value.Parse(Page, done.body);
    for (const tenant of page.items) process.stdout.write(lineOf(tenant));
    if (page.next_cursor === undefined) return 0;
    cursor = page.next_cursor;
  }
}

/** Also makes its first API key, which is printed here and told nowhere else. */
export async function makeTenant(config: Config, places: Places, named: { name: string; host: string | null }): Promise<number> {
  const given = { ...named, api_key: { name: "snug admin add-tenant", scope: "admin" } } as const;
  const not = `${given.name} was not made`;
  if (!Value.Check(NewTenant, given)) return failed(not, { status: 422, why: "" });
  return tell(not, config, places, {
    ask: { method: "POST", path: AT, body: given },
    here: (chat) => tenancy.createTenant(chat, given),
  });
}

/** Its people lose their sockets within two seconds; `PATCH /api/v1/tenants/:id {disabled: false}` opens it again. */
export async function closeTenant(config: Config, places: Places, tenant_id: string): Promise<number> {
  const path = `${AT}/${encodeURIComponent(tenant_id)}`;
  return tell(`${tenant_id} was not closed`, config, places, {
    ask: { method: "PATCH", path, body: { disabled: true } },
    here: (chat) => tenancy.patchTenant(chat, { tenant_id, disabled: true }),
  });
}

async function tell(not: string, config: Config, places: Places, deed: Deed): Promise<number> {
  const done = await eitherWay(config, places, deed);
  if ("why" in done) return failed(not, done);
  process.stdout.write(lineOf(Value.Parse(Line, done.body)));
  return 0;
}

const lineOf = ({ id, name, host, disabled_at, api_key }: Static<typeof Line>): string =>
  `${id}  ${name}${host === null ? "" : `  ${host}`}${disabled_at === undefined ? "" : "  closed"}\n${api_key ? `  API key of scope admin, shown once: ${api_key.key}\n` : ""}`;

const WORDS: Readonly<Record<number, string>> = {
  403: "the first tenant cannot be closed.",
  404: "there is no such tenant.",
  409: "the host is another tenant's.",
  422: "a name has 1 to 80 characters, a host is a name such as chat.example.org.",
};

function failed(not: string, { status, why }: Exclude<Done, { body: unknown }>): number {
  process.stderr.write(`${not}: ${WORDS[status ?? 0] ?? why}\n`);
  return 1;
}
