/** The two ways out of the stretch that is held: the page before it and the page after it, asked for when the reader comes near. */
import { action, signal } from "@preact/signals";
import type { Message, MessagePage } from "../../server/protocol.ts";
import type { createHeld, Side } from "./held.ts";
import { isWithin } from "./stretch.ts";

export type SidesParts = {
  held: Pick<ReturnType<typeof createHeld>, "stored" | "more_before" | "more_after" | "merge" | "bound">;
  /** Null where it could not be had. */
  page(query: string): Promise<MessagePage | null>;
  /** Which stretch is held: a page beside another one is let go. */
  stretch(): number;
  came(page: MessagePage, side: Side): void;
};

export function createSides({ held: { stored, more_before, more_after, merge, bound }, page, stretch, came }: SidesParts) {
  const loading = { before: signal(false), after: signal(false) };
  const more = { before: more_before, after: more_after };
  let beside: Message[] = []; // rows beyond what is held that came while the page there is on its way

  const took = action((side: Side, next: MessagePage | null) => {
    loading[side].value = false;
    const first = next?.items[0]?.seq ?? 1;
    const waiting = beside;
    beside = [];
    if (!next) return;
    merge([...next.items, ...waiting.filter((message) => (side === "before" ? message.seq >= first : isWithin(message, next)))]);
    more[side].value = side === "before" ? next.more_before : next.more_after;
    bound(side === "before" ? "after" : "before");
    came(next, side);
  });
  const ask = async (side: Side): Promise<void> => {
    const edge = stored.value.at(side === "before" ? 0 : -1);
    if (!edge || !more[side].value || loading.before.value || loading.after.value) return;
    const mine = stretch();
    loading[side].value = true;
    const next = await page(`${side}_seq=${edge.seq}`);
    took(side, mine === stretch() ? next : null);
  };

  return {
    loading_older: loading.before,
    loading_newer: loading.after,
    older: () => ask("before"),
    newer: () => ask("after"),
    /** A row beyond what is held: a later page brings it, and the one on its way may have been read before it was. */
    keep(message: Message, side: Side): void {
      if (loading[side].value) beside.push(message);
    },
  };
}
