/** What the operator says of tenants, and a tenant of itself. */
import { type Static, type TSchema, Type as t } from "@sinclair/typebox";
import { Id, Password, Time, Username } from "../protocol.ts";
import { ApiKey, NewApiKey } from "./api-keys.ts";

const closed = { additionalProperties: false } as const;
const or = <T extends TSchema>(schema: T) => t.Union([schema, t.Null()]);
const Whole = (minimum: number, maximum: number) => t.Integer({ minimum, maximum });

export const Registration = t.Union([t.Literal("open"), t.Literal("invite"), t.Literal("closed")]);
/** What a tenant may not pass; what is absent, or null in a change, is the server's own ceiling. None may lie above that. */
export const Ceilings = t.Object(
  {
    content_points: t.Optional(or(Whole(1, 4_000))),
    content_bytes: t.Optional(or(Whole(1, 16_384))),
    meta_bytes: t.Optional(or(Whole(2, 16_384))),
    /** Of one file, and of all files together. */
    file_bytes: t.Optional(or(Whole(1, 999_999_999_999_999))),
    storage_bytes: t.Optional(or(Whole(1, 999_999_999_999_999))),
    /** For each user and route. */
    requests_per_second: t.Optional(or(Whole(1, 1_000_000_000))),
    /** For each user. */
    sends_per_second: t.Optional(or(Whole(1, 1_000_000_000))),
  },
  closed,
);
/** A name without scheme and port; people reach the tenant by it. Without one nobody signs in there by password. */
export const Host = t.String({ maxLength: 253, pattern: "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$" });
const Name = t.String({ minLength: 1, maxLength: 80 });

const flags = { registration: t.Optional(Registration), directory: t.Optional(t.Boolean()), receipts: t.Optional(t.Boolean()) };
export const NewTenant = t.Object(
  {
    name: Name,
    host: t.Optional(or(Host)),
    ...flags,
    limits: t.Optional(Ceilings),
    /** Who runs it by the page: needed only where people are to sign in by password. */
    owner: t.Optional(t.Object({ username: Username, password: Password }, closed)),
    /** Its application's first key: everything else can be made with one of scope `admin`. */
    api_key: t.Optional(NewApiKey),
  },
  closed,
);
/** `disabled` closes the tenant, as DELETE does, and opens it again. */
export const PatchTenant = t.Object(
  { name: t.Optional(Name), host: t.Optional(or(Host)), ...flags, limits: t.Optional(Ceilings), disabled: t.Optional(t.Boolean()) },
  closed,
);
export const Tenant = t.Object({
  id: Id,
  name: t.String(),
  host: or(t.String()),
  registration: Registration,
  /** Whether its people find those with whom they share no room. */
  directory: t.Boolean(),
  receipts: t.Boolean(),
  /** What the operator has set for it; each absent one is the server's own. */
  limits: t.Object({
    content_points: t.Optional(t.Integer()),
    content_bytes: t.Optional(t.Integer()),
    meta_bytes: t.Optional(t.Integer()),
    file_bytes: t.Optional(t.Integer()),
    storage_bytes: t.Optional(t.Integer()),
    requests_per_second: t.Optional(t.Integer()),
    sends_per_second: t.Optional(t.Integer()),
  }),
  disabled_at: t.Optional(Time),
  created_at: Time,
});
/** The key's secret is in this answer and in no other. */
export const NewlyMadeTenant = t.Composite([Tenant, t.Object({ api_key: t.Optional(ApiKey) })]);

export type Ceilings = Static<typeof Ceilings>;
export type NewTenant = Static<typeof NewTenant>;
export type PatchTenant = Static<typeof PatchTenant>;
export type TenantTold = Static<typeof Tenant>;
export type NewlyMadeTenant = Static<typeof NewlyMadeTenant>;

/** The least and the most of what a tenant may set for itself; the operator's ceilings may be lower. */
export const CONFIG_BOUNDS = {
  retention_days: [1, 36_500],
  webhook_attempts: [1, 100],
  webhook_first_retry_ms: [100, 3_600_000],
  webhook_longest_retry_ms: [1_000, 604_800_000],
} as const;

/** What a tenant may set for itself. A number that is null is the server's own again. */
export const PatchConfig = t.Object(
  {
    name: t.Optional(Name),
    /** The hue of the page's accent in degrees; null is Snug's own. */
    accent: t.Optional(or(Whole(0, 360))),
    registration: t.Optional(Registration),
    directory: t.Optional(t.Boolean()),
    /** Whether members are told how far others have read; in rooms of up to 200 members. */
    receipts: t.Optional(t.Boolean()),
    /** Older messages are deleted; null keeps them all. */
    retention_days: t.Optional(or(Whole(...CONFIG_BOUNDS.retention_days))),
    /** Pages of other origins that may use this tenant's credentials, written as a browser does: `https://app.example.com`. */
    allowed_origins: t.Optional(t.Array(t.String({ maxLength: 255 }), { maxItems: 50 })),
    limits: t.Optional(
      t.Object(
        {
          content_points: Ceilings.properties.content_points,
          content_bytes: Ceilings.properties.content_bytes,
          meta_bytes: Ceilings.properties.meta_bytes,
          file_bytes: Ceilings.properties.file_bytes,
        },
        closed,
      ),
    ),
    requests_per_second: Ceilings.properties.requests_per_second,
    sends_per_second: Ceilings.properties.sends_per_second,
    webhook_attempts: t.Optional(or(Whole(...CONFIG_BOUNDS.webhook_attempts))),
    webhook_first_retry_ms: t.Optional(or(Whole(...CONFIG_BOUNDS.webhook_first_retry_ms))),
    webhook_longest_retry_ms: t.Optional(or(Whole(...CONFIG_BOUNDS.webhook_longest_retry_ms))),
  },
  closed,
);
/** `usual` is the server's own; null where that is without end. */
const Range = t.Object({ least: t.Integer(), most: t.Integer(), usual: or(t.Integer()) });
/**
 * What holds: the tenant's own, else the server's. The retries of webhooks are null where they are the server's. `ranges` tells of each number what
 * may be set, by its path here.
 */
export const Config = t.Object({
  name: t.String(),
  accent: or(t.Integer()),
  /** The file that is its logo: `GET /logos/:file_id`. */
  logo_id: or(Id),
  registration: Registration,
  directory: t.Boolean(),
  receipts: t.Boolean(),
  retention_days: or(t.Integer()),
  allowed_origins: t.Array(t.String()),
  limits: t.Object({ content_points: t.Integer(), content_bytes: t.Integer(), meta_bytes: t.Integer(), file_bytes: t.Integer() }),
  requests_per_second: t.Integer(),
  sends_per_second: t.Integer(),
  webhook_attempts: or(t.Integer()),
  webhook_first_retry_ms: or(t.Integer()),
  webhook_longest_retry_ms: or(t.Integer()),
  ranges: t.Record(t.String(), Range),
});
export type PatchConfig = Static<typeof PatchConfig>;
export type Config = Static<typeof Config>;
