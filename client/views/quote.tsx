import "../styles/quote.css";
import { useEffect } from "preact/hooks";
import { saidIn } from "../lib/said.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { nameOf } from "./names.ts";

/** The message that a reply answers, in one line; it leads there. */
export function Quote({ app, room_id, id }: { app: App; room_id: string; id: string }) {
  const quoted = app.quotes.quotes.value.get(id);
  useEffect(() => app.quotes.need({ room_id, id }), [id]);
  if (quoted === undefined) return <p class="quote">…</p>;
  if (quoted === null) return <p class="quote">{strings.unavailable_message}</p>;
  if (quoted.removed_at !== undefined) return <p class="quote">{strings.removed}</p>;
  const name = nameOf(app, quoted.sender_id);
  return (
    <button class="quote" type="button" tabIndex={-1} title={strings.go_to_message} onClick={() => void app.timeline.value?.visit(quoted.seq)}>
      <bdi class="quote__name">{name}</bdi>
      <span class="quote__text" dir="auto">
        {saidIn(quoted)}
      </span>
    </button>
  );
}
