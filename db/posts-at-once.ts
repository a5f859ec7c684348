/**
 * Posts as one statement that is its own transaction: on Postgres what a post costs is mostly the ways there and back, and four of them become one.
 *
 * The numbers are given out in the database, so nobody need know beforehand where a room stands, and other processes post to it as they like. The rooms come
 * first, in the order of their ids, by an insert that meets its row: it is found by its key whatever the planner believes, locked in this order, and as it
 * is now. Nothing else is begun before all of them are locked, since everything else reads `numbered`; what is locked afterwards is under their locks. So
 * this waits for others as they wait for it, in one order.
 */
import { type Owed, owedColumns } from "./delivery-islands.ts";
import { isConnectionLost, isGivenUp, storeFaultOf } from "./faults.ts";
import { ofOnePost, onePost } from "./one-post.ts";
import type { Island, Store, Tables, Value } from "./store.ts";

type Posted = Pick<Tables["messages"]["$inferSelect"], "id" | "sender_id" | "client_id" | "content" | "meta"> & { mentions: readonly string[] };

/** Posts to one room, in their order. */
export type RoomOfPosts = {
  tenant_id: string;
  room_id: string;
  /** That under which these may be posted. */
  rights_rev: number;
  rows: readonly Posted[];
  /** Who is addressed, by which of the rows. */
  addressed: readonly { row: number; user_id: string }[];
};

/** Where a room stands after them: the last of them has these numbers, those before it the ones before, and all have this time. */
export type Numbered = { last_seq: number; last_rev: number; last_at: number };

/**
 * Why nothing is stored, or perhaps nothing. `changed`: a room is not there, is archived, or its rights are not these, or a row that was to grow is
 * claimed. `stored`: one of them is stored already. `lost`: the connection broke, and nobody knows; who asks again looks them up.
 */
export type NotStored = "changed" | "stored" | "lost";

/**
 * Stores posts of rooms, each room once and in the order of their ids, all of them or none: the messages, the rooms' counters, the posters' acks, who
 * is addressed, and what is owed (a row that is there grows, if it has never been claimed). Resolves after COMMIT with where each room stands. Whose
 * other post another process stores at this very moment may have to ack this one by hand: their ack is looked up as it was when the statement began.
 */
export async function storeAtOnce(
  once: NonNullable<Store["once"]>,
  rooms: readonly RoomOfPosts[],
  owed: readonly Owed[],
  now: number,
): Promise<Numbered[] | NotStored> {
  const isPlain = rooms.every(
    ({ rows, addressed }) => addressed.length === 0 && rows.every(({ meta, mentions }) => meta === null && mentions.length === 0),
  );
  try {
    const alone = isPlain && owed.length === 0 ? ofOnePost(rooms, now) : null;
    if (alone) {
      const [numbers] = await once(onePost, alone);
      return numbers ? [numbers] : "changed";
    }
    const values = [...ofPosts(rooms, now), ...(isPlain ? [] : ofMore(rooms)), ...(owed.length > 0 ? ofOwed(owed) : [])];
    const [numbers] = await once(statements[isPlain ? "plain" : "whole"][owed.length > 0 ? "owing" : "owing_nothing"], values);
    return numbers ? numbersIn(numbers) : "changed";
  } catch (fault) {
    if (isGivenUp(fault)) return "changed";
    if (isConnectionLost(fault)) return "lost";
    const known = storeFaultOf(fault);
    if (known?.kind === "conflict" && known.constraint === "messages_client_id") return "stored";
    throw fault;
  }
}

type Numbers = { seqs: string; revs: string; ats: string };

function numbersIn({ seqs, revs, ats }: Numbers): Numbered[] {
  const [seq, rev, at]: number[][] = [JSON.parse(seqs), JSON.parse(revs), JSON.parse(ats)];
  return (seq ?? []).map((last_seq, i) => ({ last_seq, last_rev: rev?.[i] ?? 0, last_at: at?.[i] ?? 0 }));
}

