/** Notifications that this person has not acknowledged: the server sends each again until they do, and tells every tab of theirs when they have. */
import { action, createModel, signal } from "@preact/signals";
import type { ServerFrame } from "../../server/protocol.ts";

export type Notifications = InstanceType<typeof NotificationsModel>;
export type Heard = Omit<Extract<ServerFrame, { type: "notification" }>, "type">;

export const NotificationsModel = createModel(() => {
  const waiting = signal<readonly Heard[]>([]);
  const is_open = signal(false);
  const settled = action((id: string): void => {
    waiting.value = waiting.value.filter(({ notification_id }) => notification_id !== id);
  });

  return {
    /** Oldest first. */
    waiting,
    /** Whether their panel is open. */
    is_open,
    opened(is: boolean): void {
      is_open.value = is;
    },
    hear(frame: ServerFrame): void {
      if (frame.type === "notification_ack") settled(frame.notification_id);
      if (frame.type === "notification" && waiting.value.every(({ notification_id }) => notification_id !== frame.notification_id))
        waiting.value = [...waiting.value, frame];
    },
    settled,
    forget(): void {
      waiting.value = [];
    },
  };
});
