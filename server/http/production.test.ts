import { expect, test } from "bun:test";
import { join } from "node:path";

test("as the product runs, a refusal names fields and a fault says nothing: no value and no word of an exception comes back", async () => {
  const script = join(import.meta.dir, "production.cast.ts");
  const child = Bun.spawn([process.execPath, script], { env: { ...process.env, NODE_ENV: "production" }, stdout: "pipe", stderr: "inherit" });
  const said = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  const answers = said
    .trim()
    .split("\n")
    .map((line) => ({ status: Number(line.slice(0, 3)), body: JSON.parse(line.slice(4)) }));
  expect(answers.map(({ status, body }) => [status, body.error.code, body.error.fields])).toEqual([
    [422, "invalid", ["display_name"]],
    [422, "invalid", ["settings"]],
    [422, "invalid", ["name", "visibility"]],
    [500, "internal", undefined],
  ]);
  expect(said).not.toContain("hunter2");
});
