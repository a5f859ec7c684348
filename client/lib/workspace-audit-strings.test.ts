import { expect, test } from "bun:test";
import { auditStrings } from "./workspace-audit-strings.ts";

test("whatever the server writes down in the audit log has its words", async () => {
  const said = new Set<string>();
  for (const folder of ["chat", "plugins", "http"]) {
    for (const name of new Bun.Glob("*.ts").scanSync(`${import.meta.dir}/../../server/${folder}`)) {
      if (name.endsWith(".test.ts") || name.endsWith(".cast.ts")) continue;
      const text = await Bun.file(`${import.meta.dir}/../../server/${folder}/${name}`).text();
      for (const [, action = ""] of text.matchAll(/action: "([a-z_]+\.[a-z_]+)"/gu)) said.add(action);
      for (const [, action = ""] of text.matchAll(/"((?:webhook|tenant|sign_in)\.[a-z_]+)"/gu)) said.add(action);
    }
  }
  expect(said.size).toBeGreaterThan(20);
  expect([...said].filter((action) => !(action in auditStrings.actions) && action !== "webhook.test")).toEqual([]);
  const kinds = new Set([...said].map((action) => action.slice(0, action.indexOf("."))));
  expect([...kinds].filter((kind) => !(kind in auditStrings.kinds) && kind !== "conversation")).toEqual([]);
});
