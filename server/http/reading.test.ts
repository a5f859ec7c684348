/** A page elsewhere can make a browser send a GET, an image, a link: none of them may change anything. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Cast, matrixCast, stageFor } from "./matrix.cast.ts";
import { entries } from "./matrix.entries.cast.ts";
import { visit } from "../testing/visitor.ts";
import type { Tables } from "../../db/store.ts";

let cast: Cast;
beforeAll(async () => void (cast = await matrixCast()));
afterAll(() => cast.dispose());

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const { t, read } = cast.world.chat.store;
  const names = Object.keys(t) as (keyof Tables)[]; // the table of tables' own keys
  const tables = await Promise.all(names.map(async (name) => [name, (await read.select().from(t[name])).map((row) => JSON.stringify(row)).sort()]));
  return JSON.stringify(tables);
}

test("no GET and no HEAD changes a row, whoever asks; a POST beside them does", async () => {
  const reads = entries.filter(({ route }) => route.startsWith("GET "));
  expect(reads.length).toBeGreaterThan(15);
  for (const entry of reads) {
    for (const asker of ["nobody", "ann"] as const) {
      const [, template = ""] = entry.route.split(" ");
      const params = (await entry.params?.(stageFor(cast, asker))) ?? {};
      const path = template.replace(/:(\w+)/gu, (_whole, name: string) => params[name] ?? "").replace(/(?<=.)\/$/u, "");
      const bearer = await cast.bearer(asker);
      const headers = { cookie: "snug=x", ...(bearer !== null && { authorization: `Bearer ${bearer}` }) };
      const before = await everything();
      for (const method of ["GET", "HEAD"]) {
        await visit(cast.open, null).ask(method, entry.query === undefined ? path : `${path}?${entry.query}`, undefined, headers);
        expect([entry.route, asker, method, (await everything()) === before]).toEqual([entry.route, asker, method, true]);
      }
    }
  }
  const before = await everything();
  expect((await visit(cast.open, cast.whoIs.ann).post("/ws/tickets", {})).status).toBe(201);
  expect(await everything()).not.toBe(before);
});
