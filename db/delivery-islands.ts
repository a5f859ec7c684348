/** The hot statements of the outbox, raw as those of islands.ts: a row is written in the transaction of a post, claimed and settled while others post. */
import type { Island, Read, Tables, Tx, Value } from "./store.ts";

type Delivery = Tables["deliveries"]["$inferSelect"];
/** A row as it is written first. */
export type Owed = Pick<
  Delivery,
  "tenant_id" | "id" | "courier" | "target_id" | "event" | "room_id" | "subject_id" | "detail" | "due_at" | "created_at"
>;

/** Of an Owed, in this order. */
export const owedColumns = "tenant_id, id, courier, target_id, event, room_id, subject_id, detail, due_at, created_at";
const insert: Island<never> = {
  text: `INSERT INTO deliveries (${owedColumns}, state, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0)`,
  many: `INSERT INTO deliveries (${owedColumns}, state, attempts)
    SELECT e->>0, e->>1, e->>2, e->>3, e->>4, e->>5, e->>6, e->>7, CAST(e->>8 AS bigint), CAST(e->>9 AS bigint), 'pending', 0
    FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e`,
};

export async function insertDeliveries(tx: Tx, rows: readonly Owed[]): Promise<void> {
  await tx.run(insert, rows.map(owedValues));
}

const claimedColumns = `${owedColumns}, attempts, last_attempt_at`;
const insertHeld: Island<never> = {
  text: `INSERT INTO deliveries (${claimedColumns}, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending')`,
  many: `INSERT INTO deliveries (${claimedColumns}, state)
    SELECT e->>0, e->>1, e->>2, e->>3, e->>4, e->>5, e->>6, e->>7, CAST(e->>8 AS bigint), CAST(e->>9 AS bigint), CAST(e->>10 AS bigint),
      CAST(e->>11 AS bigint), 'pending'
    FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e`,
};

/** Writes rows that are claimed from the start, until they are due. */
export async function insertClaimed(tx: Tx, rows: readonly Delivery[]): Promise<void> {
  await tx.run(
    insertHeld,
    rows.map((row) => [...owedValues(row), row.attempts, row.last_attempt_at]),
  );
}

const growing = "ON CONFLICT (tenant_id, id) DO UPDATE SET detail = excluded.detail WHERE deliveries.last_attempt_at IS NULL";
const upsert: Island<never> = { text: `${insert.text} ${growing}`, many: `${insert.many} ${growing}` };

/** Writes rows, and new details of those that are there and have never been claimed. Gives how many it has written: the others are claimed. */
export const upsertDeliveries = (tx: Tx, rows: readonly Owed[]): Promise<number> => tx.run(upsert, rows.map(owedValues));

const owedValues = (row: Owed): Value[] => [
  row.tenant_id,
  row.id,
  row.courier,
  row.target_id,
  row.event,
  row.room_id,
  row.subject_id,
  row.detail && JSON.stringify(row.detail),
  row.due_at,
  row.created_at,
];

const deliveryColumns = `${owedColumns}, state, attempts, last_attempt_at, last_status, last_error, settled_at`;
type FlatDelivery = Omit<Delivery, "detail"> & { detail: string | null };

export const CLAIMED_AT_ONCE = 64;

const due: Island<{ id: string }> = { text: "SELECT id FROM deliveries WHERE courier = $1 AND settled_at IS NULL AND due_at <= $2 LIMIT 1" };

/** Whether there is anything to claim: mostly not, and asking takes no lock and no transaction. */
export const isAnyDue = async (read: Read, { courier, now }: { courier: Delivery["courier"]; now: number }): Promise<boolean> =>
  (await read.ask(due, [courier, now])).length > 0;

// One statement, so that two who ask at once never hold the same row: who comes second passes over what is locked, and asks again of what was not.
// `+`: SQLite would look through all that is not settled, and not only take what is due by its key. Postgres would too, if the limit were not in the text.
const claim: Island<FlatDelivery> = {
  text: `UPDATE deliveries SET due_at = $1, last_attempt_at = $2, attempts = attempts + 1
    WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM deliveries
      WHERE courier = $3 AND settled_at IS NULL AND due_at <= $2 ORDER BY due_at LIMIT ${CLAIMED_AT_ONCE} FOR UPDATE SKIP LOCKED)
      AND +settled_at IS NULL AND due_at <= $2
    RETURNING ${deliveryColumns}`,
};

