/** The order in which the sidebar shows rooms. While the pointer or the focus is in the list nothing changes place under it. */
import { computed, createModel, effect, type Signal, signal } from "@preact/signals";
import { keep, kept } from "../lib/kept.ts";
import { isUnread } from "./room-names.ts";
import type { MyRoom, Rooms } from "./rooms.ts";

export type Section = "channels" | "directs";

export const SidebarModel = createModel((rooms: Rooms, open_id: Pick<Signal<string | null>, "value">) => {
  const held = signal(false);
  const folded = signal<readonly string[]>(kept("folded").split(" "));
  const order = { channels: signal<readonly string[]>([]), directs: signal<readonly string[]>([]) };

  /** What was archived is found in the list of channels; here it stands while it is open or holds something unread. */
  const isShown = (room: MyRoom): boolean => room.archived_at === undefined || isUnread(room) || room.id === open_id.value;
  for (const section of ["channels", "directs"] as const) {
    effect(() => {
      const fresh = rooms[section].value.filter(isShown).map(({ id }) => id);
      const before = order[section].peek();
      order[section].value = held.value ? asItStood(before, fresh) : fresh;
    });
  }
  const found = (ids: readonly string[]): MyRoom[] => ids.map((id) => rooms.rooms.value.get(id)).filter((room) => room !== undefined);
  const channels = computed(() => found(order.channels.value));
  const directs = computed(() => found(order.directs.value));

  return {
    channels,
    directs,
    folded,
    hold(is_held: boolean): void {
      held.value = is_held;
    },
    fold(section: Section): void {
      const isFolded = folded.value.includes(section);
      folded.value = isFolded ? folded.value.filter((one) => one !== section) : [...folded.value, section];
      keep("folded", folded.value.join(" "));
    },
    /** The room before or after this one, as they stand; with `unread`, of those with something unread. Goes round. */
    next(from: string | null, step: 1 | -1, unread: boolean): string | null {
      const all = [...channels.value, ...directs.value];
      const at = all.findIndex(({ id }) => id === from);
      const turned = all.map((_, i) => all[((((at < 0 && step < 0 ? 0 : at) + step * (i + 1)) % all.length) + all.length) % all.length]);
      return turned.find((room) => room && room.id !== from && (!unread || isUnread(room)))?.id ?? null;
    },
  };
});

/** The former order without what has gone; what is new comes last. */
function asItStood(before: readonly string[], fresh: readonly string[]): string[] {
  return [...before.filter((id) => fresh.includes(id)), ...fresh.filter((id) => !before.includes(id))];
}
