/** Reads what `bun test --reporter=junit` and our own scripts (report.ts) wrote. */

export type TestCase = {
  readonly name: string;
  readonly file: string;
  /** The sentences of the `describe`s it stands in, outermost first. */
  readonly suites: readonly string[];
  readonly verdict: "passed" | "failed" | "skipped";
};

type Element = { readonly name: string; readonly attributes: Record<string, string>; readonly children: readonly unknown[] };

/** Every test case of a report, however deep its suites nest. A name is the test's own sentence, without that of its `describe`. */
export function testCases(xml: string): TestCase[] {
  const root: unknown = Bun.XML.parse(xml, { compact: false });
  return isElement(root) ? casesOf(root, []) : [];
}

function casesOf(element: Element, suites: readonly string[]): TestCase[] {
  const inner = element.children.filter(isElement);
  const { name = "", file = "" } = element.attributes;
  if (element.name !== "testcase") {
    const isDescribe = element.name === "testsuite" && name !== file; // the outermost suite is the file
    return inner.flatMap((child) => casesOf(child, isDescribe ? [...suites, name] : suites));
  }
  const has = (name: string) => inner.some((child) => child.name === name);
  const verdict = has("failure") || has("error") ? "failed" : has("skipped") ? "skipped" : "passed";
  return [{ name, file, suites, verdict }];
}

const isElement = (node: unknown): node is Element => typeof node === "object" && node !== null && "children" in node;
