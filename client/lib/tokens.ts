/** The beginning of a name that stands at the caret: of somebody, of a room, of an emoji; or of a command, which is the beginning of all. */

export type Token = { kind: "person" | "room" | "emoji" | "command"; from: number; to: number; query: string };

const beginnings: readonly { kind: Token["kind"]; pattern: RegExp }[] = [
  { kind: "person", pattern: /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}._-]{0,32})$/u },
  { kind: "command", pattern: /^\/([a-z]*)$/iu },
  { kind: "room", pattern: /(?<![\p{L}\p{N}#&/])#([\p{L}\p{N}_-]{0,80})$/u },
  { kind: "emoji", pattern: /(?<![\p{L}\p{N}_:]):([a-z0-9_+-]{2,32})$/iu }, // after one letter it is too often the end of a smile
  // One Chinese sign may be a whole name. Its colon is a wide one, and after a word or a quotation the usual mark of a sentence.
  { kind: "emoji", pattern: /(?<![^\s\p{Po}]|[":])[:：]([\p{L}\p{N}_+-]{2,32}|\p{sc=Han})$/iu },
];

/** Null where none begins, and inside an open fence, where signs are code. */
export function tokenAt(text: string, caret: number): Token | null {
  const before = text.slice(0, caret);
  if (isInFence(before)) return null;
  for (const { kind, pattern } of beginnings) {
    const found = pattern.exec(before);
    if (found) return { kind, from: found.index, to: caret, query: found[1] ?? "" };
  }
  return null;
}

export const isInFence = (before: string): boolean => (before.match(/^```/gmu)?.length ?? 0) % 2 === 1;
