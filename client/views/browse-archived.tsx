import type { Room } from "../../server/protocol.ts";
import { counted } from "../lib/plurals.ts";
import { roomEditStrings as words } from "../lib/room-edit-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Icon } from "./icon.tsx";
import { mayRunRoom } from "./names.ts";

/** Channels that were archived, folded away: whoever was in one reads it there, who runs it opens it again. */
export function Archived({ app, channels }: { app: App; channels: readonly Room[] }) {
  if (channels.length === 0) return null;
  return (
    <details class="browse__archived">
      <summary>{words.archived_channels(counted(channels.length))}</summary>
      <p class="quiet">{words.archived_hint}</p>
      <ul class="browse__list">
        {channels.map((channel) => (
          <Channel key={channel.id} app={app} channel={channel} />
        ))}
      </ul>
    </details>
  );
}

function Channel({ app, channel: { id, name, visibility, member_count } }: { app: App; channel: Room }) {
  const mine = app.rooms.rooms.value.get(id);
  const title = `#${name ?? ""}`;
  const restore = (): Promise<void> =>
    app.attempt(async () => {
      await app.rooms.patch(id, { archived: false });
      app.say(words.restored(title), "done");
    });
  return (
    <li class="browse__row">
      <span class="browse__sign">
        <Icon sign={visibility === "private" ? "lock" : "hash"} />
      </span>
      <div class="browse__words">
        <bdi class="browse__name">{name}</bdi>
        <p class="browse__about">{strings.members_count(member_count)}</p>
      </div>
      {mine && (
        <button class="button" type="button" aria-label={strings.deed_of(strings.open, title)} onClick={() => app.place.go(`/r/${id}`)}>
          {strings.open}
        </button>
      )}
      {mine && mayRunRoom(app, mine) && (
        <button class="button" type="button" aria-label={strings.deed_of(words.restore, title)} onClick={() => void restore()}>
          {words.restore}
        </button>
      )}
    </li>
  );
}
