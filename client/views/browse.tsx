import "../styles/browse.css";
import { useEffect } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

export function Browse({ app }: { app: App }) {
  const channels = app.directory.channels.value;
  const mine = app.rooms.rooms.value;
  useEffect(() => void app.attempt(app.directory.findChannels), []);
  const open = (room_id: string): Promise<void> =>
    app.attempt(async () => {
      if (!mine.has(room_id)) await app.rooms.join(room_id);
      app.place.go(`/r/${room_id}`);
    });
  return (
    <section class="browse">
      <header class="browse__head">
        <button class="back" type="button" aria-label={strings.rooms} onClick={() => app.place.go("/rooms")}>
          ‹
        </button>
        <h2 class="browse__title">{strings.browse}</h2>
      </header>
      {channels === null && <p class="quiet">{strings.loading}</p>}
      <ul class="browse__list">
        {channels?.map(({ id, name, description, member_count }) => (
          <li class="browse__row" key={id}>
            <div class="browse__words">
              <bdi class="browse__name">#{name}</bdi>
              <span class="quiet">
                {strings.members_count(member_count)}
                {description !== "" && ` · ${description}`}
              </span>
            </div>
            <button
              class="button"
              type="button"
              aria-label={`${mine.has(id) ? strings.open : strings.join} #${name ?? ""}`}
              onClick={() => void open(id)}
            >
              {mine.has(id) ? strings.open : strings.join}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
