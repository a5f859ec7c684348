/** Messages: post, edit, remove, read. All posts go through append; an edit and a removal are the same row with a new rev. */
import { and, eq, inArray } from "drizzle-orm";
import { advanceRooms, storedPost } from "../../db/islands.ts";
import { messagesAfter, messagesBefore } from "../../db/pages.ts";
import { firstSentSince } from "../../db/search-islands.ts";
import type { Tx } from "../../db/store.ts";
import type { Draft, Message, MessagePage, User } from "../protocol.ts";
import { append } from "./append.ts";
import { release } from "./attached.ts";
import { auditRoom } from "./audit.ts";
import type { Chat } from "./chat.ts";
import { checkContent, checkMeta } from "./content.ts";
import { draftIn } from "./copies.ts";
import { forgetReleased } from "./file-sweep.ts";
import { lowered } from "./limits.ts";
import { type Found, type Head, headOf, memberOf, type Place } from "./members.ts";
import { lockedRoom } from "./room-changes.ts";
import { refuseUnless } from "./room-rights.ts";
import { mentioned } from "./mentions.ts";
import { tell } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import { Refusal, refuse } from "./refusal.ts";
import { renewed } from "./renewed.ts";
import { withReplies } from "./replies.ts";
import { usersNamed } from "./senders.ts";
import { standingsOf } from "./standing.ts";
import { type MessageRow, messageView, type TellingRow, userView } from "./views.ts";

export type MessagePlace = Place & { message_id: string };
/** Who has left a room is told of an earlier post of theirs only where it stands. */
export type Posted = { message: Message | Pick<Message, "id" | "seq">; duplicate: boolean };

/**
 * Stores a post once per (`room_id`, sender, `client_id`), whatever a retry holds, and answers after COMMIT with the row as it is now.
 * `onPlaced` is called when the draft has its place in the batch, or never will have: a socket then begins its next frame.
 * Refuses `not_found`, `archived`, `forbidden` (a channel where only admins post), `invalid` (empty, `reply_to`), `too_large` — but never for what is stored already: before a refusal the
 * `client_id` is looked up, so that a retry does not hear "refused" of what everybody else reads. `unauthorized`: the right has ended while a
 * handler of `message.posting` held the draft.
 */
export async function postMessage(chat: Chat, who: Principal, input: Place & Draft, onPlaced?: () => void): Promise<Posted> {
  const { room_id } = input;
  const given = draftIn(input);
  try {
    const standings = standingsOf(chat);
    const standing = standings.kept(who, room_id) ?? (await standings.read(who, room_id));
    const event = { who, room_id, draft: given };
    const held = chat.hooks.before("message.posting", event);
    if (held) {
      await held;
      await askAgain(chat, who);
    }
    const { draft } = event;
    if (standing.archived) refuse("archived");
    if (!standing.may_post) refuse("forbidden");
    const limits = lowered(chat.config.limits, standing.limits);
    checkContent(draft.content, limits, draft.files !== undefined);
    checkMeta(draft.meta, limits);
    const mentions = draft.content.includes("@") ? await mentioned(chat, { ...who, room_id }, draft.content) : nobody;
    const appended = append(chat, { who, room_id: standing.room_id, standing, draft, mentions });
    onPlaced?.();
    const result = await appended;
    if ("refused" in result) refuse(result.refused, result.detail);
    const { message, fresh } = result;
    if (fresh) chat.hooks.after("message.posted", { who, message });
    return { message, duplicate: !fresh };
  } catch (fault) {
    onPlaced?.();
    if (!(fault instanceof Refusal) || fault.reason === "unavailable" || fault.reason === "unauthorized") throw fault;
    return storedBefore(chat, who, room_id, given.client_id, fault);
  }
}

/** A handler takes as long as it likes: who was revoked or disabled meanwhile posts no more. */
async function askAgain(chat: Chat, who: Principal): Promise<void> {
  if (!(await renewed(chat, who))) refuse("unauthorized");
}

const nobody = { user_ids: [], everybody: false };

async function storedBefore(chat: Chat, who: Principal, room_id: string, client_id: string, refusal: Refusal): Promise<Posted> {
  if (who.room_id !== undefined && who.room_id !== room_id) throw refusal;
  const row = await storedPost(chat.store.read, { tenant_id: who.tenant_id, room_id, sender_id: who.user_id, client_id });
  if (!row) throw refusal;
  const message = refusal.reason === "not_found" ? { id: row.id, seq: row.seq } : messageView(row);
  return { message, duplicate: true };
}

/** One's own message, while the room is not archived. The same content again takes no rev. Refuses `forbidden` (another's), `gone` (removed). */
export async function editMessage(chat: Chat, who: Principal, input: MessagePlace & { content: string }): Promise<Message> {
  return changeMessage(chat, who, input, ({ room, limits }, message) => {
    if (message.sender_id !== who.user_id) refuse("forbidden");
    if (message.removed_at !== null) refuse("gone");
    if (room.archived_at !== null) refuse("archived");
    checkContent(input.content, lowered(chat.config.limits, limits), message.files !== null);
    return message.content === input.content ? null : { content: input.content, edited_at: chat.now() };
  });
}

