import { describe, expect, test } from "bun:test";
import { checkText, checkTexts } from "./bounds.ts";
import { Refusal } from "./refusal.ts";

function told(text: string): string {
  try {
    checkText(text, { bytes: 65_536, depth: 16, keys: 200 });
    return "passes";
  } catch (fault) {
    if (fault instanceof Refusal) return fault.reason;
    throw fault;
  }
}

const nested = (depth: number, open = "[", close = "]"): string => open.repeat(depth) + close.repeat(depth);
const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(",")}}`;

describe("what is read is bounded before it is parsed:", () => {
  const table: [name: string, text: string, wanted: string][] = [
    ["64 KiB", "x".repeat(65_536), "passes"],
    ["64 KiB and a byte", "x".repeat(65_537), "too_large"],
    ["64 KiB of two-byte characters", "é".repeat(32_768), "passes"],
    ["a two-byte character more", "é".repeat(32_769), "too_large"],
    [
      "4,000 emoji as a client escapes them",
      JSON.stringify({ content: "😀".repeat(4_000) }).replace(/[\ud800-\udfff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`),
      "passes",
    ],
    ["15 deep", nested(15), "passes"],
    ["16 deep", nested(16), "passes"],
    ["17 deep", nested(17), "bad_request"],
    ["17 deep in objects", nested(17, '{"a":', "}"), "bad_request"],
    ["5,000 deep, never closed", "[".repeat(5_000), "bad_request"],
    ["199 keys", keys(199), "passes"],
    ["200 keys", keys(200), "passes"],
    ["201 keys", keys(201), "bad_request"],
    ["201 keys of the same name", `{${'"a":1,'.repeat(200)}"a":1}`, "bad_request"],
    ["201 keys in many objects", `[${'{"a":1},'.repeat(200)}{"a":1}]`, "bad_request"],
    ["brackets and colons that are text", JSON.stringify({ content: `${"[{:".repeat(500)}"` }), "passes"],
    ["an escaped quote before brackets", `{"content":"\\"${"[".repeat(50)}"}`, "passes"],
    ["an escaped backslash at the end of a text", `{"content":"\\\\","more":${nested(17)}}`, "bad_request"],
    ["a text that never ends", `{"content":"${"[".repeat(50)}`, "passes"],
    ["more ends than beginnings", "]".repeat(100), "passes"],
    ["more ends than beginnings, then too deep", `${"]".repeat(100)}${nested(17)}`, "bad_request"],
    ["nothing", "", "passes"],
  ];
  for (const [name, text, wanted] of table) test(`${name}: ${wanted}`, () => expect(told(text)).toBe(wanted));
});

test("as many keys as fit into 64 KiB are refused within a few milliseconds", () => {
  const text = keys(6_000);
  const begun = performance.now();
  expect(told(text)).toBe("bad_request");
  expect(performance.now() - begun).toBeLessThan(50);
});

describe("a text that no table can keep as it is, is refused by its path:", () => {
  const fieldsOf = (text: string): string[] | undefined => {
    try {
      checkTexts(JSON.parse(text), text);
      return undefined;
    } catch (fault) {
      if (fault instanceof Refusal) return fault.detail.fields;
      throw fault;
    }
  };
  const table: [text: string, fields: string[] | undefined][] = [
    ['{"content":"a\\u0000b"}', ["content"]],
    ['{"meta":{"list":[1,"\\ud800"]}}', ["meta"]],
    ['{"meta":{"\\udc00":1}}', ["meta"]],
    ['{"content":"\\udc00\\ud83d"}', ["content"]],
    ['{"content":"\\ud83d\\ude00"}', undefined],
    ['{"content":"\\\\u0000"}', undefined],
    ['{"content":"\\u0001"}', undefined],
    ["[1,true,null]", undefined],
  ];
  for (const [text, fields] of table) test(`${text}: ${fields?.join() ?? "passes"}`, () => expect(fieldsOf(text)).toEqual(fields));
});
