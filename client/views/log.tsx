import { plainText } from "../lib/markdown.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

const SPOKEN_MAX = 300;

/** What a screen reader is told of the open room as it happens. Nobody sees it; it is there from the start, or its first words go unheard. */
export function Log({ app }: { app: App }) {
  const said = app.spoken.said.value;
  return (
    <div class="hidden" role="log" aria-live="polite" aria-label={strings.messages}>
      {said.map((what) => (
        <p key={what.key}>
          {"count" in what ? strings.new_messages(what.count) : strings.says(what.who, plainText(what.content).slice(0, SPOKEN_MAX))}
        </p>
      ))}
    </div>
  );
}
