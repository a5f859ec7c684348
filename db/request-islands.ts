/**
 * What nearly every request asks before anything else, raw: whose right it is, how far the room is, who is named. Built by the query builder and mapped by
 * it, these few columns cost more than the page that was asked for.
 */
import { ackedSeq } from "./spoken.ts";
import type { Island, Read, Tables, Tx } from "./store.ts";

type UserRow = Tables["users"]["$inferSelect"];
type SignInRow = Tables["sign_ins"]["$inferSelect"];
type RoomRow = Tables["rooms"]["$inferSelect"];
type MemberRow = Tables["members"]["$inferSelect"];

export type SignInNow = Pick<UserRow, "role" | "disabled_at"> & Pick<SignInRow, "born_at" | "seen_at" | "ended_at">;

const signIn: Island<SignInNow> = {
  text: `SELECT u.role, u.disabled_at, s.born_at, s.seen_at, s.ended_at
    FROM sign_ins s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id JOIN tenants t ON t.id = s.tenant_id
    WHERE s.tenant_id = $1 AND s.id = $2 AND s.user_id = $3 AND t.disabled_at IS NULL`,
};

/** The sign-in of this user as it is now, ended or not; undefined where there is none, or its tenant is closed. */
export async function findSignIn(read: Read, { tid, sid, sub }: { tid: string; sid: string; sub: string }): Promise<SignInNow | undefined> {
  const [found] = await read.ask(signIn, [tid, sid, sub]);
  return found;
}

type TicketRow = Tables["ws_tickets"]["$inferSelect"];
export type UsedTicket = Pick<TicketRow, "tenant_id" | "user_id" | "room_id" | "via" | "origin">;

const ticket: Island<Omit<UsedTicket, "via"> & { via: string }> = {
  text: `UPDATE ws_tickets SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1 AND created_at < $3
    RETURNING tenant_id, user_id, room_id, via, origin`,
};

/** Uses up the ticket of this hash; undefined where another one has, or it does not hold `now`. `until`: it was issued before that. */
export async function useTicket(tx: Tx, { hash, now, until }: { hash: string; now: number; until: number }): Promise<UsedTicket | undefined> {
  const [row] = await tx.all(ticket, [[now, hash, until]]);
  return row && { ...row, via: JSON.parse(row.via) };
}

/** Where a room begins and how far it is. */
export type Head = Pick<RoomRow, "id" | "first_seq" | "last_seq" | "last_rev">;

const head: Island<Head> = {
  text: `SELECT r.id, r.first_seq, r.last_seq, r.last_rev FROM members m JOIN rooms r ON r.tenant_id = m.tenant_id AND r.id = m.room_id
    WHERE m.tenant_id = $1 AND m.room_id = $2 AND m.user_id = $3 AND m.left_at IS NULL`,
};

/** The head of a room for this user; undefined for who is not in it, and where there is no such room. */
export async function findHead(read: Read, place: { tenant_id: string; room_id: string; user_id: string }): Promise<Head | undefined> {
  const [found] = await read.ask(head, [place.tenant_id, place.room_id, place.user_id]);
  return found;
}

// As myRooms below: whose rooms they are decides, not where rooms lie.
const myHeads: Island<Head> = {
  text: `SELECT r.id, r.first_seq, r.last_seq, r.last_rev FROM members m CROSS JOIN rooms r
    WHERE r.tenant_id = m.tenant_id || '' AND r.id = m.room_id AND m.tenant_id = $1 AND m.user_id = $2 AND m.left_at IS NULL`,
};

/** The heads of all rooms that this user is in, of one moment; in no order. */
export const findMyHeads = (read: Read, { tenant_id, user_id }: { tenant_id: string; user_id: string }): Promise<Head[]> =>
  read.ask(myHeads, [tenant_id, user_id]);

export const faceColumns = [
  ...(["id", "username", "display_name", "role", "kind", "disabled_at"] as const),
  ...(["avatar_id", "status_text", "status_emoji", "status_until"] as const),
] as const satisfies readonly (keyof UserRow)[];
export type FaceRow = Pick<UserRow, (typeof faceColumns)[number]>;

/** Mostly a page names few: such a query is there for at most so many, and asked for the first of them again in the places left over. */
const faces = [1, 8, 32].map((most) => {
  const places = Array.from({ length: most }, (_, i) => `$${i + 2}`);
  const island: Island<FaceRow> = {
    text: `SELECT ${faceColumns.join(", ")} FROM users WHERE tenant_id = $1 AND id IN (${places.join(", ")}) ORDER BY id`,
  };
  return { most, island };
});

