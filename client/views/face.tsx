import "../styles/face.css";
import { relativeOf } from "../lib/dates.ts";
import { hueOf, initialsOf, shapeOf } from "../lib/faces.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

/** `part` is what it is to the component that it stands in, which gives it its place. */
type FaceProps = { id: string; name: string; size?: "small" | "usual" | "large"; part?: string };

/** Stands for somebody: initials on a ground and a shape that stay theirs. Says nothing to who cannot see it: their name stands beside it. */
export function Face({ id, name, size = "usual", part = "" }: FaceProps) {
  return (
    <span class={`face ${part}`} data-hue={hueOf(id)} data-shape={shapeOf(id)} data-size={size} aria-hidden="true">
      {initialsOf(name).slice(0, size === "small" ? 1 : 2)}
    </span>
  );
}

const HERE = { status: "active", last_seen_at: null } as const;

/** Three shapes and three words: full, half, hollow. `quiet` leaves the word to the screen reader. */
export function PresenceSign({ app, user_id, quiet = false }: { app: App; user_id: string; quiet?: boolean }) {
  const isMe = user_id === app.account.me.value?.id && app.reach.state.value === "open"; // whoever is connected is here
  const known = app.people.here.value.get(user_id) ?? (isMe ? HERE : undefined);
  const state = known?.status ?? "unknown";
  const seen = known?.last_seen_at ?? null;
  const words = {
    active: strings.active,
    away: strings.away,
    offline: seen === null ? strings.offline_now : strings.last_seen(relativeOf(seen, Date.now())),
    unknown: strings.presence_unknown,
  }[state];
  return (
    <span class="presence" data-state={state} data-quiet={quiet}>
      <span class="presence__shape" aria-hidden="true" />
      <span class={quiet ? "hidden" : "presence__words"}>{words}</span>
    </span>
  );
}
