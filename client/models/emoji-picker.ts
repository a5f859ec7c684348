/** The emoji that answer to what is typed, and which of them Enter takes: one picker, from when it opens until it closes. */
import { computed, signal } from "@preact/signals";
import type { EmojiTable } from "../lib/emoji-table.ts";
import { matching } from "../lib/matching.ts";

export type SectionName = (typeof starts)[number]["name"];
export type Section = { name: SectionName | "recent" | "found"; emoji: readonly string[] };
export type EmojiPicker = ReturnType<typeof createEmojiPicker>;

export const COLUMNS = 8;
const RECENT = 2 * COLUMNS;
const FOUND = 10 * COLUMNS;
const NO_NAMES: readonly string[] = [];
/** The table is in the usual order: a section reaches from its first emoji to the next one's. */
const starts = [
  { name: "faces", first: "😀" },
  { name: "people", first: "👋" },
  { name: "nature", first: "🐶" },
  { name: "food", first: "🍇" },
  { name: "places", first: "🌍" },
  { name: "activities", first: "🎃" },
  { name: "things", first: "👓" },
  { name: "signs", first: "⚠️" },
  { name: "flags", first: "🏁" },
] as const;

/** `table` is null until it has been fetched. */
export function createEmojiPicker(table: () => EmojiTable | null, recent: readonly string[]) {
  const query = signal("");
  const at = signal(0);

  const names = computed(() => {
    const all = new Map<string, string[]>();
    for (const { sign, words } of table()?.offers ?? []) all.set(sign, [...(all.get(sign) ?? []), ...words]);
    return all;
  });
  const sections = computed((): readonly Section[] => {
    const asked = query.value.trim().replaceAll(/[:：]/gu, "");
    const all = [...names.value.keys()];
    if (all.length === 0) return [];
    if (asked !== "") {
      const found = matching(asked, all, (emoji) => names.value.get(emoji) ?? NO_NAMES, FOUND);
      return found.length === 0 ? [] : [{ name: "found", emoji: found }];
    }
    const bounds = starts.map(({ first }) => all.indexOf(first));
    const usual = starts.map(({ name }, i): Section => ({ name, emoji: all.slice(bounds[i], bounds[i + 1]) }));
    return [{ name: "recent", emoji: recent.slice(0, RECENT) }, ...usual];
  });
  /** By rows, as they are drawn: a section's last row may be short. */
  const rows = computed(() => sections.value.flatMap(({ emoji }) => rowsOf(emoji)));
  const all = computed(() => rows.value.flat());

  const nameOf = (emoji: string): string => names.value.get(emoji)?.[0] ?? emoji;
  const calledOf = (emoji: string): string | undefined => table()?.called.get(emoji);

  /** One row up or down, in the same column as far as there is one. */
  const rowStep = (by: 1 | -1): void => {
    let row = 0;
    let column = at.value;
    while (column >= (rows.value[row]?.length ?? Infinity)) column -= rows.value[row++]?.length ?? 0;
    const next = rows.value[row + by];
    if (!next) return;
    const before = rows.value.slice(0, row + by).reduce((sum, one) => sum + one.length, 0);
    at.value = before + Math.min(column, next.length - 1);
  };

  return {
    query,
    sections,
    /** The place of the one that Enter takes, among all that are shown. */
    at,
    chosen: computed((): string | undefined => all.value[at.value]),
    count: computed(() => all.value.length),
    nameOf: (emoji: string): string => calledOf(emoji) ?? nameOf(emoji).replaceAll("_", " "),
    /** The name as one would write it, between colons where it is English. */
    labelOf: (emoji: string): string => calledOf(emoji) ?? `:${nameOf(emoji)}:`,
    seek(text: string): void {
      query.value = text;
      at.value = 0;
    },
    point(place: number): void {
      at.value = place;
    },
    move(key: "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight"): void {
      if (key === "ArrowUp" || key === "ArrowDown") return rowStep(key === "ArrowUp" ? -1 : 1);
      at.value = Math.max(0, Math.min(all.value.length - 1, at.value + (key === "ArrowLeft" ? -1 : 1)));
    },
    /** Leads to a section's first. */
    goTo(name: Section["name"]): void {
      let place = 0;
      for (const section of sections.value) {
        if (section.name === name) at.value = place;
        place += section.emoji.length;
      }
    },
  };
}

export const rowsOf = (emoji: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(emoji.length / COLUMNS) }, (_, i) => emoji.slice(i * COLUMNS, (i + 1) * COLUMNS));
