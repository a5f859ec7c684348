/**
 * The language of the page. English and Simplified Chinese; and two that only tests speak: `longer`, in which every text takes 40 % more room, and
 * `mirrored`, which is written from right to left. A text that looks usual in them is not in the catalogue.
 *
 * It is the one chosen in this browser, else the first of the reader's that the page speaks. English comes with the page and every other is put into
 * the same catalogues: so whoever reads them does so when something is drawn, never once while a file is loaded.
 */
import type { Catalogues, Chinese } from "./catalogues.ts";
import { keep, kept } from "./kept.ts";

const languages = ["en", "zh", "longer", "mirrored"] as const;
export type Language = (typeof languages)[number];
/** What one may choose; nothing is as the browser has it. */
export type Choice = Language | "";

/** Both kinds of Chinese are written `zh` where nothing more is said; of the others only the simplified one is ours. */
const OURS = { en: /^en(-|$)/iu, zh: /^zh(-(hans|cn|sg)\b|$)/iu } as const;

/** The language to be spoken, as it is chosen and preferred. */
export function wanted(chosen = kept("language"), preferred: readonly string[] | undefined = navigator.languages): Language {
  const own = languages.find((one) => one === chosen);
  if (own) return own;
  const first = preferred?.find((one) => OURS.en.test(one) || OURS.zh.test(one)) ?? "";
  return OURS.zh.test(first) ? "zh" : "en";
}

let spoken: Language = "en";
let chinese: Chinese | undefined;
const fillings: (() => void)[] = [];

/** What the page speaks now. */
export const language = (): Language => spoken;

export const choice = (): Choice => languages.find((one) => one === kept("language")) ?? "";

export const choose = (to: Choice): void => keep("language", to);

/** From now on the page speaks this; Chinese only once its texts are handed over. */
export function speak(next: Language, texts?: Chinese): void {
  chinese = texts ?? chinese;
  const before = spoken;
  spoken = next === "zh" && chinese === undefined ? "en" : next;
  announce(spoken);
  if (spoken !== before) for (const fill of fillings) fill();
}

/** Says to the browser how the page is written; before the first paint, or it would turn round under the eye. */
export function announce(next: Language): void {
  const root = document.documentElement;
  root.lang = next === "zh" ? "zh-Hans" : "en";
  root.dir = next === "mirrored" ? "rtl" : "ltr";
}

const PAD = " ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua";
const turns: Record<Exclude<Language, "en" | "zh">, (text: string) => string> = {
  longer: (text) => text + PAD.slice(0, Math.max(3, Math.ceil(text.length * 0.4))),
  mirrored: (text) => `\u202E${text}\u202C`,
};

/**
 * How numbers and dates are written: as this reader writes them in the language of the page, so that no German month stands in an English sentence.
 * A reader whose browser knows that language in no variety gets the plain one, and so does who has no browser (server/devices).
 */
export function locale(preferred: readonly string[] | undefined = navigator.languages, of = spoken): string {
  const ours = OURS[of === "zh" ? "zh" : "en"];
  return preferred?.find((one) => ours.test(one)) ?? (of === "zh" ? "zh-Hans" : "en");
}

/** Something made for a locale, and anew when the page speaks another language. */
export function perLanguage<Made>(make: (here: string) => Made): () => Made {
  let made: { it: Made; of: Language } | undefined;
  return () => {
    if (made?.of !== spoken) made = { it: make(locale()), of: spoken };
    return made.it;
  };
}

/** A catalogue in the language of the page: its texts, those its functions make, and those of its parts. It goes on with the language. */
export function inLanguage<Catalogue extends object>(name: keyof Catalogues, english: Catalogue): Catalogue {
  const here = {};
  const fill = (): void => void Object.assign(here, turned((spoken === "zh" && chinese?.[name]) || english, spoken));
  fillings.push(fill);
  fill();
  return here as Catalogue; // every language has the same shape: catalogues.ts
}

/**
 * A catalogue in a language. What fills a gap and is written from right to left is kept apart from the sentence, which it would turn round.
 */
export function turned<Catalogue>(catalogue: Catalogue, to: Language): Catalogue {
  return turnedBy(catalogue, to === "en" || to === "zh" ? (text) => text : turns[to]) as Catalogue; // the same shape: only texts have changed
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u202A-\u202E]/u;

function apart(gap: unknown): unknown {
  if (Array.isArray(gap)) return gap.map(apart);
  if (typeof gap !== "string" || !RIGHT_TO_LEFT.test(gap)) return gap;
  return `\u2068${gap.replace(/[\u202A-\u202E\u2066-\u2069]/gu, "")}\u2069`;
}

function turnedBy(piece: unknown, turn: (text: string) => string): unknown {
  if (typeof piece === "string") return turn(piece);
  if (typeof piece === "function") return (...gaps: unknown[]): unknown => turnedBy(Reflect.apply(piece, undefined, gaps.map(apart)), turn);
  if (typeof piece !== "object" || piece === null) return piece;
  return Object.fromEntries(Object.entries(piece).map(([name, part]) => [name, turnedBy(part, turn)]));
}
