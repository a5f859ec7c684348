/**
 * What lies over or beside the room: the menu, a thread and the details. On a phone each is an entry of the browser's history, so that Back closes the
 * menu, then what it lay over, then the room; where there is room for three panes the details stay while rooms change, and a thread goes with its room.
 */
import { createModel, signal } from "@preact/signals";

export type Layer = "menu" | "details" | "thread";

export type LayerHistory = {
  /** Whether a layer covers what is under it, so that Back should close it. */
  isNarrow(): boolean;
  push(layers: readonly Layer[]): void;
  back(): void;
};

export const LayersModel = createModel((history: LayerHistory) => {
  const open = signal<readonly Layer[]>([]);
  let entries: readonly Layer[] = []; // those that are entries of the history

  return {
    open,
    lay(layer: Layer): void {
      if (open.value.includes(layer)) return;
      open.value = [...open.value, layer];
      if (!history.isNarrow()) return;
      entries = [...entries, layer];
      history.push(entries);
    },
    lift(layer: Layer): void {
      if (!open.value.includes(layer)) return;
      open.value = open.value.filter((one) => one !== layer);
      if (!entries.includes(layer)) return;
      entries = entries.filter((one) => one !== layer);
      history.back();
    },
    /** The history stands at an entry that says which layers were open. */
    wentTo(layers: readonly Layer[]): void {
      open.value = [
        ...open.value.filter((one) => !entries.includes(one) || layers.includes(one)),
        ...layers.filter((one) => !open.value.includes(one)),
      ];
      entries = layers;
    },
    /** Another room or screen: what covered the former goes, and stays in the history. */
    leave(): void {
      open.value = open.value.filter((one) => !entries.includes(one) && one !== "menu" && one !== "thread");
      entries = [];
    },
  };
});
