import "../styles/face.css";
import { relativeOf } from "../lib/dates.ts";
import { hueOf, initialsOf, shapeOf } from "../lib/faces.ts";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";

/** `part` is what it is to the component that it stands in, which gives it its place. */
type FaceProps = { app: App; id: string; name: string; avatar_id?: string | undefined; size?: "small" | "usual" | "large"; part?: string };

/**
 * Stands for somebody: their picture once it has come, until then and without one initials on a ground and a shape that stay theirs. `avatar_id` where
 * they need not have been met. Says nothing to who cannot see it: their name stands beside it.
 */
export function Face({ app, id, name, avatar_id = app.people.of(id).value?.avatar_id, size = "usual", part = "" }: FaceProps) {
  const url = avatar_id && app.faces.of(avatar_id).value;
  return (
    <span class={`face ${part}`} data-hue={hueOf(id)} data-shape={shapeOf(id)} data-size={size} aria-hidden="true">
      {initialsOf(name).slice(0, size === "small" ? 1 : 2)}
      {url && <img class="face__picture" src={url} alt="" />}
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
