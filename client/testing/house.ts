/** One room of a server, as the models' tests need it: verbs that change it, the frames a member hears of them, and what it says of itself. */
import type { Member, Message, MessagePage, Mine, Role, Room, Row, ServerFrame, User } from "../../server/protocol.ts";
import { readUpTo } from "../models/read.ts";
import { message } from "./outside.ts";

/** What happens in the room: who does it, what they say, to which message (by its place, counted round) or up to which seq. */
export type Verb = { do: Doing; user?: string; content?: string; at?: number };
export type Doing = "post" | "join" | "leave" | "edit" | "remove" | "ack" | "rename" | "archive" | "role" | "level" | "mark" | "react";

const time = new Date(Date.UTC(2026, 0, 2)).toISOString();
export const person = (id: string): User => ({ id, username: id, display_name: id, role: "member", kind: "person" });

/** A group in which `me` is with ann and bob. */
export function testHouse() {
  const messages: Message[] = [];
  const members = new Map<string, Member>();
  let mentions: { seq: number; user_id: string }[] = [];
  let mine: Pick<Mine, "level" | "acked_seq" | "marked_seq"> = { level: "all", acked_seq: 0 };
  let room: Omit<Room, "user_ids" | "me"> = {
    ...{ id: "room", type: "group", visibility: "private", name: "room", description: "", owner_id: null, created_at: time },
    ...{ first_seq: 1, last_seq: 0, last_rev: 0, rev: 0, member_count: 0 },
  };

  const rev = (): number => {
    room = { ...room, last_rev: room.last_rev + 1 };
    return room.last_rev;
  };
  const people = (): string[] =>
    [...members.values()]
      .filter(({ left_at }) => left_at === undefined)
      .map(({ user_id }) => user_id)
      .sort();
  const streamed = (): Room => ({ ...room, user_ids: people() });
  const isIn = (user_id: string): boolean => people().includes(user_id);
  const changed = (change: Partial<Room>): Row => {
    const next = rev();
    room = { ...room, ...change, rev: next };
    return { type: "room", room: streamed() };
  };
  const told = (row: Message): Row => ({ type: "message", message: row, user: person(row.sender_id) });
  const enter = (user_id: string, role: Role): Row[] => {
    const member: Member = { room_id: "room", user_id, role, joined_at: time, rev: rev() };
    members.set(user_id, member);
    return [{ type: "member", member, user: person(user_id) }, changed({ member_count: people().length })];
  };

  const seen = (): Mine => ({
    ...mine,
    role: members.get("me")?.role ?? "member",
    unread: Math.max(0, room.last_seq - readUpTo(mine)),
    unread_mentions: new Set(mentions.filter(({ seq, user_id }) => seq > readUpTo(mine) && ["me", "*"].includes(user_id)).map(({ seq }) => seq)).size,
  });
  const toMe = (): Room => {
    const last_at = messages.at(-1)?.created_at;
    return { ...streamed(), ...(last_at !== undefined && { last_at }), me: seen() };
  };

  const post = (user_id: string, content: string): ServerFrame[] => {
    if (!isIn(user_id)) return [];
    const seq = room.last_seq + 1;
    const ids = content.includes("@me") && isIn("me") ? ["me"] : [];
    const row = message(seq, content, { sender_id: user_id, rev: rev(), mentions: ids });
    room = { ...room, last_seq: seq };
    messages.push(row);
    const addressed = [...ids.filter((id) => id !== user_id), ...(content.includes("@room") ? ["*"] : [])];
    mentions.push(...addressed.map((id) => ({ seq, user_id: id })));
    if (user_id === "me" && mine.acked_seq === seq - 1) mine = { ...mine, acked_seq: seq };
    return [told(row)];
  };
  const rewrite = (at: number, change: (row: Message) => Message): ServerFrame[] => {
    const row = messages[at % Math.max(1, messages.length)];
    if (!row || row.removed_at !== undefined) return [];
    const next = { ...change(row), rev: rev() };
    messages[row.seq - 1] = next;
    if (next.removed_at !== undefined) mentions = mentions.filter(({ seq }) => seq !== next.seq);
    return [told(next)];
  };
  /** Who joins while connected is told the room, then what came after their own row. */
  const join = (user_id: string): ServerFrame[] => {
    if (isIn(user_id)) return [];
    const rows = enter(user_id, "member");
    return user_id === "me" ? [{ type: "room", room: toMe() }, ...rows.slice(1), synced("resumed")] : rows;
  };
  const leave = (user_id: string): ServerFrame[] => {
    const member = members.get(user_id);
    if (!member || !isIn(user_id)) return [];
    const left: Member = { ...member, role: "member", left_at: time, rev: rev() };
    members.set(user_id, left);
    const rows: Row[] = [{ type: "member", member: left, user: person(user_id) }, changed({ member_count: people().length })];
    return user_id === "me" ? rows.slice(0, 1) : rows;
  };
  const role = (user_id: string): ServerFrame[] => {
    const member = members.get(user_id);
    if (!member || !isIn(user_id)) return [];
    const next: Member = { ...member, role: member.role === "admin" ? "member" : "admin", rev: rev() };
    members.set(user_id, next);
    return [{ type: "member", member: next, user: person(user_id) }, changed({})];
  };
  const synced = (verdict: "resumed" | "reset"): ServerFrame => ({
    type: "synced",
    room_id: "room",
    verdict,
    last_seq: room.last_seq,
    last_rev: room.last_rev,
  });

  const archive = (): ServerFrame[] => {
    const { archived_at, ...open } = room;
    room = open;
    return [changed(archived_at === undefined ? { archived_at: time } : {})];
  };
  const ack = (at: number): ServerFrame[] => {
    const seq = Math.min(at, room.last_seq);
    if (seq <= mine.acked_seq) return [];
    const { marked_seq, ...read } = { ...mine, acked_seq: seq };
    mine = read;
    const told: ServerFrame = { type: "ack", room_id: "room", user_id: "me", seq };
    return marked_seq === undefined ? [told] : [told, { type: "room", room: toMe() }];
  };
  const mark = (at: number): ServerFrame[] => {
    if (mine.acked_seq === 0) return [];
    mine = { ...mine, marked_seq: (at % mine.acked_seq) + 1 };
    return [{ type: "room", room: toMe() }];
  };
  const level = (): ServerFrame[] => {
    mine = { ...mine, level: mine.level === "all" ? "mentions" : "all" };
    return [{ type: "room", room: toMe() }];
  };

  const verbs: Record<Doing, (verb: Required<Omit<Verb, "do">>) => ServerFrame[]> = {
    post: ({ user, content }) => post(user, content),
    join: ({ user }) => join(user),
    leave: ({ user }) => leave(user),
    edit: ({ at }) => rewrite(at, (row) => ({ ...row, content: `${row.content}!`, edited_at: time })),
    remove: ({ at }) => rewrite(at, (row) => ({ ...row, content: "", mentions: [], removed_at: time })),
    ack: ({ at }) => ack(at),
    mark: ({ at }) => mark(at),
    react: ({ user, at }) => rewrite(at, (row) => ({ ...row, reactions: [{ emoji: "👍", count: 1, user_ids: [user] }] })),
    rename: ({ user }) => [changed({ name: `room of ${user}` })],
    archive,
    role: ({ user }) => role(user),
    level,
  };

  for (const id of ["ann", "bob", "me"]) enter(id, "member");

  return {
    isIn,
    /** Changes the room; gives what a socket of `me` hears of it, if `me` is in the room before or after. */
    run({ do: doing, user = "me", content = "", at = 0 }: Verb): ServerFrame[] {
      const before = isIn("me");
      const frames = verbs[doing]({ user, content, at });
      return before || isIn("me") ? frames : [];
    },
    hello: (): ServerFrame => ({
      ...{ type: "hello", protocol: 1, session_id: "1", user: person("me"), epoch: "epoch-1", server_time: time, heartbeat_ms: 30_000 },
      limits: { content_points: 4_000, content_bytes: 16_384, meta_bytes: 16_384, frame_bytes: 65_536, file_bytes: 104_857_600 },
      rooms: isIn("me") ? [toMe()] : [],
      last: true,
    }),
    toMe,
    /** What `sync` is answered with: each row after `from` as it is now, and the verdict. */
    resume(from: number, verdict: "resumed" | "reset"): ServerFrame[] {
      if (!isIn("me")) return [{ type: "caught_up" }];
      const rows: Row[] = [
        ...messages.map(told),
        ...[...members.values()].map((member): Row => ({ type: "member", member, user: person(member.user_id) })),
        { type: "room", room: streamed() },
      ];
      const revOf = (row: Row): number => (row.type === "message" ? row.message.rev : row.type === "member" ? row.member.rev : row.room.rev);
      const since = verdict === "reset" ? [] : rows.filter((row) => revOf(row) > from).sort((a, b) => revOf(a) - revOf(b));
      return [...since, synced(verdict), { type: "caught_up" }];
    },
    page: (): MessagePage => ({
      items: [...messages],
      position: room.last_rev,
      last_seq: room.last_seq,
      more_before: false,
      more_after: false,
      users: [],
    }),
  };
}
