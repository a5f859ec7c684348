import { expect, test } from "bun:test";
import { tokenAt } from "./tokens.ts";

const at = (text: string) => tokenAt(text, text.length);

test("a name begins with its sign at the caret", () => {
  expect(at("good morning @an")).toEqual({ kind: "person", from: 13, to: 16, query: "an" });
  expect(at("@")).toEqual({ kind: "person", from: 0, to: 1, query: "" });
  expect(at("(see #har")).toEqual({ kind: "room", from: 5, to: 9, query: "har" });
  expect(at("well :sm")).toEqual({ kind: "emoji", from: 5, to: 8, query: "sm" });
  expect(at("好！：赞")).toEqual({ kind: "emoji", from: 2, to: 4, query: "赞" });
  expect(tokenAt("@an is here", 3)).toEqual({ kind: "person", from: 0, to: 3, query: "an" });
});

test("an address, a smile, a finished word and code begin none", () => {
  for (const text of ["ann@an", ":)", ":s", "10:30", "https://a/#har", "@ann ", "a:smile", "```\n@an", "C#", "备注：完成", "（见下）：好", "：D"])
    expect(at(text)).toBeNull();
});
