/** The words of threads and of what is written that stand in the room: a part of strings.ts. */
import { counted, several } from "./plurals.ts";

export const threadStrings = {
  notify_question: (n: number) => `Notify ${counted(n)} people?`,
  notify: "Notify",
  everybody: "everybody here",
  go_to_day: "Go to another day",
  thread: "Thread",
  thread_write: "Reply in the thread",
  thread_hint: "Reply…",
  thread_open: "Open thread",
  thread_replies: (n: number, day: string, time: string) => several(n, `1 reply · ${day} ${time}`, `${counted(n)} replies · last ${day} ${time}`),
};
