/** Markdown that keys and pastes write for the writer, so that the browser can take it back. */
import { insert } from "./writing.ts";

const marks = { bold: "**", italic: "*", code: "`", strike: "~~" } as const;

/** Puts the signs of this format around what is selected. Always done: a key that asks for it is ours. */
export function format(field: HTMLTextAreaElement, as: keyof typeof marks): true {
  enclose(field, marks[as]);
  return true;
}

/** Puts the signs around the selection, or takes them away where they are. What was selected stays selected. */
export function enclose(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const length = mark.length;
  const selected = value.slice(from, to);
  const isEnclosed = value.slice(from - length, from) === mark && value.slice(to, to + length) === mark && !isPartOf(value, from, to, mark);
  if (isEnclosed) {
    insert(field, selected, from - length, to + length);
    field.setSelectionRange(from - length, to - length);
  } else {
    insert(field, mark + selected + mark, from, to);
    field.setSelectionRange(from + length, to + length);
  }
}

/** One star is also half of two. */
const isPartOf = (value: string, from: number, to: number, mark: string): boolean => mark === "*" && value[from - 2] === "*" && value[to + 1] === "*";

const address = /^(?:https?:\/\/|mailto:)\S+$/iu;

/** An address pasted over words becomes their link; anything else is pasted as it is. */
export function pasteLink(field: HTMLTextAreaElement, pasted: string): boolean {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const selected = value.slice(from, to);
  const url = pasted.trim();
  if (selected.trim() === "" || selected.includes("\n") || address.test(selected) || !address.test(url)) return false;
  insert(field, `[${selected}](${url.replaceAll("(", "%28").replaceAll(")", "%29")})`, from, to);
  return true;
}
