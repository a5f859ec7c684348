/** What the command line of `bun run seed` says, apart from the settings that are Snug's own. */

export type Words = { path?: string; room?: string; as?: string; password?: string; settings: string[] };

const OURS = ["room", "as", "password"] as const;

/** A word that is no flag is the path; a flag that is not ours goes on to the settings with its value. */
export function readWords(words: readonly string[]): Words {
  const read: Words = { settings: [] };
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    const [, name, inline] = /^--([a-z-]+)(?:=([\s\S]*))?$/u.exec(word) ?? [];
    const ours = OURS.find((one) => one === name);
    const value = inline ?? words[i + 1];
    if (name === undefined) read.path = word;
    else if (ours === undefined) read.settings.push(...words.slice(i, inline === undefined ? i + 2 : i + 1));
    else if (value !== undefined) read[ours] = value;
    if (name !== undefined && inline === undefined) i += 1;
  }
  return read;
}
