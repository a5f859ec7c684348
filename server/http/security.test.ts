import { afterAll, beforeAll, expect, test } from "bun:test";
import { byKey, keyBy, type MadeKey } from "../testing/keys.ts";
import { type Answer, type OpenDoor, openDoor, tokenOf, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { securitySchemes } from "./security.ts";

let here: World;
let open: OpenDoor;
let key: MadeKey;
const generous = { per_second: 100_000, burst: 100_000 };
beforeAll(async () => {
  here = await world();
  open = openDoor(here, { config: { requests: generous, requests_by_address: generous, requests_by_key: generous, sends: generous } });
  key = await keyBy(here.chat, here.ann, { scope: "admin" });
});
afterAll(() => here.dispose());

type Operation = { security: Record<string, []>[] };
const NOBODY = "0000000000000000000nothere";

test("each operation of /openapi.json can be asked by what it says, and by nothing else", async () => {
  const { paths, components } = (await visit(open, null).ask("GET", "/openapi.json")).body;
  expect(Object.keys(components.securitySchemes)).toEqual(Object.keys(securitySchemes));
  const credentials: Record<string, Record<string, string>> = {
    access_token: { authorization: `Bearer ${await tokenOf(open, here.bob)}` },
    "api_key user_id": byKey(key, here.bob.user_id),
    api_key: byKey(key),
    operator_key: { "x-api-key": here.chat.keys.operator_key },
  };
  const operations = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ method: method.toUpperCase(), path, security })),
  );
  expect(operations.length).toBeGreaterThan(40);
  for (const { method, path, security } of operations) {
    const told = security.map((requirement) => Object.keys(requirement).join(" "));
    const ask = (headers: Record<string, string>): Promise<Answer> =>
      visit(open, null).ask(method, path.replace(/\{\w+\}/gu, NOBODY), method === "GET" ? undefined : {}, headers);
    if (!path.startsWith("/api/")) continue; // the operator's own look at their body first
    const isOpen = told.length === 0 && !path.endsWith("/auth/refresh"); // its credential is in its body
    expect([path, isLetIn(await ask({}))]).toEqual([path, isOpen]);
    if (told.length === 0) continue;
    for (const [name, headers] of Object.entries(credentials)) {
      const expected = told.includes(name) || (path.endsWith("/auth/tokens") && name === "access_token"); // let in, and forbidden: only a key mints
      expect([method, path, name, isLetIn(await ask(headers))]).toEqual([method, path, name, expected]);
    }
  }
});

const isLetIn = ({ status, body }: Answer): boolean => status !== 401 && !body?.error?.fields?.includes("x-user-id");
