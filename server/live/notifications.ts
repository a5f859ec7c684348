/**
 * How notifications come to the sockets of this instance: those that are pushed now, and what was kept for who comes. Each is sent at least once to
 * somebody who hears it; which ones have been is kept in the deliveries (chat/notification-pushes.ts), never here.
 */
import { isAnyPending } from "../../db/notification-islands.ts";
import type { Chat, Notice } from "../chat/chat.ts";
import { claim } from "../chat/notification-pushes.ts";
import { findNotification, ownNotifications } from "../chat/notifications.ts";
import { at } from "../chat/views.ts";
import type { ServerFrames } from "../protocol/server-frames.ts";
import type { Roster } from "./roster.ts";
import { hearsOwn, roomToSend, send, type Session } from "./session.ts";

export type Notifications = {
  /** Reads it and sends it to those of its recipients who are here, behind those that were pushed before. */
  pushed(notice: PushNotice): void;
  /** Sends what is pending, oldest first, as the socket drains. */
  owed(session: Session): Promise<void>;
};

export type PushNotice = Extract<Notice, { notification_id: string }>;

const READ_AT_ONCE = 50; // of 16 KiB each

export function createNotifications(chat: Chat, roster: Roster, buffer_bytes: number): Notifications {
  let last = Promise.resolve();

  const hearing = ({ tenant_id, to }: PushNotice): Session[] =>
    to.user_ids.flatMap((user_id) => roster.sessionsOf({ tenant_id, user_id })).filter(hearsOwn);

  const push = async (notice: PushNotice): Promise<void> => {
    const found = await findNotification(chat, notice.tenant_id, notice.notification_id);
    if (found) for (const session of hearing(notice)) send(session, frameOf(found));
  };

  return {
    pushed(notice) {
      if (hearing(notice).length === 0) return;
      last = last
        .then(() => push(notice))
        .catch((fault: unknown) => chat.log.error("notification.push", fault, { notification_id: notice.notification_id })); // it is due again
    },
    async owed(session) {
      if (!(await isAnyPending(chat.store.read, session.who))) return; // then nothing is built to be asked
      for (let after: string | undefined = ""; after !== undefined && hearsOwn(session);) {
        const some = await ownNotifications(chat, session.who, { state: "pending", after, limit: READ_AT_ONCE });
        await claim(
          chat,
          some.map(({ delivery }) => delivery),
        );
        for (const { notification } of some) {
          send(session, frameOf(notification));
          await roomToSend(session, buffer_bytes);
        }
        after = some.length < READ_AT_ONCE ? undefined : some.at(-1)?.delivery.id;
      }
    },
  };
}

type Found = NonNullable<Awaited<ReturnType<typeof findNotification>>>;

const frameOf = ({ id, topic, payload, created_at }: Found): ServerFrames["notification"] => ({
  type: "notification",
  notification_id: id,
  topic,
  payload,
  created_at: at(created_at),
});