/** What of these users of the tenant is told, by id; null where they are more than this is made for. */
export async function findFaces(read: Read, tenant_id: string, ids: readonly string[]): Promise<FaceRow[] | null> {
  const few = faces.find(({ most }) => ids.length <= most);
  if (!few) return null;
  const [first = ""] = ids;
  return read.ask(few.island, [tenant_id, ...ids, ...Array.from({ length: few.most - ids.length }, () => first)]);
}

type Beside = { room_id: string; room_first_seq: number; room_last_seq: number; room_last_rev: number } & { [K in keyof FaceRow]: FaceRow[K] | null };

/** Both at once: on Postgres a question costs mostly its way there and back. */
const headBeside = [1, 8].map((most) => {
  const places = Array.from({ length: most }, (_, i) => `$${i + 4}`);
  const island: Island<Beside> = {
    text: `SELECT r.id AS room_id, r.first_seq AS room_first_seq, r.last_seq AS room_last_seq, r.last_rev AS room_last_rev,
      ${faceColumns.map((name) => `u.${name}`).join(", ")}
      FROM members m JOIN rooms r ON r.tenant_id = m.tenant_id AND r.id = m.room_id
      LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.id IN (${places.join(", ")})
      WHERE m.tenant_id = $1 AND m.room_id = $2 AND m.user_id = $3 AND m.left_at IS NULL ORDER BY u.id`,
  };
  return { most, island };
});

/** `findHead` and `findFaces` of the same moment; `head` is undefined as there. Null where the ids are more than this is made for. */
export async function findHeadBeside(
  read: Read,
  place: { tenant_id: string; room_id: string; user_id: string },
  ids: readonly string[],
): Promise<{ head: Head | undefined; faces: FaceRow[] } | null> {
  const few = headBeside.find(({ most }) => ids.length <= most);
  if (!few) return null;
  const [first = ""] = ids;
  const rest = Array.from({ length: few.most - ids.length }, () => first);
  const rows = await read.ask(few.island, [place.tenant_id, place.room_id, place.user_id, ...ids, ...rest]);
  const [row] = rows;
  const head = row && { id: row.room_id, first_seq: row.room_first_seq, last_seq: row.room_last_seq, last_rev: row.room_last_rev };
  return { head, faces: rows.filter((one): one is Beside & FaceRow => one.id !== null) };
}

const myRoomColumns = [
  ...(["id", "type", "visibility", "name", "description", "owner_id", "archived_at", "posting", "created_at"] as const),
  ...(["first_seq", "last_seq", "last_rev", "rev", "member_count", "metadata"] as const),
] as const satisfies readonly (keyof RoomRow)[];
const myColumns = ["role", "level", "marked_seq"] as const satisfies readonly (keyof MemberRow)[];
export type MyRoomRow = Pick<RoomRow, (typeof myRoomColumns)[number]> & Pick<MemberRow, (typeof myColumns)[number] | "acked_seq">;
/** As the driver gives it: JSON is text in SQLite, and a value in Postgres. */
type Driven = Omit<MyRoomRow, "metadata"> & { metadata: string | MyRoomRow["metadata"] };

/** CROSS, and an expression for the tenant: either database would begin with every room of the workspace, which lie in the order asked for. */
const myRooms: Island<Driven> = {
  text: `SELECT ${myRoomColumns.map((name) => `r.${name}`).join(", ")}, ${myColumns.map((name) => `m.${name}`).join(", ")},
      ${ackedSeq("r", "m")} AS acked_seq
    FROM members m CROSS JOIN rooms r
    WHERE r.tenant_id = m.tenant_id || '' AND r.id = m.room_id AND m.tenant_id = $1 AND m.user_id = $2 AND m.left_at IS NULL ORDER BY r.id`,
};

/** The rooms that this user is in, by id, each with what it is to them. */
export async function findMyRooms(read: Read, { tenant_id, user_id }: { tenant_id: string; user_id: string }): Promise<MyRoomRow[]> {
  const rows = await read.ask(myRooms, [tenant_id, user_id]);
  return rows.map((row) => {
    const { metadata } = row;
    return Object.assign(row, { metadata: typeof metadata === "string" ? JSON.parse(metadata) : metadata }); // the driver's own object, which nobody else has
  });
}