/** Takes at most CLAIMED_AT_ONCE rows that are due, the longest due first: nobody else gets them before `until`, and each has an attempt more. */
export async function claimDeliveries(
  tx: Tx,
  { courier, now, until }: { courier: Delivery["courier"]; now: number; until: number },
): Promise<Delivery[]> {
  const rows = await tx.ask(claim, [until, now, courier]);
  return rows.map((row) => ({ ...row, detail: row.detail === null ? null : JSON.parse(row.detail) }));
}

type Key = Pick<Delivery, "tenant_id" | "id" | "attempts">;

const detail: Island<never> = { text: "UPDATE deliveries SET detail = $1 WHERE tenant_id = $2 AND id = $3" };

/** Writes the details of these rows, which this transaction has claimed. */
export async function keepDetails(tx: Tx, rows: readonly Pick<Delivery, "tenant_id" | "id" | "detail">[]): Promise<void> {
  await tx.run(
    detail,
    rows.map((row) => [row.detail && JSON.stringify(row.detail), row.tenant_id, row.id]),
  );
}

/** Posts of a room that follow on each other: from so many after this one, to so many after it. */
export type Stretch = [room_id: string, first_id: string, from: number, to: number];
type PostAt = Pick<Tables["messages"]["$inferSelect"], "id" | "created_at"> & { first_id: string; nth: number };

const postsIn: Island<PostAt> = {
  text: `SELECT m.id, m.created_at, f.id AS first_id, m.seq - f.seq AS nth FROM messages f JOIN messages m ON m.room_id = f.room_id
    WHERE f.room_id = $1 AND f.id = $2 AND m.seq BETWEEN f.seq + $3 AND f.seq + $4 AND f.tenant_id = $5`,
};

/** Those of them that are kept, if the first is. */
export const postsAt = (tx: Tx, asked: readonly { tenant_id: string; stretch: Stretch }[]): Promise<PostAt[]> =>
  tx.all(
    postsIn,
    asked.map(({ tenant_id, stretch }) => [...stretch, tenant_id]),
  );

// `+` here and below: as long as Postgres believes that little is owed, it would look for a row among all that is not settled, and keep to that plan.
const giveBack: Island<never> = {
  text: "UPDATE deliveries SET due_at = $1, attempts = attempts - 1 WHERE tenant_id = $2 AND id = $3 AND attempts = $4 AND +settled_at IS NULL",
};

/** Takes the claim back: nothing was attempted. */
export async function giveDeliveriesBack(tx: Tx, rows: readonly (Key & { due_at: number })[]): Promise<void> {
  await tx.run(
    giveBack,
    rows.map((row) => [row.due_at, row.tenant_id, row.id, row.attempts]),
  );
}

export type Waiting = Pick<Delivery, "tenant_id" | "id" | "attempts" | "due_at" | "last_attempt_at" | "created_at">;

export const WAITING_AT_ONCE = 500;

const waiting: Island<Waiting> = {
  text: `SELECT tenant_id, id, attempts, due_at, last_attempt_at, created_at FROM deliveries
    WHERE courier = $1 AND settled_at IS NULL AND due_at >= $2 AND (due_at > $2 OR id > $3)
    ORDER BY due_at, id LIMIT ${WAITING_AT_ONCE}`,
};

/** At most WAITING_AT_ONCE that come after this one, the soonest first. */
export const waitingAfter = (read: Read, courier: Delivery["courier"], after: Pick<Waiting, "due_at" | "id">): Promise<Waiting[]> =>
  read.ask(waiting, [courier, after.due_at, after.id]);

const dueAnew: Island<never> = {
  text: `UPDATE deliveries SET due_at = $1, last_attempt_at = $2
    WHERE tenant_id = $3 AND id = $4 AND attempts = $5 AND due_at = $6 AND +settled_at IS NULL`,
};

/** Has these come at another time, but those that somebody has claimed or settled meanwhile. */
export async function moveDue(tx: Tx, moves: readonly { from: Waiting; due_at: number; last_attempt_at: number | null }[]): Promise<void> {
  await tx.run(
    dueAnew,
    moves.map(({ from, due_at, last_attempt_at }) => [due_at, last_attempt_at, from.tenant_id, from.id, from.attempts, from.due_at]),
  );
}

