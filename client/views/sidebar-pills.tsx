import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../lib/strings.ts";

/** Says how many unread rooms are out of sight above and below, and leads to the nearest. Looked at after each drawing, scroll and resize. */
export function Pills({ list }: { list: RefObject<HTMLElement | null> }) {
  const up = useRef<HTMLButtonElement>(null);
  const down = useRef<HTMLButtonElement>(null);
  const look = (): void => {
    const { above, below } = hiddenIn(list.current);
    say(up.current, above.length, strings.unread_above);
    say(down.current, below.length, strings.unread_below);
  };
  useEffect(look);
  useEffect(() => {
    const found = list.current;
    if (!found) return undefined;
    const changes = new MutationObserver(look);
    changes.observe(found, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-unread"] });
    found.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      changes.disconnect();
      found.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, []);
  const lead = (which: "above" | "below") => (): void => {
    const hidden = hiddenIn(list.current)[which];
    hidden.at(which === "above" ? -1 : 0)?.scrollIntoView({ block: "center" });
  };
  return (
    <>
      <button class="sidebar__pill" type="button" data-at="top" ref={up} hidden onClick={lead("above")} />
      <button class="sidebar__pill" type="button" data-at="end" ref={down} hidden onClick={lead("below")} />
    </>
  );
}

function say(pill: HTMLButtonElement | null, count: number, words: (n: number) => string): void {
  if (!pill) return;
  pill.hidden = count === 0;
  pill.textContent = words(count);
}

function hiddenIn(list: HTMLElement | null): { above: Element[]; below: Element[] } {
  if (!list) return { above: [], below: [] };
  const { top, bottom } = list.getBoundingClientRect();
  const rows = [...list.querySelectorAll("[data-unread=true]")].map((row) => ({ row, at: row.getBoundingClientRect() }));
  return {
    above: rows.filter(({ at }) => at.bottom <= top).map(({ row }) => row),
    below: rows.filter(({ at }) => at.top >= bottom && bottom > 0).map(({ row }) => row),
  };
}
