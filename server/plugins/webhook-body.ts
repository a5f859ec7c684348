/**
 * What an endpoint is told, made at each attempt of the rows as they are then: a message that was removed meanwhile goes out as a tombstone, and what
 * became private goes to nobody who hears of open rooms alone.
 */
import { and, asc, eq, gt, inArray, isNull, lt, ne } from "drizzle-orm";
import type { Target } from "../../db/delivery-islands.ts";
import { findTold } from "../../db/told-islands.ts";
import type { Lost } from "../chat/carried.ts";
import type { Chat } from "../chat/chat.ts";
import type { Delivery } from "../chat/outbox.ts";
import { given, prepared } from "../chat/prepared.ts";
import { usersNamed } from "../chat/senders.ts";
import { at, memberView, messageView, roomView, type RoomRow, userView } from "../chat/views.ts";

export type Told = { body: string } | { moot: true } | { lost: Lost };
type Data = { data: Record<string, unknown> } | { moot: true } | { lost: Lost };

const ABSENT = { lost: "absent" } as const;
const PRIVATE = { lost: "private_room" } as const;
const RECIPIENTS_MAX = 1_000;

/** `{type, timestamp, data}`, as Standard Webhooks has it; `timestamp` is when it happened. */
export async function toldTo(chat: Chat, delivery: Delivery, endpoint: Target): Promise<Told> {
  const found = await dataOf(chat, delivery, endpoint);
  if (!("data" in found)) return found;
  return { body: JSON.stringify({ type: delivery.event, timestamp: at(delivery.created_at), data: found.data }) };
}

async function dataOf(chat: Chat, delivery: Delivery, endpoint: Target): Promise<Data> {
  if (delivery.event === "webhook.test") return { data: { webhook_id: endpoint.id } };
  if (delivery.event === "notification.dead") return notificationData(chat, delivery);
  if (delivery.event.startsWith("message.")) return messageData(chat, delivery, endpoint);
  const room = await roomOf(chat, delivery);
  if (!room) return ABSENT;
  if (!mayHear(endpoint, room)) return PRIVATE;
  if (delivery.event === "room.created") return { data: { room: roomView(room) } };
  return memberData(chat, delivery, room);
}

const mayHear = ({ include_private }: Target, { type, visibility }: Pick<RoomRow, "type" | "visibility">): boolean =>
  include_private || (type === "channel" && visibility === "public");

async function roomOf(chat: Chat, { tenant_id, room_id }: Delivery): Promise<RoomRow | undefined> {
  return (await rooms(chat, { tenant_id, room_id: room_id ?? "" }))[0];
}

const rooms = prepared(({ read, t: { rooms: table } }) =>
  read
    .select()
    .from(table)
    .where(and(eq(table.tenant_id, given("tenant_id")), eq(table.id, given("room_id"))))
    .prepare("told_room"),
);

async function messageData(chat: Chat, delivery: Delivery, endpoint: Target): Promise<Data> {
  const { tenant_id, room_id, subject_id: message_id } = delivery;
  const found = await findTold(chat.store.read, { tenant_id, room_id: room_id ?? "", message_id });
  if (!found) return ABSENT;
  if (!mayHear(endpoint, found.room)) return PRIVATE;
  const { message: row, user } = found;
  if (!row) return ABSENT;
  const data = { message: messageView(row), user: user && userView(chat, user) };
  if (delivery.event !== "message.offline") return { data };
  if (row.removed_at !== null) return { moot: true };
  const recipients = await recipientsOf(chat, delivery, row);
  return recipients.length > 0 ? { data: { ...data, recipients } } : { moot: true };
}

async function memberData(chat: Chat, { subject_id }: Delivery, room: RoomRow): Promise<Data> {
  const { members } = chat.store.t;
  const [row] = await chat.store.read
    .select()
    .from(members)
    .where(and(eq(members.tenant_id, room.tenant_id), eq(members.room_id, room.id), eq(members.user_id, subject_id)));
  const [user] = await usersNamed(chat, room.tenant_id, [subject_id]);
  return row ? { data: { member: memberView(row), user: user ?? null } } : ABSENT;
}

async function notificationData(chat: Chat, { tenant_id, subject_id, detail }: Delivery): Promise<Data> {
  const { notifications } = chat.store.t;
  const [row] = await chat.store.read
    .select()
    .from(notifications)
    .where(and(eq(notifications.tenant_id, tenant_id), eq(notifications.id, subject_id)));
  if (!row) return ABSENT;
  return {
    data: { notification_id: row.id, topic: row.topic, payload: row.payload, created_at: at(row.created_at), user_id: detail?.user_id ?? null },
  };
}

type Said = { sender_id: string; seq: number };

/**
 * Who of the room is not here and has not read it: found once, at the first attempt, so that a repeated one tells of the same people. A thousand at
 * most. Who is disabled is nobody to be told.
 */
async function recipientsOf(chat: Chat, delivery: Delivery, said: Said): Promise<string[]> {
  const kept: unknown = delivery.detail?.recipients;
  if (Array.isArray(kept)) return kept.map(String);
  const found: string[] = [];
  for (let after: string | null = ""; after !== null && found.length < RECIPIENTS_MAX;) {
    const page: string[] = await membersAfter(chat, delivery, said, after);
    found.push(...page.filter((user_id) => chat.sessions.statusOf({ tenant_id: delivery.tenant_id, user_id }) === "offline"));
    after = page.length < PAGE ? null : (page.at(-1) ?? null);
  }
  const recipients = found.slice(0, RECIPIENTS_MAX);
  const { deliveries } = chat.store.t;
  await chat.store.write((tx) =>
    tx
      .update(deliveries)
      .set({ detail: { ...delivery.detail, recipients } })
      .where(and(eq(deliveries.tenant_id, delivery.tenant_id), eq(deliveries.id, delivery.id))),
  );
  return recipients;
}

const PAGE = 1_000;

async function membersAfter(chat: Chat, { tenant_id, room_id }: Delivery, { sender_id, seq }: Said, after: string): Promise<string[]> {
  const { members, users } = chat.store.t;
  const rows = await chat.store.read
    .select({ user_id: members.user_id })
    .from(members)
    .where(
      and(
        eq(members.tenant_id, tenant_id),
        eq(members.room_id, room_id ?? ""),
        gt(members.user_id, after),
        ne(members.user_id, sender_id),
        isNull(members.left_at),
        lt(members.acked_seq, seq), // as it stands: what a speaker has beyond that (db/spoken.ts) is their own, and this is another's
        inArray(
          members.user_id,
          chat.store.read
            .select({ id: users.id })
            .from(users)
            .where(and(eq(users.tenant_id, members.tenant_id), eq(users.id, members.user_id), isNull(users.disabled_at))),
        ),
      ),
    )
    .orderBy(asc(members.user_id))
    .limit(PAGE);
  return rows.map(({ user_id }) => user_id);
}
