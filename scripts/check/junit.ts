/** Reads what `bun test --reporter=junit` wrote. */

export type TestCase = { readonly name: string; readonly file: string; readonly verdict: "passed" | "failed" | "skipped" };

type Element = { readonly name: string; readonly attributes: Record<string, string>; readonly children: readonly unknown[] };

/** Every test case of a report, however deep its suites nest. A name is the test's own sentence, without that of its `describe`. */
export function testCases(xml: string): TestCase[] {
  const root: unknown = Bun.XML.parse(xml, { compact: false });
  return isElement(root) ? casesOf(root) : [];
}

function casesOf(element: Element): TestCase[] {
  const inner = element.children.filter(isElement);
  if (element.name !== "testcase") return inner.flatMap(casesOf);
  const has = (name: string) => inner.some((child) => child.name === name);
  const verdict = has("failure") || has("error") ? "failed" : has("skipped") ? "skipped" : "passed";
  return [{ name: element.attributes["name"] ?? "", file: element.attributes["file"] ?? "", verdict }];
}

const isElement = (node: unknown): node is Element => typeof node === "object" && node !== null && "children" in node;
