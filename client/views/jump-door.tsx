import { useEffect } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";

const later = createLater(() => import("./jump.tsx"));

/** The dialog in which a day is chosen, fetched when somebody first asks for one. */
export function JumpDoor({ app }: { app: App }) {
  const at = app.acts.jumping.value;
  const part = later.part.value?.it;
  const failed = later.failed.value;
  useEffect(() => {
    if (at === null) return;
    later.load();
    if (!failed) return;
    app.acts.jump(null);
    app.say(strings.part_failed);
  }, [at, failed]);
  return at !== null && part ? <part.JumpDialog app={app} at={at} /> : null;
}
