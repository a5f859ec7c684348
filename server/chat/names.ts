/** Names as they are compared: folded once when stored, so that two spellings of one name cannot be two people or two channels. */

/** The stored form of a username: trimmed, NFKC, lower case; null if that is not `[a-z0-9][a-z0-9._-]{0,31}`. */
export function foldUsername(name: string): string | null {
  const folded = name.trim().normalize("NFKC").toLowerCase();
  return /^[a-z0-9][a-z0-9._-]{0,31}$/u.test(folded) ? folded : null;
}

/** The form by which a channel's name is unique: NFKC, lower case, runs of white space one dash; null if nothing visible is left or it holds control characters. */
export function foldChannelName(name: string): string | null {
  const folded = name.trim().normalize("NFKC").toLowerCase().replace(/\s+/gu, "-");
  if (folded === "" || /[\p{C}\p{Z}]/u.test(folded) || !folded.isWellFormed()) return null;
  return /[\p{L}\p{N}\p{S}]/u.test(folded) ? folded : null;
}
