/** What axe says of a page as it stands, by the rules of WCAG 2.2 A and AA. */
import type { Page } from "playwright-core";

const axe = await Bun.file(new URL(import.meta.resolve("axe-core/axe.min.js"))).text();
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** One line for each rule that is broken. `colours`: of the rules about colours alone, for where nothing else can have changed. */
export async function violationsOn(page: Page, rules: "all" | "colours" = "all"): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe); // by the debugger, which no policy stops
  return page.evaluate(
    async ([tags, rules]) => {
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished)); // colours on their way are nobody's
      type Broken = { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] };
      const runner: {
        run(context: Document, options: object): Promise<Broken>;
        getRules(tags: readonly string[]): { ruleId: string; tags: readonly string[] }[];
      } = Reflect.get(window, "axe");
      const isOfColours = ({ tags }: { tags: readonly string[] }): boolean => tags.includes("cat.color") && !tags.includes("experimental");
      const ofColours = (): string[] =>
        runner
          .getRules(tags)
          .filter(isOfColours)
          .map(({ ruleId }) => ruleId);
      const runOnly = rules === "all" ? { type: "tag", values: tags } : { type: "rule", values: ofColours() };
      const { violations } = await runner.run(document, { runOnly, resultTypes: ["violations"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary ?? ""}`);
    },
    [TAGS, rules] as const,
  );
}

export async function withoutViolations(page: Page, screen: string): Promise<void> {
  const found = await violationsOn(page);
  if (found.length > 0) throw new Error(`${screen}: ${found.join("; ")}`);
}
