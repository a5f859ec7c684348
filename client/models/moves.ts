/**
 * Who came to a room and who left it, as lines between its messages: drawn from the rows of its members, never messages, so they count for nothing
 * and nobody is told of them. A row says of each person the last time they came and went, and no more.
 */
import { action, createModel, signal } from "@preact/signals";
import type { List, Member, Message, User } from "../../server/protocol.ts";
import type { Api } from "../api.ts";
import { dayKeyOf } from "../lib/dates.ts";
import { words } from "../lib/moves-strings.ts";
import { atOf, type Line } from "./lines.ts";
import type { MyRoom } from "./rooms.ts";

type Parts = { api: Pick<Api, "get">; meet(users: readonly User[]): void };
/** What is held of the room: rows without a hole, and whether there are more at either side. */
type Stretch = { stored: readonly Message[]; more_before: boolean; more_after: boolean };
type Move = { at: string; user_id: string; came: boolean };

const PAGE = 200;
const PAGES_MAX = 5;
const MAKING_MS = 1_000; // between a room and those it is made with

export const MovesModel = createModel(({ api, meet }: Parts) => {
  const members = signal<ReadonlyMap<string, ReadonlyMap<string, Member>>>(new Map()); // by room and user
  const asked = new Map<string, { from: number; to: number }>(); // the revs whose changes are known, by room

  const heard = action((room_id: string, rows: readonly Member[]): void => {
    const known = new Map(members.value.get(room_id));
    for (const row of rows) if ((known.get(row.user_id)?.rev ?? 0) < row.rev) known.set(row.user_id, row);
    members.value = new Map(members.value).set(room_id, known);
  });
  const ask = async (room_id: string, from: number, to: number): Promise<void> => {
    const until = to === Number.POSITIVE_INFINITY ? "" : `&until_rev=${to}`;
    const found: { member: Member; user: User }[] = [];
    let after: string | undefined = String(from);
    for (let pages = 0; after !== undefined; pages += 1) {
      const path: string = `/rooms/${room_id}/members?after_rev=${after}${until}&limit=${PAGE}`;
      const page: List<{ member: Member; user: User }> | null =
        pages === PAGES_MAX ? null : await api.get<List<{ member: Member; user: User }>>(path).catch(() => null);
      if (!page) return; // a courtesy: the room is whole without these lines, and one that counts too few would lie
      found.push(...page.items);
      after = page.next_cursor;
    }
    meet(found.map(({ user }) => user));
    heard(
      room_id,
      found.map(({ member }) => member),
    );
  };

  return {
    members,
    /** A row of the room's stream. */
    heard: (member: Member): void => {
      if (asked.has(member.room_id)) heard(member.room_id, [member]);
    },
    /** Asks for what is not known yet of who came and went within this stretch: once for each end of it. */
    need({ id }: MyRoom, { stored, more_before, more_after }: Stretch): void {
      const revs = stored.map(({ rev }) => rev);
      if (revs.length === 0 && (more_before || more_after)) return;
      const from = more_before ? Math.min(...revs) : 0;
      const to = more_after ? Math.max(...revs) : Number.POSITIVE_INFINITY;
      const known = asked.get(id);
      asked.set(id, { from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) });
      if (!known || to < known.from || from > known.to) return void ask(id, from, to);
      if (from < known.from) void ask(id, from, known.from);
      if (to > known.to) void ask(id, known.to, to);
    },
    forget(): void {
      asked.clear();
      members.value = new Map();
    },
  };
});

/** The lines of a room with who came and went between them; what stands between two messages of a day is one line. */
export function withMoves(
  lines: readonly Line[],
  rows: ReadonlyMap<string, Member> | undefined,
  room: MyRoom,
  { more_before, more_after }: Stretch,
): Line[] {
  const posts = lines.flatMap((line) => (line.kind === "post" ? atOf(line.post) : []));
  const [first, last] = [posts[0], posts.at(-1)];
  const isWithin = ({ at }: Move): boolean =>
    (!more_before || (first !== undefined && at >= first)) && (!more_after || (last !== undefined && at <= last));
  const moves = [...(rows?.values() ?? [])]
    .flatMap((member) => movesOf(member, room))
    .filter(isWithin)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  if (moves.length === 0) return [...lines];
  const out: Line[] = [];
  let parted = false; // what stands next to a line of ours is no group with what stands before it
  const take = (until: string | null): void => {
    const later = until === null ? -1 : moves.findIndex(({ at }) => at > until);
    const between = moves.splice(0, later === -1 ? moves.length : later);
    for (const of of Map.groupBy(between, ({ at }) => dayKeyOf(at)).values()) {
      const line = lineOf(of);
      if (line) out.push(line);
      parted ||= line !== null;
    }
  };
  for (const line of lines) {
    if (line.kind === "day") take(startOf(line.at));
    if (line.kind === "post") take(atOf(line.post));
    out.push(line.kind === "post" && parted ? { ...line, grouped: false } : line);
    if (line.kind === "post") parted = false;
  }
  take(null);
  return out;
}

/** Whoever made the room, or was put into it when it was made, did not come: they were there. */
function movesOf({ user_id, joined_at, left_at }: Member, { created_at }: MyRoom): Move[] {
  const came = Date.parse(joined_at) - Date.parse(created_at) > MAKING_MS ? [{ at: joined_at, user_id, came: true }] : [];
  return left_at === undefined ? came : [...came, { at: left_at, user_id, came: false }];
}

const startOf = (at: string): string => new Date(new Date(at).setHours(0, 0, 0, 0)).toISOString();

/** Who came and went again within it has left no trace worth a line. */
function lineOf(moves: readonly Move[]): Line | null {
  const idsOf = (came: boolean): string[] => moves.filter((move) => move.came === came).map(({ user_id }) => user_id);
  const [came, gone] = [idsOf(true), idsOf(false)];
  const joined = came.filter((id) => !gone.includes(id));
  const left = gone.filter((id) => !came.includes(id));
  const [first] = moves;
  if (!first || joined.length + left.length === 0) return null;
  const says = (namesOf: (ids: readonly string[]) => string[]): string => {
    if (left.length === 0) return words.joined(namesOf(joined));
    return joined.length === 0 ? words.left(namesOf(left)) : words.both(namesOf(joined), namesOf(left));
  };
  return { kind: "moves", key: `moves ${first.at} ${first.user_id}`, at: first.at, says };
}
