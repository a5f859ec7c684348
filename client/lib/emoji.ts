/** Emoji by name. The table is a chunk of its own, fetched when somebody first has need of one. */

export type EmojiTable = ReadonlyMap<string, string>;

export async function loadEmoji(): Promise<EmojiTable> {
  const { emoji } = await import("./emoji-table.ts");
  return new Map(
    emoji.split(/; |\n/u).flatMap((entry): [string, string][] => {
      const [sign = "", ...names] = entry.split(" ");
      return names.map((name) => [name, sign]);
    }),
  );
}
