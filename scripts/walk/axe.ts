/** What axe finds on the page as it stands: WCAG 2.2, A and AA. */
import type { Page } from "playwright-core";

const axe = await Bun.file(new URL(import.meta.resolve("axe-core/axe.min.js"))).text();

export async function withoutViolations(page: Page, screen: string): Promise<void> {
  await page.evaluate(axe); // by the debugger, which no policy stops
  const found = await page.evaluate(async () => {
    const runner: { run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } = Reflect.get(
      window,
      "axe",
    );
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations } = await runner.run(document, { runOnly: { type: "tag", values: tags } });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
  });
  if (found.length > 0) throw new Error(`${screen}: ${found.join("; ")}`);
}
