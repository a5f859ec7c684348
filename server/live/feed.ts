/**
 * The feed turns bells into published rows: one cursor per room that has sockets here, rows in rev order, each once. It trusts only rows past
 * its cursor: those a bell carries are used when they continue it exactly, otherwise the database is asked with `since`. So a bell may be lost,
 * late or doubled; whatever it announced is found by the next bell, or by `look`.
 *
 * Never: publish a row that is not committed, skip a rev, go on while a read for the same room is under way, or publish while nobody knows whose
 * right has ended meanwhile: `mayPublish` is asked in the turn of publishing, and where it says no it has the room looked at again.
 */
import type { Bell, Chat } from "../chat/chat.ts";
import { lastRev, lastRevs, revOf, type Since, since } from "../chat/since.ts";
import type { Row } from "../protocol.ts";
import type { RoomPlace, Roster } from "./roster.ts";
import { createTail, type Tail } from "./tail.ts";
import { textOfRow } from "./texts.ts";

export type Feed = {
  heard(bell: Bell): void;
  /** Resolves when the room has a cursor, of at least `rev` if the database has that: from then on nothing committed passes it unpublished. */
  open(place: RoomPlace, rev?: number): Promise<void>;
  /** The rev up to which rows have been published; 0 for a room that is not open. */
  sent(place: RoomPlace): number;
  /** Asks for all open rooms whether they have moved, and reads those that have: after lost bells, and when another process has written. Throws when one could not be read. */
  look(): Promise<void>;
  /** The texts of all rows in (cursor, `sent`], if they are at hand. */
  tail(place: RoomPlace, cursor: number): string[] | null;
  /**
   * Before rows are read for somebody who resumes. What it gives takes those in (cursor, position], since the next ones may have missed the same; not
   * if a person has changed meanwhile, who may stand in them as they were.
   */
  keeping(place: RoomPlace, cursor: number): (read: Pick<Since, "rows" | "position">) => void;
  /** A person has changed: each row tells of its user, so nothing written before is at hand any more. */
  forgetTexts(): void;
  /** Forgets rooms that no socket here has joined, and that are not among those being joined. */
  forget(joining: ReadonlySet<string>): void;
};

/** `cursor` is null until the first look at the room has answered; `reading` while the database is asked; `again` if a bell came meanwhile. */
type OpenRoom = {
  place: RoomPlace;
  cursor: number | null;
  reading: Promise<void> | null;
  again: boolean;
  opened_at: number;
  tail: Tail | null;
  /** The first message that the room has, as far as it was told. */
  first_seq: number;
};

const KEPT_MS = 60_000; // a room that everybody left may be joined again by the next page load
const TEXTS_MAX = 16 << 20; // UTF-16 units in all tails; over it all are dropped, and what is asked for is written again

export function createFeed(chat: Chat, roster: Roster, mayPublish: () => boolean): Feed {
  const rooms = new Map<string, OpenRoom>(); // by keyOf
  let held = 0;
  let forgotten = 0; // how often

  const forgetTexts = (): void => {
    forgotten += 1;
    for (const room of rooms.values()) room.tail = null;
    held = 0;
  };
  /** What is done to a tail, counted. */
  const withTail = (room: OpenRoom, from: number, change: (tail: Tail) => void): void => {
    const tail = room.tail ?? createTail(from);
    const before = room.tail ? tail.size() : 0;
    change(tail);
    room.tail = tail;
    held += tail.size() - before;
    if (held > TEXTS_MAX) forgetTexts();
  };

  /** What has been deleted must not be said any more from what was kept of it. */
  const begins = (room: OpenRoom, first_seq: number): void => {
    if (first_seq <= room.first_seq) return;
    room.first_seq = first_seq;
    forgetTexts();
  };

  const publish = (room: OpenRoom, rows: readonly Row[]): void => {
    for (const row of rows) {
      roster.toRoom(room.place, textOfRow(row));
      if (row.type === "member" && row.member.left_at !== undefined) roster.drop(room.place, row);
      if (row.type === "room") begins(room, row.room.first_seq);
      withTail(room, room.cursor ?? revOf(row) - 1, (tail) => tail.push(row));
      room.cursor = revOf(row);
    }
  };

  const read = async (room: OpenRoom): Promise<void> => {
    do {
      room.again = false;
      if (room.cursor === null) {
        room.cursor = await lastRev(chat, room.place);
        continue;
      }
      const { rows, position, more_after } = await since(chat, room.place, room.cursor);
      if (rows.length > 0 && !mayPublish()) return;
      publish(room, rows);
      room.cursor = position;
      room.again ||= more_after;
    } while (room.again);
  };

  /** One read at a time per room; a failed one leaves the cursor where it was, and the next look tries again. */
  const reading = (room: OpenRoom): Promise<void> => {
    room.again = true;
    room.reading ??= read(room).finally(() => {
      room.reading = null;
    });
    return room.reading;
  };
  const readLogged = (room: OpenRoom): Promise<void> =>
    reading(room).catch((fault: unknown) => chat.log.error("feed.read", fault, { room_id: room.place.room_id }));

  return {
    heard(bell) {
      const room = rooms.get(keyOf(bell));
      if (!room) return;
      if (room.reading !== null || room.cursor === null) {
        room.again = true;
        return;
      }
      const { cursor } = room;
      const news = "rows" in bell ? bell.rows.filter((row) => revOf(row) > cursor) : [];
      if (news.length === 0 && !("rev" in bell && bell.rev > cursor)) return;
      if (news.length === 0 || !continues(cursor, news)) void readLogged(room);
      else if (mayPublish()) publish(room, news);
    },
    async open(place, rev = 0) {
      const room = rooms.get(keyOf(place)) ?? { place, cursor: null, reading: null, again: false, opened_at: 0, tail: null, first_seq: 1 };
      rooms.set(keyOf(place), room);
      room.opened_at = chat.now();
      if (room.cursor === null || room.cursor < rev) await reading(room);
    },
    sent: (place) => rooms.get(keyOf(place))?.cursor ?? 0,
    async look() {
      const revs = await lastRevs(
        chat,
        [...rooms.values()].map(({ place }) => place),
      );
      const behind = [...rooms.values()].filter(({ cursor, place }) => cursor === null || cursor < (revs.get(place.room_id) ?? 0));
      await Promise.all(behind.map(reading));
    },
    tail(place, cursor) {
      const room = rooms.get(keyOf(place));
      return room?.tail?.after(cursor) ?? null;
    },
    keeping(place, cursor) {
      const before = forgotten;
      return ({ rows, position }) => {
        const room = rooms.get(keyOf(place));
        if (!room || room.cursor === null || forgotten !== before) return;
        const from = room.tail?.from() ?? room.cursor;
        if (cursor >= from || position < from) return; // it has them, or rows between are missing
        const older = rows.filter((row) => revOf(row) <= from);
        withTail(room, from, (tail) => tail.unshift(cursor, older));
      };
    },
    forgetTexts,
    forget(joining) {
      for (const [key, room] of rooms) {
        if (joining.has(room.place.room_id) || room.reading !== null || chat.now() - room.opened_at <= KEPT_MS || roster.isHeard(room.place))
          continue;
        held -= room.tail?.size() ?? 0;
        rooms.delete(key);
      }
    },
  };
}

/** A room's id is the server's own and in one tenant alone; that nobody else hears it is not left to that. */
const keyOf = ({ tenant_id, room_id }: RoomPlace): string => `${tenant_id}:${room_id}`;

const continues = (cursor: number, rows: readonly Row[]): boolean => rows.every((row, i) => revOf(row) === cursor + i + 1);
