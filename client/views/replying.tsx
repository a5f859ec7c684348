import "../styles/replying.css";
import { saidIn } from "../lib/said.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Icon } from "./icon.tsx";
import { nameOf } from "./names.ts";

/** The message that is being answered, over the writing. */
export function Replying({ app, room_id, onDrop }: { app: App; room_id: string; onDrop(): void }) {
  const message = app.acts.replying.value.get(room_id);
  if (!message) return null;
  const name = nameOf(app, message.sender_id);
  return (
    <div class="replying">
      <p class="replying__whom" id="replying">
        <Icon sign="reply" />
        <span>{strings.replying_to(name)}</span>
      </p>
      <p class="replying__text" dir="auto">
        {saidIn(message)}
      </p>
      <button class="replying__drop" type="button" aria-label={strings.drop_reply} title={strings.drop_reply} onClick={onDrop}>
        <Icon sign="close" />
      </button>
    </div>
  );
}
