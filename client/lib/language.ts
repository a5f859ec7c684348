/**
 * The language of the page. English; and two that only tests speak, chosen by `snug-language` in this browser's storage: `longer`, in which every
 * text takes 40 % more room, and `mirrored`, which is written from right to left. A text that looks usual in them is not in the catalogue.
 */
import { kept } from "./kept.ts";

export type Language = "en" | "longer" | "mirrored";

export function language(): Language {
  const chosen = kept("language");
  return chosen === "longer" || chosen === "mirrored" ? chosen : "en";
}

/** Says to the browser how the page is written; before the first paint, or it would turn round under the eye. */
export function speak(): void {
  document.documentElement.dir = language() === "mirrored" ? "rtl" : "ltr";
}

const PAD = " ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua";
const ways: Record<Exclude<Language, "en">, (text: string) => string> = {
  longer: (text) => text + PAD.slice(0, Math.max(3, Math.ceil(text.length * 0.4))),
  mirrored: (text) => `\u202E${text}\u202C`,
};

/**
 * How numbers and dates are written: as this reader writes them in the language of the page, so that no German month stands in an English sentence.
 * A reader whose browser knows that language in no variety gets the plain one, and so does who has no browser (server/devices).
 */
export const locale = (preferred: readonly string[] | undefined = navigator.languages): string =>
  preferred?.find((one) => /^en(-|$)/iu.test(one)) ?? "en";

/**
 * A catalogue in the language of the page: its texts, those its functions make, and those of its parts. What fills a gap and is written from right to
 * left is kept apart from the sentence, which it would turn round.
 */
export function inLanguage<Catalogue>(catalogue: Catalogue, chosen = language()): Catalogue {
  return turned(catalogue, chosen === "en" ? (text) => text : ways[chosen]) as Catalogue; // the same shape: only texts have changed
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u202A-\u202E]/u;

function apart(gap: unknown): unknown {
  if (Array.isArray(gap)) return gap.map(apart);
  if (typeof gap !== "string" || !RIGHT_TO_LEFT.test(gap)) return gap;
  return `\u2068${gap.replace(/[\u202A-\u202E\u2066-\u2069]/gu, "")}\u2069`;
}

function turned(piece: unknown, way: (text: string) => string): unknown {
  if (typeof piece === "string") return way(piece);
  if (typeof piece === "function") return (...gaps: unknown[]): unknown => turned(Reflect.apply(piece, undefined, gaps.map(apart)), way);
  if (typeof piece !== "object" || piece === null) return piece;
  return Object.fromEntries(Object.entries(piece).map(([name, part]) => [name, turned(part, way)]));
}
