import { afterAll, beforeAll, expect, test } from "bun:test";
import { type OpenDoor, openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { documentOf } from "./document.ts";
import { retired } from "./retiring.ts";

let here: World;
let open: OpenDoor;
beforeAll(async () => {
  here = await world();
  open = openDoor(here);
});
afterAll(() => here.dispose());

const linksOf = (header: string | null): Map<string, string> =>
  new Map([...(header ?? "").matchAll(/<([^>]*)>; rel="([^"]*)"/gu)].map(([, to = "", rel = ""]) => [rel, to]));
/** The anchors that a reader of Markdown gives to headings. */
const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gmu)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/gu, "")
      .replaceAll(" ", "-"),
  );

for (const [route, { since, until, successor }] of Object.entries(retired)) {
  const [method = "", path = ""] = route.split(" ");

  test(`${route} says since when, until when and what takes its place, also where it refuses`, async () => {
    for (const who of [here.ann, null]) {
      const { headers } = await visit(open, who).ask(method, path, {});
      expect(headers.get("deprecation")).toBe(`@${Date.parse(since) / 1_000}`);
      expect(Date.parse(headers.get("sunset") ?? "")).toBe(Date.parse(until));
      expect(linksOf(headers.get("link")).get("successor-version")).toBe(successor);
    }
    const year = 365 * 86_400_000;
    expect(Date.parse(until) - Date.parse(since)).toBeGreaterThanOrEqual(year);
    expect(documentOf(open.app).paths[path]?.[method.toLowerCase()]?.deprecated).toBe(true);
  });

  test(`who follows the links of ${route} is answered alike, by a route that stays, and reads what to write instead`, async () => {
    const old = await visit(open, here.ann).ask(method, path, {});
    const links = linksOf(old.headers.get("link"));
    const next = await visit(open, here.ann).ask(method, links.get("successor-version") ?? "", {});
    expect([next.status, Object.keys(next.body).toSorted()]).toEqual([old.status, Object.keys(old.body).toSorted()]);
    expect(["deprecation", "sunset", "link"].map((name) => next.headers.get(name))).toEqual([null, null, null]);
    const [page = "", entry = ""] = (links.get("deprecation") ?? "").split("#");
    const told = await visit(open, null).ask("GET", page);
    expect([told.status, told.headers.get("content-type")]).toEqual([200, "text/markdown; charset=utf-8"]);
    expect(anchorsOf(told.text)).toContain(entry);
    expect(told.text).toContain(`${method} ${successor}`);
  });
}

test("what a route on its way out answers is kept by nobody on the way", async () => {
  expect((await visit(open, here.ann).ask("POST", "/ws/tickets", {})).headers.get("cache-control")).toBe("no-store");
});
