/** The words of the command line, apart: which command, what is its own, and settings, which may stand anywhere among them. */

/** Each command with the flags that are its own and take no value; null for one that takes nothing but settings. */
export type Commands = Readonly<Record<string, readonly string[] | null>>;
export type Words = { readonly command: string; readonly own: readonly string[]; readonly settings: readonly string[] };

/** `--name value` and `--name=value` are settings. The first other word is the command, if it is one; else it is `unnamed`, and all words are for that. */
export function readWords(words: readonly string[], commands: Commands, unnamed: string): Words {
  const [bare, settings]: [string[], string[]] = [[], []];
  const flags = new Set(Object.values(commands).flatMap((own) => own ?? []));
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    if (!word.startsWith("-") || flags.has(word)) bare.push(word);
    else if (word.includes("=")) settings.push(word);
    else settings.push(...words.slice(i, (i += 1) + 1));
  }
  const command = Object.hasOwn(commands, bare[0] ?? "") ? (bare.shift() ?? unnamed) : unnamed;
  const own = commands[command] ?? null;
  const isOwn = (word: string): boolean => own !== null && (!word.startsWith("-") || own.includes(word));
  return { command, own: bare.filter(isOwn), settings: [...settings, ...bare.filter((word) => !isOwn(word))] };
}
