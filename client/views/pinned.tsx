import "../styles/saved.css";
import { useEffect } from "preact/hooks";
import { savedStrings as words } from "../lib/saved-strings.ts";
import type { App } from "../models/app.ts";
import { pinsOf } from "../models/pins.ts";
import { SavedRow } from "./saved-row.tsx";
import { Skeleton } from "./skeleton.tsx";

/** What is pinned in the room, the newest pin first; each leads to its message. */
export function Pinned({ app, room_id }: { app: App; room_id: string }) {
  const pins = pinsOf(app);
  const { room_id: of, items } = pins.pins.value;
  useEffect(() => void app.attempt(() => pins.find(room_id)), [room_id]);
  const found = of === room_id ? items : null;
  return (
    <>
      <h3 class="details__subtitle">{words.pinned}</h3>
      {found === null && <Skeleton of="list" />}
      {found?.length === 0 && <p class="details__note">{words.pinned_none}</p>}
      <ul class="saved__list">
        {found?.map((message) => (
          <SavedRow key={message.id} app={app} message={message} />
        ))}
      </ul>
    </>
  );
}
