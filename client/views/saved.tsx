import "../styles/saved.css";
import { useEffect } from "preact/hooks";
import { savedStrings as words } from "../lib/saved-strings.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { type SavedItem, savedOf } from "../models/saved.ts";
import { Icon } from "./icon.tsx";
import { nameOf, roomTitle } from "./names.ts";
import { PageHead } from "./page-head.tsx";
import { SavedRow } from "./saved-row.tsx";
import { Intro, Listing } from "./workspace-parts.tsx";

export function SavedPage({ app }: { app: App }) {
  return (
    <section class="browse" aria-label={strings.saved_messages}>
      <PageHead app={app} title={strings.saved_messages} />
      <div class="browse__scroll">
        <SavedList app={app} />
      </div>
    </section>
  );
}

/** What this person has put by, the last first. */
function SavedList({ app }: { app: App }) {
  const { pages, toggle } = savedOf(app);
  useEffect(() => void pages.find({}), []);
  const placeOf = ({ message }: SavedItem): string => {
    const room = app.rooms.rooms.value.get(message.room_id);
    return room ? words.said_in(roomTitle(app, room)) : "";
  };
  return (
    <>
      <Intro words={words.intro} />
      <Listing pages={pages} label={words.list} none={words.none}>
        {(item) => (
          <SavedRow key={item.id} app={app} message={item.message} place={placeOf(item)}>
            <button
              class="tool"
              type="button"
              aria-label={words.unsave(nameOf(app, item.message.sender_id))}
              title={words.unsave_short}
              onClick={() => void app.attempt(() => toggle(item.message))}
            >
              <Icon sign="close" />
            </button>
          </SavedRow>
        )}
      </Listing>
    </>
  );
}
