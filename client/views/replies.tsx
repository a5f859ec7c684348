import "../styles/replies.css";
import type { Message, Replies } from "../../server/protocol.ts";
import { dayIn, fullTimeOf, timeOf } from "../lib/dates.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Face } from "./face.tsx";
import { nameOf } from "./names.ts";
import { showThread } from "./row-acts.ts";

/** What was answered to a message, under it; it opens the thread. */
export function RepliesLine({ app, message, replies }: { app: App; message: Message; replies: Replies }) {
  const { count, last_at, user_ids } = replies;
  return (
    <button class="replies" type="button" tabIndex={-1} onClick={() => showThread(app, message)}>
      {user_ids.map((id) => (
        <Face app={app} id={id} name={nameOf(app, id)} size="small" key={id} />
      ))}
      <time class="replies__words" dateTime={last_at} title={fullTimeOf(last_at)}>
        {strings.thread_replies(count, dayIn(last_at, app.today.value), timeOf(last_at))}
      </time>
    </button>
  );
}
