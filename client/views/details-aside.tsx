import "../styles/details.css";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../lib/strings.ts";
import type { App } from "../models/app.ts";
import { createLater } from "../models/later.ts";
import type { MyRoom } from "../models/rooms.ts";
import { Late } from "./late.tsx";

const inside = createLater(() => import("./details.tsx"));

/** What stands beside the room about it: its place at once, its words when they are here. */
export function DetailsAside({ app, room }: { app: App; room: MyRoom }) {
  const aside = useRef<HTMLElement>(null);
  useEffect(() => covers(aside.current), []);
  return (
    <aside class="details" id="details" aria-label={strings.details} tabIndex={-1} ref={aside}>
      <Late of={inside}>{({ Details }) => <Details app={app} room={room} />}</Late>
    </aside>
  );
}

/** Where they lie over the room they take the focus, and give it back. */
function covers(aside: HTMLElement | null): () => void {
  const before = document.activeElement;
  const isOver = matchMedia("(width < 68.75em)").matches;
  if (isOver) aside?.focus();
  return () => {
    if (isOver && before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
