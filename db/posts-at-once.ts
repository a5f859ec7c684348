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
import { ranTo, spoke } from "./spoken.ts";
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
 * Stores posts of rooms, each room once and in the order of their ids, all of them or none: the messages, the rooms' counters, who speaks there and the
 * acks of those who did (spoken.ts), who is addressed, and what is owed (a row that is there grows, if it has never been claimed). Resolves after COMMIT
 * with where each room stands. Where several post to one room, the first of them may have to ack theirs by hand, if their ack of what was before it
 * arrives at this very moment: it is looked up as it was when the statement began.
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
    const isSingle = isPlain && rooms.every(({ rows }) => rows.length === 1);
    const values = [
      ...ofRooms(rooms, now),
      ...(isSingle ? ofSingles(rooms) : ofPosts(rooms)),
      ...(isPlain ? [] : ofMore(rooms)),
      ...(owed.length > 0 ? ofOwed(owed) : []),
    ];
    const statement = statements[isSingle ? "single" : isPlain ? "plain" : "whole"][owed.length > 0 ? "owing" : "owing_nothing"];
    const [numbers] = await once(statement, values);
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
  const [rev, at] = [numbersOf(revs), numbersOf(ats)];
  return numbersOf(seqs).map((last_seq, i) => ({ last_seq, last_rev: rev[i] ?? 0, last_at: at[i] ?? 0 }));
}
const numbersOf = (list: string): number[] => JSON.parse(`[${list.slice(1, -1)}]`); // as Postgres writes a list of numbers

/** `single`: one post in each room, with nothing more to say than its text. `plain`: nor has any of these. */
type Form = "single" | "plain" | "whole";

/**
 * Lists are taken apart side by side in a SELECT, which keeps none of them, and put together in the order in which the rooms were met: that it was theirs
 * is asked besides. `back`: how many of its room come after it in this statement.
 */
const statement = (form: Form, isOwing: boolean): Island<Numbers> => {
  const isSingle = form === "single";
  const posts = isSingle ? "1" : "v.posts";
  return {
    text: `WITH advanced AS (
    INSERT INTO rooms AS r (tenant_id, id, last_seq, last_rev, last_at, updated_at, rights_rev, type, visibility, description, first_seq, rev, member_count, created_at, speaker_id)
      SELECT v.tenant_id, v.id, ${posts}, ${posts}, $1::bigint, $1::bigint, v.rights_rev, 'channel', 'private', '', 1, 1, ${NOWHERE}, $1::bigint,
        ${isSingle ? "v.user_id" : "CASE WHEN v.posts = v.run THEN v.user_id END"}
      FROM (SELECT ${columns(2, "tenant_id", "id", "rights_rev", "user_id")}${isSingle ? "" : `, ${columns(6, "posts", "run")}`}) AS v
    ON CONFLICT (tenant_id, id) DO UPDATE
      SET last_seq = r.last_seq + excluded.last_seq, last_rev = r.last_rev + excluded.last_rev,
        last_at = greatest(r.last_at, excluded.last_at), updated_at = excluded.updated_at, ${spoke("excluded.speaker_id")}
      WHERE r.rights_rev = excluded.rights_rev AND r.archived_at IS NULL AND r.posting IS NULL
    RETURNING tenant_id, id, last_seq, last_rev, last_at, member_count, spoken_from, prior_id, prior_from, prior_at
  ), numbered AS (
    SELECT CASE WHEN array_agg(id) = $3::text[] AND bool_and(member_count <> ${NOWHERE}) THEN array_agg(last_seq)
        ELSE CAST('not as it was: rooms among ' || count(*) AS bigint[]) END AS seqs,
      array_agg(last_rev) AS revs, array_agg(last_at) AS ats
      ${isSingle ? "" : ", array_agg(prior_id) AS prior_ids, array_agg(prior_from) AS prior_froms, array_agg(prior_at) AS prior_ats"}
    FROM advanced
  ), stored AS (${isSingle ? storedSingles : storedPosts(form === "whole")}
  ), ${form === "whole" ? addressed : ""}${isOwing ? owing(OWED_FROM[form]) : ""}acked AS (
    UPDATE members SET ${ranTo("v.first", "v.last", "v.at")}
    FROM (${isSingle ? endedRuns : endedAndFirstRuns} LIMIT (SELECT 10000)) AS v
    WHERE members.tenant_id = v.tenant_id AND members.room_id = v.id AND members.user_id = v.user_id AND acked_seq < v.last
      ${isSingle ? "" : "AND (v.had_begun OR acked_seq >= v.first - 1)"}
  )
  SELECT ${isOwing ? grown(OWED_FROM[form]) : "CAST(seqs AS text)"} AS seqs, CAST(revs AS text) AS revs, CAST(ats AS text) AS ats FROM numbered`,
  };
};
/** How many members a room has that this would have made, were it not there. */
const NOWHERE = -1;
const INTEGERS = new Set(["posts", "rights_rev", "run", "room", "back"]);
/** Lists as columns of rows, `from` being the first one's number. */
const columns = (from: number, ...names: string[]): string =>
  names.map((name, i) => `unnest($${from + i}::${INTEGERS.has(name) ? "bigint[]" : 'text[] COLLATE "C"'}) AS ${name}`).join(", ");
/** A reader of `advanced` and of `numbered`, which is there when all rooms are locked; where the same go on speaking, it finds nobody to look up. */
const endedRuns = `SELECT a.tenant_id, a.id, prior_id AS user_id, prior_from AS first, spoken_from - 1 AS last, prior_at AS at
      FROM numbered CROSS JOIN advanced AS a WHERE prior_id IS NOT NULL`;
