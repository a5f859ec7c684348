import { useEffect } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { Icon } from "./icon.tsx";

/** The head of a page that is no room. `back`: where its arrow leads on a phone. */
export function PageHead({ app, title, back = "/rooms" }: { app: App; title: string; back?: string }) {
  useEffect(() => document.getElementById("room-name")?.focus(), []);
  return (
    <header class="room-head">
      <button class="back" type="button" aria-label={strings.rooms} onClick={() => app.place.go(back)}>
        <Icon sign="back" />
      </button>
      <h2 class="room-head__name" tabIndex={-1} id="room-name">
        {title}
      </h2>
    </header>
  );
}
