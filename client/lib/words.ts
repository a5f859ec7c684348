/** The words of a text that mean somebody or something here: people, rooms, emoji. Whether they exist is for the view to ask. */

/** `name` is what follows the sign; `text` is as it was typed. */
export type Named<K extends string> = { kind: K; name: string; text: string };
export type Word = { kind: "text"; text: string } | Named<"mention"> | Named<"room"> | Named<"emoji">;

// People as the server finds them when a message is posted (server/chat/mentions.ts); a room's name as it is typed in one word.
const pattern =
  /(?<![\w@.])@(?<mention>[a-z0-9][a-z0-9._-]{0,31})|(?<![\p{L}\p{N}#&/])#(?<room>[\p{L}\p{N}][\p{L}\p{N}_-]{0,79})|(?<!\w):(?<emoji>[a-z0-9_+-]{2,32}):(?!\w)/giu;

export function wordsIn(text: string): Word[] {
  const words: Word[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [kind, name] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? [];
    if (name === undefined || (kind !== "mention" && kind !== "room" && kind !== "emoji")) continue;
    if (match.index > from) words.push({ kind: "text", text: text.slice(from, match.index) });
    words.push({ kind, name, text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < text.length) words.push({ kind: "text", text: text.slice(from) });
  return words;
}

/** A name with what may only be the end of a sentence cut off: "@ann." means ann, unless somebody is called "ann.". */
export const endsCut = (name: string): string => name.replace(/[._-]+$/u, "");