/** `back`: how many of its room come after it in this statement. */
const statement = (isWhole: boolean, isOwing: boolean): Island<Numbers> => ({
  text: `WITH advanced AS (
    INSERT INTO rooms AS r (tenant_id, id, last_seq, last_rev, last_at, updated_at, rights_rev, type, visibility, description, first_seq, rev, member_count, created_at)
      SELECT v.tenant_id, v.id, v.posts, v.posts, $1::bigint, $1::bigint, v.rights_rev, 'channel', 'private', '', 1, 1, ${NOWHERE}, $1::bigint
      FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[]) AS v (tenant_id, id, posts, rights_rev)
    ON CONFLICT (tenant_id, id) DO UPDATE
      SET last_seq = r.last_seq + excluded.last_seq, last_rev = r.last_rev + excluded.last_rev,
        last_at = greatest(r.last_at, excluded.last_at), updated_at = excluded.updated_at
      WHERE r.rights_rev = excluded.rights_rev AND r.archived_at IS NULL AND r.posting IS NULL
    RETURNING id, last_seq, last_rev, last_at, member_count
  ), numbered AS (
    SELECT CASE WHEN count(*) FILTER (WHERE member_count <> ${NOWHERE}) = $2::bigint THEN array_agg(last_seq ORDER BY id)
        ELSE CAST('not as it was: rooms among ' || count(*) AS bigint[]) END AS seqs,
      array_agg(last_rev ORDER BY id) AS revs, array_agg(last_at ORDER BY id) AS ats
    FROM advanced
  ), stored AS (
    INSERT INTO messages (id, tenant_id, room_id, sender_id, client_id, content, seq, rev, born_rev, created_at${isWhole ? ", meta, mentions" : ""})
      SELECT v.id, v.tenant_id, v.room_id, v.sender_id, v.client_id, v.content,
        n.seqs[v.room] - v.back, n.revs[v.room] - v.back, n.revs[v.room] - v.back, n.ats[v.room]${isWhole ? ", v.meta, v.mentions" : ""}
      FROM numbered n CROSS JOIN unnest($9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $16::int[]${isWhole ? ", $17::text[], $18::text[]" : ""})
        AS v (id, tenant_id, room_id, sender_id, client_id, content, room, back${isWhole ? ", meta, mentions" : ""})
  ), ${isWhole ? addressed : ""}${isOwing ? owing(isWhole ? 24 : 17) : ""}acked AS (
    UPDATE members SET acked_seq = v.before + v.run, acked_at = $1::bigint
    FROM (SELECT g.tenant_id COLLATE "C" AS tenant_id, g.id COLLATE "C" AS id, g.user_id COLLATE "C" AS user_id, g.run, n.seqs[g.room] - g.posts AS before
        FROM numbered n CROSS JOIN unnest($3::text[], $4::text[], $5::bigint[], $7::text[], $8::bigint[])
          WITH ORDINALITY AS g (tenant_id, id, posts, user_id, run, room) LIMIT (SELECT 10000)) AS v
    WHERE members.tenant_id = v.tenant_id AND members.room_id = v.id AND members.user_id = v.user_id AND acked_seq = v.before
  )
  SELECT ${isOwing ? grown(isWhole ? 24 : 17) : "CAST(array_to_json(seqs) AS text)"} AS seqs, CAST(array_to_json(revs) AS text) AS revs, CAST(array_to_json(ats) AS text) AS ats FROM numbered`,
});
/** How many members a room has that this would have made, were it not there. */
const NOWHERE = -1;
const addressed = `addressed AS (
    INSERT INTO mentions (tenant_id, room_id, user_id, seq)
      SELECT v.tenant_id, v.room_id, v.user_id, n.seqs[v.room] - v.back
      FROM numbered n CROSS JOIN unnest($19::text[], $20::text[], $21::text[], $22::int[], $23::int[]) AS v (tenant_id, room_id, user_id, room, back)
  ), `;
const owing = (from: number): string => `owed AS (
    INSERT INTO deliveries (${owedColumns}, state, attempts)
      SELECT v.*, 'pending', 0
      FROM numbered n CROSS JOIN unnest(${owedColumns
        .split(", ")
        .map((name, i) => `$${from + 1 + i}::${name.endsWith("_at") ? "bigint" : "text"}[]`)
        .join(", ")}) AS v
    ON CONFLICT (tenant_id, id) DO UPDATE SET detail = excluded.detail WHERE deliveries.last_attempt_at IS NULL
    RETURNING 1
  ), `;