/** One's own, or any for those who run the room; archived rooms too. Leaves a tombstone that keeps its seq; its files go with their bytes. A second removal takes no rev. */
export async function removeMessage(chat: Chat, who: Principal, input: MessagePlace): Promise<Message> {
  let held = false;
  const removed = await changeMessage(chat, who, input, async ({ member }, message, tx) => {
    const isOwn = message.sender_id === who.user_id;
    if (!isOwn) refuseUnless("remove a message of another's", who, member);
    held = message.files !== null;
    if (message.removed_at !== null) return null;
    const { room_id, message_id } = input;
    if (!isOwn) await auditRoom(chat, tx, who, { action: "message.removed", target_id: message.sender_id, detail: { room_id, message_id } });
    return { ...BARE, removed_at: chat.now() };
  });
  if (held) await forgetReleased(chat, who.tenant_id, [removed.id]);
  return removed;
}

/** What is left of a removed message's own. */
const BARE = { content: "", meta: null, mentions: null, files: null, reactions: null, pinned_at: null, pinned_by: null };

export async function getMessage(chat: Chat, who: Principal, input: MessagePlace): Promise<{ message: Message; user: User }> {
  await memberOf(chat, who, input.room_id);
  const { messages } = chat.store.t;
  const [row] = await chat.store.read
    .select()
    .from(messages)
    .where(and(eq(messages.id, input.message_id), eq(messages.room_id, input.room_id)));
  if (!row) refuse("not_found");
  const [message = refuse("not_found")] = await withReplies(chat, row, [row]);
  await memberOf(chat, who, input.room_id); // asked again after the row was read: who is out by then reads nothing
  const [user] = await usersNamed(chat, who.tenant_id, [row.sender_id]);
  return { message, user: user ?? refuse("not_found") };
}

export type PageInput = Place & { before_seq?: number; after_seq?: number; around_seq?: number; around_time?: string; limit?: number };

/**
 * A page in order of seq: the newest by default; before, after or around a seq, or around a time. At most one of the four may be given
 * (`invalid`). `position` is read before the rows, so a client that holds no cursor may begin one there.
 */
export async function pageMessages(chat: Chat, who: Principal, input: PageInput): Promise<MessagePage> {
  return readPage(chat, who, input, await headOf(chat, who, input.room_id));
}

/** The same from a head that was just read: no row is older than it. */
export async function readPage(chat: Chat, who: Principal, input: PageInput, room: Head): Promise<MessagePage> {
  const rows = await pageRows(chat, room, input);
  const items = await withReplies(chat, { room_id: room.id }, rows);
  await headOf(chat, who, input.room_id); // as above
  const first = rows[0]?.seq ?? 0;
  const last = rows.at(-1)?.seq ?? 0;
  return {
    items,
    position: room.last_rev,
    last_seq: room.last_seq,
    more_before: rows.length > 0 ? first > room.first_seq : emptyBefore(room, input),
    more_after: rows.length > 0 ? last < room.last_seq : emptyAfter(room, input),
    users: await peopleOn(chat, who, items),
  };
}

/** Whether the room has not moved: whatever happens to a message of it takes a rev, and what is deleted from its front raises `first_seq`. */
export const standsAt = (a: Head, b: Head): boolean => a.last_rev === b.last_rev && a.last_seq === b.last_seq && a.first_seq === b.first_seq;

/** Those whom a page of one room names: each sender, quoted sender, mention and first answerer once. */
export async function peopleOn(chat: Chat, who: Principal, items: readonly Message[]): Promise<User[]> {
  const quoted = await quotedSenders(chat, items);
  const ids = items.flatMap(({ sender_id, mentions, replies }) => [sender_id, ...mentions, ...(replies?.user_ids ?? [])]);
  return usersNamed(chat, who.tenant_id, [...ids, ...quoted]);
}

const emptyBefore = (room: Head, input: PageInput): boolean => input.after_seq !== undefined && room.last_seq >= room.first_seq;
const emptyAfter = (room: Head, input: PageInput): boolean => input.before_seq !== undefined && room.last_seq >= room.first_seq;

