import { expect, test } from "bun:test";
import { HUES } from "../lib/faces.ts";

const sheet = await Bun.file(new URL("./tokens.css", import.meta.url)).text();
const faces = await Bun.file(new URL("./face.css", import.meta.url)).text();

type Colour = readonly [lightness: number, chroma: number, hue: number];

/** The tokens of each theme: what a later block says again, over what the first says. */
function themes(): Map<string, Map<string, string>> {
  const [base = "", dark = "", high = "", highDark = ""] = sheet
    .split(":root")
    .slice(1)
    .map((block) => block.slice(0, block.indexOf("}")));
  const read = (...blocks: string[]): Map<string, string> =>
    new Map(
      blocks.flatMap((block) => [...block.matchAll(/--([a-z0-9-]+):\s*([^;]+);/gu)].map(([, name = "", value = ""]) => [name, value] as const)),
    );
  return new Map([
    ["light", read(base)],
    ["dark", read(base, dark)],
    ["high contrast, light", read(base, high)],
    ["high contrast, dark", read(base, dark, high, highDark)],
  ]);
}

const SNUGS = 195;
const colourOf = (text: string | undefined, hue = SNUGS): Colour => {
  const [l = Number.NaN, c = Number.NaN, h = 0] =
    /oklch\(([^)]+)\)/u
      .exec(text?.replace("var(--accent-hue)", String(hue)) ?? "")?.[1]
      ?.split(" ")
      .map(Number) ?? [];
  return [l, c, h];
};

/** WCAG's relative luminance, by way of OKLab and linear sRGB. */
function luminance([lightness, chroma, hue]: Colour): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((one) => Math.min(1, Math.max(0, one)));
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}
function contrast(one: Colour, other: Colour): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}

test("white on black is 21 : 1, and grey on grey is not enough", () => {
  expect(contrast([1, 0, 0], [0, 0, 0])).toBeCloseTo(21, 1);
  expect(contrast([0.6, 0, 0], [0.7, 0, 0])).toBeLessThan(4.5);
});

for (const [theme, tokens] of themes()) {
  test(`${theme}: words can be read on every ground, and the edge of a field can be seen`, () => {
    const on = (name: string, ground: string) => contrast(colourOf(tokens.get(name)), colourOf(tokens.get(ground)));
    const needed = theme.startsWith("high") ? 7 : 4.5;
    const faint: string[] = [];
    for (const ground of ["bg", "side", "raised", "hover"]) {
      for (const name of ["text", "muted", "accent", "danger", "warn", "ok"]) if (on(name, ground) < 4.5) faint.push(`${name} on ${ground}`);
      if (on("edge", ground) < 3) faint.push(`edge on ${ground}`);
    }
    for (const ground of ["bg", "side", "raised", "hover", "soft", "mark"]) if (on("text", ground) < needed) faint.push(`text on ${ground}`);
    for (const ground of ["soft", "mark"]) if (on("muted", ground) < 4.5) faint.push(`muted on ${ground}`);
    for (const ground of ["accent", "danger"]) if (on("bg", ground) < 4.5) faint.push(`bg on ${ground}`);
    expect(faint).toEqual([]);
  });

  test(`${theme}: whatever hue a workspace gives its accent, words in it and on it can be read, and the ring of the focus is seen`, () => {
    const faint: string[] = [];
    for (let hue = 0; hue <= 360; hue += 1) {
      const colour = (name: string) => colourOf(tokens.get(name), hue);
      for (const ground of ["bg", "side", "raised", "hover"])
        if (contrast(colour("accent"), colour(ground)) < 4.5) faint.push(`accent ${hue} on ${ground}`);
      for (const ground of ["soft", "mark"]) if (contrast(colour("accent"), colour(ground)) < 3) faint.push(`the ring ${hue} on ${ground}`);
      for (const name of ["text", "muted"]) if (contrast(colour(name), colour("soft")) < 4.5) faint.push(`${name} on soft ${hue}`);
    }
    expect(faint).toEqual([]);
  });

  test(`${theme}: the initials of everybody can be read`, () => {
    const hues = [...faces.matchAll(/--hue: (\d+);/gu)].map(([, hue]) => Number(hue));
    expect(hues).toHaveLength(HUES);
    const chroma = Number(tokens.get("face-chroma"));
    const grounds = hues.flatMap((hue): Colour[] => [
      [Number(tokens.get("face-light")), chroma, hue],
      [Number(tokens.get("face-shape")), chroma, hue + 35],
    ]);
    expect(grounds.filter((ground) => !(contrast(ground, colourOf(tokens.get("bg"))) >= 4.5))).toEqual([]);
  });
}

test("the accent that is Snug's own is the one of the sheet", () => {
  expect([...themes().values()].map((tokens) => tokens.get("accent-hue"))).toEqual(["light", "dark", "high", "high dark"].map(() => `${SNUGS}`));
});

test("what a finger or a wish for rest changes outweighs what is usual, and not by order alone", () => {
  const wishes = [...sheet.matchAll(/@media [^{]+\{\s*([^\s{]+) \{/gu)].map(([, selector]) => selector);
  expect(wishes).toEqual([`:root[data-density="compact"]`, ":root", ":root"]); // `html` weighs less than `:root`, and would change nothing
});

test("no sheet knows left or right: where one reads from the right everything is the other way round", async () => {
  const physical =
    /^\s*(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|text-align:\s*(?:left|right)|float)\b/u;
  const found: string[] = [];
  for (const name of new Bun.Glob("*.css").scanSync(import.meta.dir)) {
    const lines = (await Bun.file(new URL(name, import.meta.url)).text()).split("\n");
    found.push(...lines.filter((line) => physical.test(line)).map((line) => `${name}: ${line.trim()}`));
  }
  expect(found).toEqual([]);
});