const grown = (from: number): string => `CASE WHEN (SELECT count(*) FROM owed) = $${from}::bigint THEN CAST(array_to_json(seqs) AS text)
    ELSE CAST(CAST('not as it was: owed ' || (SELECT count(*) FROM owed) AS bigint[]) AS text) END`;
/** Plain: of nearly every batch. */
const statements = {
  plain: { owing_nothing: statement(false, false), owing: statement(false, true) },
  whole: { owing_nothing: statement(true, false), owing: statement(true, true) },
};

function ofPosts(rooms: readonly RoomOfPosts[], now: number): Value[] {
  const ids: string[] = [];
  const tenants: string[] = [];
  const places: string[] = [];
  const senders: string[] = [];
  const clients: string[] = [];
  const contents: string[] = [];
  const of: number[] = [];
  const backs: number[] = [];
  for (const [i, { tenant_id, room_id, rows }] of rooms.entries()) {
    let back = rows.length;
    for (const row of rows) {
      ids.push(row.id);
      tenants.push(tenant_id);
      places.push(room_id);
      senders.push(row.sender_id);
      clients.push(row.client_id);
      contents.push(row.content);
      of.push(i + 1);
      backs.push((back -= 1));
    }
  }
  return [
    now,
    rooms.length,
    texts(rooms.map(({ tenant_id }) => tenant_id)),
    texts(rooms.map(({ room_id }) => room_id)),
    integers(rooms.map(({ rows }) => rows.length)),
    integers(rooms.map(({ rights_rev }) => rights_rev)),
    texts(rooms.map(({ rows }) => rows[0]?.sender_id ?? null)),
    integers(rooms.map(({ rows }) => firstRun(rows))),
    ...[ids, tenants, places, senders, clients, contents].map(texts),
    integers(of),
    integers(backs),
  ];
}

function ofMore(rooms: readonly RoomOfPosts[]): Value[] {
  const rows = rooms.flatMap(({ rows }) => rows);
  const addressed = rooms.flatMap(({ tenant_id, room_id, rows, addressed }, i) =>
    addressed.map(({ row, user_id }) => ({ tenant_id, room_id, user_id, room: i + 1, back: rows.length - 1 - row })),
  );
  return [
    texts(rows.map(({ meta }) => meta && JSON.stringify(meta))),
    texts(rows.map(({ mentions }) => (mentions.length > 0 ? JSON.stringify(mentions) : null))),
    texts(addressed.map(({ tenant_id }) => tenant_id)),
    texts(addressed.map(({ room_id }) => room_id)),
    texts(addressed.map(({ user_id }) => user_id)),
    integers(addressed.map(({ room }) => room)),
    integers(addressed.map(({ back }) => back)),
  ];
}

const ofOwed = (owed: readonly Owed[]): Value[] => [
  owed.length,
  texts(owed.map(({ tenant_id }) => tenant_id)),
  texts(owed.map(({ id }) => id)),
  texts(owed.map(({ courier }) => courier)),
  texts(owed.map(({ target_id }) => target_id)),
  texts(owed.map(({ event }) => event)),
  texts(owed.map(({ room_id }) => room_id)),
  texts(owed.map(({ subject_id }) => subject_id)),
  texts(owed.map(({ detail }) => detail && JSON.stringify(detail))),
  integers(owed.map(({ due_at }) => due_at)),
  integers(owed.map(({ created_at }) => created_at)),
];

/** How many posts its first sender has said before anybody else: they count as one for their sender's ack. */
function firstRun(rows: readonly Posted[]): number {
  const sender = rows[0]?.sender_id;
  const other = rows.findIndex(({ sender_id }) => sender_id !== sender);
  return other === -1 ? rows.length : other;
}

const integers = (values: readonly number[]): string => `{${values.join(",")}}`;
const texts = (values: readonly (string | null)[]): string => `{${values.map(quoted).join(",")}}`;
const quoted = (value: string | null): string =>
  value === null ? "NULL" : SPECIAL.test(value) ? `"${value.replace(EACH_SPECIAL, "\\$&")}"` : `"${value}"`;
const SPECIAL = /["\\]/u;
const EACH_SPECIAL = /["\\]/gu;
