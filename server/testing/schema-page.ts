/** docs/schema.md, read: a section for each table, with one table of its columns and one of its indexes. */

/** `columns` in their order, each with its kind and a `?` if it may be null; `indexes` by name, the primary key as `key`. */
export type Described = { columns: [name: string, kind: string][]; indexes: Record<string, string> };

/** `kinds` are the words of one database for those of the page. Throws for a kind that is none. */
export function tablesIn(markdown: string, kinds: Readonly<Record<string, string>>): Record<string, Described> {
  const sections = markdown.split(/^## /mu).slice(1);
  return Object.fromEntries(sections.map((section) => [section.slice(0, section.indexOf("\n")).trim(), described(section, kinds)]));
}

function described(section: string, kinds: Readonly<Record<string, string>>): Described {
  const found: Described = { columns: [], indexes: {} };
  let heading = "";
  for (const line of section.split("\n")) {
    const [first = "", second = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (!line.startsWith("|")) heading = "";
    else if (heading === "") heading = first;
    else if (/^-+$/u.test(first)) continue;
    else if (heading === "Column") found.columns.push([first, kindOf(second, kinds)]);
    else found.indexes[first] = second;
  }
  return found;
}

function kindOf(word: string, kinds: Readonly<Record<string, string>>): string {
  const [, name = "", optional = ""] = /^(\w+)(\??)$/u.exec(word) ?? [];
  const kind = kinds[name];
  if (kind === undefined) throw new Error(`"${word}" is no kind of column`);
  return kind + optional;
}
