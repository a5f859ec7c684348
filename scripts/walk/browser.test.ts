import { expect, test } from "bun:test";
import { join } from "node:path";
import { TURNED_OFF_BY_PLAYWRIGHT } from "./browser.ts";

test("the walk's browser has turned off all that Playwright turns off", async () => {
  const source = await Bun.file(join(import.meta.dir, "../../node_modules/playwright-core/lib/coreBundle.js")).text();
  const [, list = ""] = /\n {4}disabledFeatures = \[(.*?)\n {4}\]/su.exec(source) ?? [];
  const names = [...list.matchAll(/^\s*"(\w+)"/gmu)].map(([, name]) => name ?? "");
  expect(names.length).toBeGreaterThan(10);
  expect(names).toEqual([...TURNED_OFF_BY_PLAYWRIGHT]);
});