export type Settlement = Pick<Delivery, "state" | "due_at" | "settled_at" | "last_status" | "last_error" | "attempts">;

const settle: Island<{ id: string }> = {
  text: `UPDATE deliveries SET state = $1, due_at = $2, settled_at = $3, last_status = $4, last_error = $5, attempts = $6
    WHERE tenant_id = $7 AND id = $8 AND attempts = $9 AND +settled_at IS NULL RETURNING id`,
};

/** Writes down how a claim ended; false when it was too late: the row has been claimed again, or is settled. */
export async function settleDelivery(tx: Tx, { tenant_id, id, attempts }: Key, to: Settlement): Promise<boolean> {
  const values = [to.state, to.due_at, to.settled_at, to.last_status, to.last_error, to.attempts, tenant_id, id, attempts];
  return (await tx.ask(settle, values)).length === 1;
}

// One by one: joined with many values at once, Postgres would rather read the table than look for each by its key.
const delivered: Island<{ id: string }> = {
  text: `UPDATE deliveries SET state = 'delivered', settled_at = $1, last_status = $2, last_error = NULL
    WHERE tenant_id = $3 AND id = $4 AND attempts = $5 AND +settled_at IS NULL RETURNING id`,
};

/** The same of many that have arrived. Gives the ids of those that were not too late. */
export async function settleDelivered(tx: Tx, rows: readonly (Key & Pick<Delivery, "settled_at" | "last_status">)[]): Promise<string[]> {
  const settled = await tx.all(
    delivered,
    rows.map((row) => [row.settled_at, row.last_status, row.tenant_id, row.id, row.attempts]),
  );
  return settled.map(({ id }) => id);
}

const unlessThere = "ON CONFLICT (tenant_id, delivery_id, attempt) DO NOTHING";
const attempt: Island<never> = {
  text: `INSERT INTO attempts (tenant_id, delivery_id, attempt, at, duration_ms, status, error) VALUES ($1, $2, $3, $4, $5, $6, $7) ${unlessThere}`,
  many: `INSERT INTO attempts (tenant_id, delivery_id, attempt, at, duration_ms, status, error)
    SELECT e->>0, e->>1, CAST(e->>2 AS bigint), CAST(e->>3 AS bigint), CAST(e->>4 AS bigint), CAST(e->>5 AS bigint), e->>6
    FROM jsonb_array_elements(CAST(CAST($1 AS text) AS jsonb)) AS e ${unlessThere}`,
};

export async function insertAttempts(tx: Tx, rows: readonly Tables["attempts"]["$inferSelect"][]): Promise<void> {
  await tx.run(
    attempt,
    rows.map((row) => [row.tenant_id, row.delivery_id, row.attempt, row.at, row.duration_ms, row.status, row.error]),
  );
}

type WebhookRow = Tables["webhooks"]["$inferSelect"];
export type Target = Pick<WebhookRow, "tenant_id" | "id" | "url" | "include_private" | "secrets" | "failures" | "rest_until" | "disabled_at"> & {
  /** What the tenant has set for itself. */
  config: NonNullable<Tables["tenants"]["$inferSelect"]["config"]>;
};
type FlatTarget = Record<"tenant_id" | "id" | "url" | "secrets", string> &
  Record<"include_private" | "failures" | "rest_until", number> & { disabled_at: number | null; config: string | null };

const targetColumns = `w.tenant_id, w.id, w.url, CASE WHEN w.include_private THEN 1 ELSE 0 END AS include_private, w.secrets, w.failures, w.rest_until,
  w.disabled_at, t.config`;
const target: Island<FlatTarget> = {
  text: `SELECT ${targetColumns} FROM webhooks w JOIN tenants t ON t.id = w.tenant_id WHERE w.tenant_id = $1 AND w.id = $2`,
};

/** The endpoints that are there, as of now. */
export async function findTargets(tx: Tx, keys: readonly { tenant_id: string; id: string }[]): Promise<Target[]> {
  const rows = await tx.all(
    target,
    keys.map(({ tenant_id, id }) => [tenant_id, id]),
  );
  return rows.map(({ include_private, secrets, config, ...row }) => ({
    ...row,
    include_private: include_private === 1,
    secrets: JSON.parse(secrets),
    config: config === null ? {} : JSON.parse(config),
  }));
}