async function pageRows(chat: Chat, room: Head, input: PageInput): Promise<TellingRow[]> {
  const asked = [input.before_seq, input.after_seq, input.around_seq, input.around_time].filter((value) => value !== undefined);
  if (asked.length > 1) refuse("invalid", { fields: ["before_seq", "after_seq", "around_seq", "around_time"] });
  const limit = input.limit ?? 50;
  const { read } = chat.store;
  if (input.after_seq !== undefined) return messagesAfter(read, { room_id: room.id, seq: input.after_seq, limit });
  const around = input.around_time === undefined ? input.around_seq : await seqAt(chat, room, input.around_time);
  if (around === undefined) return messagesBefore(read, { room_id: room.id, seq: input.before_seq ?? room.last_seq + 1, limit });
  const before = await messagesBefore(read, { room_id: room.id, seq: around, limit: Math.floor(limit / 2) });
  return [...before, ...(await messagesAfter(read, { room_id: room.id, seq: around - 1, limit: limit - before.length }))];
}

/** The seq of the first message at or after this time. Refuses `invalid`. */
export async function seqAt(chat: Chat, room: Head, time: string): Promise<number> {
  const ms = Date.parse(time);
  if (!Number.isSafeInteger(ms)) refuse("invalid", { fields: ["around_time"] });
  return firstSentSince(chat.store.read, room, ms);
}

async function quotedSenders(chat: Chat, items: readonly Message[]): Promise<string[]> {
  const quoted = [...new Set(items.flatMap(({ reply_to }) => reply_to ?? []))];
  const room_id = items[0]?.room_id;
  if (quoted.length === 0 || room_id === undefined) return [];
  const { messages } = chat.store.t;
  const found = await chat.store.read
    .select({ room_id: messages.room_id, sender_id: messages.sender_id })
    .from(messages)
    .where(inArray(messages.id, quoted)); // without the room: by that SQLite would read all of it rather than look for fifty ids
  return found.flatMap((row) => (row.room_id === room_id ? row.sender_id : []));
}

type Told = "content" | "meta" | "mentions" | "files" | "edited_at" | "removed_at" | "reactions" | "pinned_at" | "pinned_by";
export type Change = Partial<Pick<MessageRow, Told>>;

/**
 * What `decide` makes of a message, under its room's lock: the row takes the room's next rev and is told as it is now, by the bell, by `message.changed`
 * and to webhooks. Null changes nothing and takes no rev. Refuses `not_found`.
 */
export async function changeMessage(
  chat: Chat,
  who: Principal,
  place: MessagePlace,
  decide: (found: Found, message: MessageRow, tx: Tx) => Change | null | Promise<Change | null>,
): Promise<Message> {
  const { found, row, changed } = await chat.store.write(async (tx) => {
    const room = await lockedRoom(tx, who.tenant_id, place.room_id);
    const found = await memberOf(chat, who, place.room_id, tx);
    const before = await messageIn(chat, tx, place);
    const change = await decide(found, before, tx);
    if (!change) return { found, row: before, changed: false };
    const row = { ...before, ...change, rev: room.last_rev + 1 };
    await rewrite(chat, tx, row, [...(before.mentions ?? []), "*"]);
    if (before.files && row.removed_at !== null) await release(chat, tx, who.tenant_id, [row.id]);
    await advanceRooms(tx, [{ ...room, last_rev: row.rev }], chat.now());
    await tell(chat, tx, [{ tenant_id: room.tenant_id, event: "message.changed", room, subject_id: row.id, detail: { rev: row.rev } }]);
    return { found, row, changed: true };
  });
  const message = messageView(row);
  if (!changed) return message;
  const [sender] = row.sender_id === who.user_id ? [userView(chat, found.user)] : await usersNamed(chat, who.tenant_id, [row.sender_id]);
  if (sender) chat.backplane.ring({ tenant_id: who.tenant_id, room_id: place.room_id, rows: [{ type: "message", message, user: sender }] });
  chat.hooks.after("message.changed", { who, message });
  return message;
}

async function messageIn(chat: Chat, tx: Tx, place: MessagePlace): Promise<MessageRow> {
  const { messages } = chat.store.t;
  const [row] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.id, place.message_id), eq(messages.room_id, place.room_id)));
  return row ?? refuse("not_found");
}

/** `addressed` are all who may have a mention of it: without them every mention in the room would be looked at. */
async function rewrite(chat: Chat, tx: Tx, row: MessageRow, addressed: readonly string[]): Promise<void> {
  const { messages, mentions, reactions } = chat.store.t;
  const { content, meta, files, edited_at, removed_at, rev, pinned_at, pinned_by } = row;
  await tx
    .update(messages)
    .set({ content, meta, files, edited_at, removed_at, rev, pinned_at, pinned_by, mentions: row.mentions, reactions: row.reactions })
    .where(and(eq(messages.id, row.id), eq(messages.room_id, row.room_id)));
  if (removed_at === null) return;
  await tx.delete(reactions).where(and(eq(reactions.tenant_id, row.tenant_id), eq(reactions.message_id, row.id)));
  await tx
    .delete(mentions)
    .where(
      and(
        eq(mentions.tenant_id, row.tenant_id),
        eq(mentions.room_id, row.room_id),
        inArray(mentions.user_id, [...addressed]),
        eq(mentions.seq, row.seq),
      ),
    );
}
