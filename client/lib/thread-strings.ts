/** The words of threads that stand in the room: a part of strings.ts. */
import { counted, several } from "./plurals.ts";

export const threadStrings = {
  thread: "Thread",
  thread_write: "Reply in the thread",
  thread_open: "Open thread",
  thread_replies: (n: number, day: string, time: string) => several(n, `1 reply · ${day} ${time}`, `${counted(n)} replies · last ${day} ${time}`),
};
