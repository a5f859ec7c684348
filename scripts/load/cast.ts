/**
 * The cast of a scenario, written into the database of a Snug that is not running: signing up a thousand people through the front door would
 * take minutes of hashing, so all have one password. Rights, numbers and counters are those that the product's own verbs leave behind.
 */
import { Database } from "bun:sqlite";
import { SQL } from "bun";
import { hashOf } from "../../server/chat/secrets.ts";
import { PASSWORD, type Seat } from "./job.ts";

/** Rooms by name, with how many messages each holds; people by name, with the rooms they are in. */
export type Cast = {
  rooms: readonly { id: string; messages: number }[];
  people: readonly { id: string; rooms: readonly string[] }[];
};

type Value = string | number | boolean | null;
type Stored = {
  insert(table: string, rows: readonly Record<string, Value>[]): Promise<void>;
  run(text: string): Promise<void>;
  tenant(): Promise<string>;
  close(): Promise<void>;
};

const LATER = 86_400_000;

/** Writes the cast and gives each person's seat; their tickets last a day. */
export async function writeCast(database: string, { rooms, people }: Cast): Promise<Map<string, Seat>> {
  const store = database.startsWith("postgres") ? inPostgres(database) : inSqlite(database);
  const tenant_id = await store.tenant();
  const now = Date.now();
  const password_hash = await Bun.password.hash(PASSWORD, { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 });
  const seats = people.map(({ id, rooms }) => ({
    user_id: id,
    rooms,
    ticket: new Bun.CryptoHasher("sha256", "ticket").update(id).digest("base64url"),
  }));
  const times = { created_at: now, updated_at: now };
  const members = new Map<string, number>();
  const positions = people.flatMap(({ id, rooms }) =>
    rooms.map((room_id) => {
      const rev = (members.get(room_id) ?? 0) + 1;
      members.set(room_id, rev);
      return { tenant_id, room_id, user_id: id, role: "member", level: "all", rev, left_at: null, joined_at: now, updated_at: now };
    }),
  );
  const sizes = new Map(rooms.map(({ id, messages }) => [id, messages]));
  try {
    await store.insert(
      "users",
      people.map(({ id }) => ({
        ...{ tenant_id, id, username: id, display_name: id, password_hash, role: "member", kind: "person", settings: "{}", disabled_at: null },
        ...{ last_seen_at: null, rev: 1, changed_at: 0, ...times },
      })),
    );
    await store.insert(
      "sign_ins",
      people.map(({ id }) => ({ tenant_id, id: `s-${id}`, user_id: id, device: "load", born_at: now, seen_at: now, ended_at: null })),
    );
    await store.insert(
      "ws_tickets",
      seats.map(({ user_id, ticket }) => ({
        ...{
          hash: hashOf(ticket),
          tenant_id,
          user_id,
          room_id: null,
          via: JSON.stringify({ sign_in_id: `s-${user_id}` }),
          origin: null,
          used_at: null,
        },
        ...{ expires_at: now + LATER, created_at: now },
      })),
    );
    await store.insert(
      "rooms",
      rooms.map(({ id, messages }) => {
        const member_count = members.get(id) ?? 0;
        const rev = member_count + 1;
        return {
          ...{ tenant_id, id, type: "channel", visibility: "private", name: id, folded_name: id, description: "", owner_id: null, unique_key: null },
          ...{
            first_seq: 1,
            last_seq: messages,
            last_rev: rev + messages,
            last_at: now,
            rev,
            rights_rev: 1,
            member_count,
            archived_at: null,
            ...times,
          },
        };
      }),
    );
    await store.insert(
      "members",
      positions.map((row) => ({ ...row, acked_seq: sizes.get(row.room_id) ?? 0, acked_at: now })),
    );
    for (const { id, messages } of rooms) if (messages > 0) await store.run(history(tenant_id, id, messages, members.get(id) ?? 0, now));
    if (database.startsWith("postgres")) await store.run("VACUUM ANALYZE");
  } finally {
    await store.close();
  }
  return new Map(seats.map((seat) => [seat.user_id, seat]));
}

/** A room's past, made inside the database; its sender is whoever comes first. */
function history(tenant_id: string, room_id: string, messages: number, members: number, now: number): string {
  const born = `n.n + ${members + 1}`;
  return `WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${messages})
    INSERT INTO messages (id, tenant_id, room_id, sender_id, client_id, seq, rev, born_rev, content, created_at)
    SELECT '${room_id}' || (10000000 + n.n), '${tenant_id}', '${room_id}', (SELECT min(user_id) FROM members WHERE tenant_id = '${tenant_id}' AND room_id = '${room_id}'),
      '0000000000000000' || (10000000 + n.n), n.n, ${born}, ${born}, 'Said long ago, and about as long as what people say to each other on an ordinary day: ' || n.n, ${now}
    FROM n`;
}

function inSqlite(path: string): Stored {
  const sqlite = new Database(path);
  sqlite.run("PRAGMA busy_timeout=5000; PRAGMA synchronous=OFF");
  return {
    async insert(table, rows) {
      const [first] = rows;
      if (!first) return;
      const columns = Object.keys(first);
      const insert = sqlite.prepare(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`);
      sqlite.run("BEGIN");
      for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
      sqlite.run("COMMIT");
    },
    run: async (text) => void sqlite.run(text),
    tenant: async () => sqlite.query<{ id: string }, []>("SELECT id FROM tenants").get()?.id ?? "",
    async close() {
      sqlite.query("PRAGMA wal_checkpoint(TRUNCATE)").get();
      sqlite.close();
    },
  };
}

function inPostgres(url: string): Stored {
  const postgres = new SQL(url, { max: 1 });
  const AT_ONCE = 2_000;
  return {
    async insert(table, rows) {
      for (let from = 0; from < rows.length; from += AT_ONCE)
        await postgres`INSERT INTO ${postgres(table)} ${postgres(rows.slice(from, from + AT_ONCE))}`;
    },
    run: async (text) => void (await postgres.unsafe(text)),
    tenant: async () => (await postgres<{ id: string }[]>`SELECT id FROM tenants`)[0]?.id ?? "",
    close: () => postgres.close(),
  };
}
