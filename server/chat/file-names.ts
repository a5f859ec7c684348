/** What a file is called: somebody's text to be shown, and never a path. */

const LONGEST = 200; // code points; with its ending kept

/** What stands behind the last slash of either kind, without what would steer a terminal or turn the text around; cut in the middle of long ones. */
export function nameOf(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/u).at(-1) ?? "";
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "").trim();
  if (/^\.*$/u.test(plain)) return "file";
  const points = [...plain];
  if (points.length <= LONGEST) return plain;
  const ending = /\.[^.]{1,16}$/u.exec(plain)?.[0] ?? "";
  return [...points.slice(0, LONGEST - [...ending].length - 1), "…", ending].join("");
}
