import type { ComponentChildren } from "preact";
import type { Message } from "../../server/protocol.ts";
import { fullTimeOf, relativeOf } from "../lib/dates.ts";
import { plainText } from "../lib/markdown.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { nameOf } from "./names.ts";

/** A message in a list beside its room, in a few lines; it leads there. */
export function SavedRow({ app, message, place, children }: { app: App; message: Message; place?: string; children?: ComponentChildren }) {
  const { room_id, seq, sender_id, content, created_at, removed_at } = message;
  return (
    <li class="saved__row">
      <a
        class="saved__link"
        href={`/r/${room_id}/${seq}`}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return; // in a tab of its own
          event.preventDefault();
          if (app.place.path.peek() === `/r/${room_id}/${seq}`) void app.timeline.peek()?.visit(seq);
          else app.place.go(`/r/${room_id}/${seq}`);
        }}
      >
        <span class="saved__head">
          <bdi class="saved__name">{nameOf(app, sender_id)}</bdi>
          {place !== undefined && <span class="saved__place">{place}</span>}
          <time class="saved__time" dateTime={created_at} title={fullTimeOf(created_at)}>
            {relativeOf(created_at, Date.now())}
          </time>
        </span>
        <span class="saved__text" dir="auto" data-removed={removed_at !== undefined}>
          {removed_at === undefined ? plainText(content) : strings.removed}
        </span>
      </a>
      {children}
    </li>
  );
}
