/** The rows of the rights matrix of frames that are about notifications. */
import type { FrameEntry } from "./matrix.entries.cast.ts";

export const notificationFrames: readonly FrameEntry[] = [
  {
    frame: "notification_ack",
    answers: "401 not_found not_found ok+notification_ack not_found not_found 4201 401", // it is bob's alone
    foreign: "notification_id",
    fields: async (stage) => ({ notification_id: await stage.notification() }),
  },
];
