/** The same page for who reads Chinese: what a screen's way in asks for by its English name is found by its Chinese one. */
import type { Page } from "playwright-core";
import { chinese } from "../../client/lib/chinese.ts";

type Said = (...gaps: unknown[]) => unknown;
/** One text of the catalogues: what it is like in English, and how the Chinese is made of what fills it. */
type Entry = { english: RegExp; sample: string; chinese(gaps: readonly string[]): string; pattern: string };

const ASKS = new Set(["getByRole", "getByLabel", "getByText", "getByTitle", "getByPlaceholder"]);
const GAPS = [7_001, 7_002, 7_003];
const LEADS = new Set([...ASKS, "locator", "first", "last", "nth", "filter", "or"]);

/** A page whose locators are asked in English and find Chinese. What is in no catalogue, as a name, is found as it is. */
export const inChinese = async (page: Page): Promise<Page> => leading(page, await entries());

function leading<Asked extends object>(asked: Asked, all: readonly Entry[]): Asked {
  return new Proxy(asked, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (typeof name !== "string" || !LEADS.has(name)) return value.bind(target);
      return (...given: unknown[]) =>
        leading(Reflect.apply(value, target, ASKS.has(name) ? given.map((one, at) => asking(name, one, at, all)) : given), all);
    },
  });
}

function asking(how: string, given: unknown, at: number, all: readonly Entry[]): unknown {
  if (how !== "getByRole") return at === 0 && (typeof given === "string" || given instanceof RegExp) ? translated(given, all) : given;
  if (typeof given !== "object" || given === null || !("name" in given)) return given;
  const { name } = given;
  return typeof name === "string" || name instanceof RegExp ? { ...given, name: translated(name, all) } : given;
}

function translated(words: string | RegExp, all: readonly Entry[]): string | RegExp {
  const whole = typeof words === "string" ? all.filter(({ english }) => english.test(words)) : [];
  const found =
    typeof words === "string" && whole.length > 0
      ? whole.map((one) => quoted(one.chinese(one.english.exec(words)?.slice(1) ?? [])))
      : all
          .filter(({ sample }) => (typeof words === "string" ? folded(sample).includes(folded(words)) : words.test(sample)))
          .map(({ pattern }) => pattern);
  return found.length === 0 ? words : new RegExp([...new Set(found)].join("|"), "u");
}

/** As a part of a name is looked for: in any case, with any number. */
const folded = (text: string): string => text.toLowerCase().replace(/\d+/gu, "0");

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");

async function entries(): Promise<Entry[]> {
  const all: Entry[] = [];
  const folder = new URL("../../client/lib/", import.meta.url).pathname;
  const catalogues: Record<string, unknown> = chinese;
  for (const file of new Bun.Glob("*.ts").scanSync(folder)) {
    const [, exported = "", name = ""] = /export const (\w+) = inLanguage\("(\w+)"/u.exec(await Bun.file(folder + file).text()) ?? [];
    if (name === "") continue;
    const made: Record<string, unknown> = await import(folder + file);
    all.push(...entriesOf(made[exported], catalogues[name]));
  }
  return all;
}

function* entriesOf(english: unknown, other: unknown): Generator<Entry> {
  if (typeof english === "string" && typeof other === "string") {
    yield { english: new RegExp(`^${quoted(english)}$`, "u"), sample: english, chinese: () => other, pattern: quoted(other) };
  } else if (typeof english === "function" && typeof other === "function") {
    const say: Said = (...gaps) => Reflect.apply(other, undefined, gaps);
    try {
      const [one, sample] = [[1, ...GAPS.slice(1)], GAPS].map((gaps) => String(Reflect.apply(english, undefined, gaps)).replaceAll(",", ""));
      if (one === undefined || sample === undefined || !/\p{L}/u.test(sample)) return; // of gaps alone: it is like everything
      const pattern = quoted(String(say(...GAPS)).replaceAll(",", "")).replace(/7,?00\d/gu, ".+");
      const shown = quoted(sample).replace(/700\d/gu, "(.+)");
      yield { english: new RegExp(`^${shown}$`, "u"), sample: `${one}\n${sample}`, chinese: (gaps) => String(say(...gaps)), pattern };
    } catch {
      // it is filled with a list: nobody asks for it by name
    }
  } else if (typeof english === "object" && english !== null && typeof other === "object" && other !== null) {
    const [texts, others]: Record<string, unknown>[] = [{ ...english }, { ...other }];
    for (const name of Object.keys(texts ?? {})) yield* entriesOf(texts?.[name], others?.[name]);
  }
}
