import { expect, test } from "bun:test";
import fc from "fast-check";
import { painted } from "./painting.ts";

const paintsOf = (text: string, language: string) => painted(text, language).flatMap(({ text, paint }) => (paint === null ? [] : [[text, paint]]));

test("words of a language, strings, values and comments are told apart", () => {
  expect(paintsOf('const n = 1; // one\nsay("hi");', "ts")).toEqual([
    ["const", "keyword"],
    ["1", "value"],
    ["// one", "comment"],
    ['"hi"', "string"],
  ]);
  expect(paintsOf("-old\n+new\n", "diff").map(([, paint]) => paint)).toEqual(["removed", "added"]);
});

test("a dozen languages are known by the names people give them, others are text", () => {
  const names = ["bash", "sh", "c", "css", "diff", "go", "java", "js", "json", "py", "rs", "sql", "ts", "tsx", "html", "xml", "yaml", "yml"];
  for (const name of names) expect([name, painted("x", name).length > 0]).toEqual([name, true]);
  for (const name of ["", "klingon", "constructor", "__proto__"])
    expect(painted("const a = 1", name)).toEqual([{ text: "const a = 1", paint: null }]);
});

test("whatever is in it, the pieces are the text", () => {
  const languages = fc.constantFrom("ts", "html", "bash", "sql", "yaml", "diff", "py", "json", "css", "rs");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), languages, (text, language) => {
      expect(
        painted(text, language)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test("four thousand characters that are hard to read take no time worth a name", () => {
  const start = performance.now();
  for (const [text, language] of [
    ["<a ".repeat(1_333), "html"],
    ["`${".repeat(1_333), "js"],
    ["((((".repeat(1_000), "py"],
    ["/*".repeat(2_000), "sql"],
  ])
    painted(text ?? "", language ?? "");
  expect(performance.now() - start).toBeLessThan(2_000);
});