/**
 * The run that the room had, which goes on as far as its speaker is the first of these posts; and the first run of posts by several (`acks.ts`, `speak`).
 * `had_begun`: as `ranTo` wants it, the row is locked before it is asked.
 */
const endedAndFirstRuns = `SELECT v.tenant_id, v.id, w.* FROM (
        SELECT ${columns(2, "tenant_id", "id")}, ${columns(5, "user_id")}, ${columns(6, "posts", "run")}, unnest(seqs) AS last_seq,
          unnest(prior_ids) AS prior_id, unnest(prior_froms) AS prior_from, unnest(prior_ats) AS prior_at FROM numbered) AS v
        CROSS JOIN LATERAL (
          SELECT v.prior_id AS user_id, v.prior_from AS first, v.last_seq - v.posts AS last, v.prior_at AS at, true AS had_begun
            WHERE v.prior_id <> v.user_id
          UNION ALL SELECT v.user_id, CASE WHEN v.prior_id = v.user_id THEN v.prior_from ELSE v.last_seq - v.posts + 1 END, v.last_seq - v.posts + v.run, $1::bigint,
            coalesce(v.prior_id = v.user_id, false)
            WHERE v.run < v.posts) AS w`;
const storedSingles = `
    INSERT INTO messages (tenant_id, room_id, sender_id, id, client_id, content, seq, rev, born_rev, created_at)
      SELECT tenant_id, room_id, sender_id, id, client_id, content, seq, rev, rev, created_at
      FROM (SELECT ${columns(2, "tenant_id", "room_id")}, ${columns(5, "sender_id", "id", "client_id", "content")},
        unnest(seqs) AS seq, unnest(revs) AS rev, unnest(ats) AS created_at FROM numbered) AS v`;
const storedPosts = (isWhole: boolean): string => {
  const more = isWhole ? ["meta", "mentions"] : [];
  const names = ["id", "tenant_id", "room_id", "sender_id", "client_id", "content", ...more];
  return `
    INSERT INTO messages (${names.join(", ")}, seq, rev, born_rev, created_at)
      SELECT ${names.map((name) => `v.${name}`).join(", ")}, n.seqs[v.room] - v.back, n.revs[v.room] - v.back, n.revs[v.room] - v.back, n.ats[v.room]
      FROM numbered n CROSS JOIN (SELECT ${columns(8, "room", "back", ...names)}) AS v`;
};
const addressed = `addressed AS (
    INSERT INTO mentions (tenant_id, room_id, user_id, seq)
      SELECT v.tenant_id, v.room_id, v.user_id, n.seqs[v.room] - v.back
      FROM numbered n CROSS JOIN (SELECT ${columns(18, "tenant_id", "room_id", "user_id", "room", "back")}) AS v
  ), `;
/** The number of the first value about what is owed. */
const OWED_FROM = { single: 9, plain: 16, whole: 23 } as const;
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
const grown = (from: number): string => `CASE WHEN (SELECT count(*) FROM owed) = $${from}::bigint THEN CAST(seqs AS text)
    ELSE CAST(CAST('not as it was: owed ' || (SELECT count(*) FROM owed) AS bigint[]) AS text) END`;
const ofForm = (form: Form) => ({ owing_nothing: statement(form, false), owing: statement(form, true) });
const statements = { single: ofForm("single"), plain: ofForm("plain"), whole: ofForm("whole") };

const ofRooms = (rooms: readonly RoomOfPosts[], now: number): Value[] => [
  now,
  texts(rooms.map(({ tenant_id }) => tenant_id)),
  texts(rooms.map(({ room_id }) => room_id)),
  integers(rooms.map(({ rights_rev }) => rights_rev)),
  texts(rooms.map(({ rows }) => rows[0]?.sender_id ?? null)),
];

function ofSingles(rooms: readonly RoomOfPosts[]): Value[] {
  const rows = rooms.flatMap(({ rows }) => rows);
  return [texts(rows.map(({ id }) => id)), texts(rows.map(({ client_id }) => client_id)), texts(rows.map(({ content }) => content))];
}

function ofPosts(rooms: readonly RoomOfPosts[]): Value[] {
  const of: number[] = [];
  const backs: number[] = [];
  const ids: string[] = [];
  const tenants: string[] = [];
  const places: string[] = [];
  const senders: string[] = [];
  const clients: string[] = [];
  const contents: string[] = [];
  for (const [i, { tenant_id, room_id, rows }] of rooms.entries()) {
    let back = rows.length;
    for (const row of rows) {
      of.push(i + 1);
      backs.push((back -= 1));
      ids.push(row.id);
      tenants.push(tenant_id);
      places.push(room_id);
      senders.push(row.sender_id);
      clients.push(row.client_id);
      contents.push(row.content);
    }
  }
  return [
    integers(rooms.map(({ rows }) => rows.length)),
    integers(rooms.map(({ rows }) => firstRun(rows))),
    integers(of),
    integers(backs),
    ...[ids, tenants, places, senders, clients, contents].map(texts),
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
/** As Postgres reads a list: that is how JSON writes it, null included, unless it says by an escape what is no quote and no backslash. */
function texts(values: readonly (string | null)[]): string {
  const json = JSON.stringify(values);
  return json.includes("\\") && OTHER_ESCAPE.test(json) ? `{${values.map(quoted).join(",")}}` : `{${json.slice(1, -1)}}`;
}
const quoted = (value: string | null): string =>
  value === null ? "NULL" : SPECIAL.test(value) ? `"${value.replace(EACH_SPECIAL, "\\$&")}"` : `"${value}"`;
const OTHER_ESCAPE = /\\[^"\\]/u; // also where a backslash that is meant stands before another letter: then nothing is gained
const SPECIAL = /["\\]/u;
const EACH_SPECIAL = /["\\]/gu;
