/** The rights matrix once more, asked by keys: what it says of a person holds for a key that acts for them, and no key may do more. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Principal } from "../chat/principal.ts";
import { byKey, keyBy, type MadeKey } from "../testing/keys.ts";
import { type Answer, visit } from "../testing/visitor.ts";
import { type Asker, askers, CANARY, type Cast, matrixCast, stageFor } from "./matrix.cast.ts";
import { entries, type Entry } from "./matrix.entries.cast.ts";

let cast: Cast;
let keys: Record<"server" | "admin" | "read" | "theirs" | "plain", MadeKey>;
beforeAll(async () => {
  cast = await matrixCast();
  const { chat, ann, mallory } = cast.world;
  keys = {
    server: await keyBy(chat, ann, { impersonate: true }),
    admin: await keyBy(chat, ann, { scope: "admin", impersonate: true }),
    read: await keyBy(chat, ann, { scope: "read", impersonate: true }),
    theirs: await keyBy(chat, mallory, { scope: "admin", impersonate: true }),
    plain: await keyBy(chat, ann, { scope: "admin" }),
  };
});
afterAll(() => cast.dispose());

const statusFor = (answers: string, asker: Asker): number => Number(answers.trim().split(/\s+/u)[askers.indexOf(asker)]);
/** The routes that ask for a credential of the API; the operator's ask for the operator's own key, a download for a ticket alone. */
const asked = entries.filter(
  ({ answers, route, operator }) =>
    statusFor(answers, "nobody") === 401 && route.includes("/api/") && operator === undefined && !route.endsWith("/download"),
);
const mints = ({ route }: Entry): boolean => route.includes("/auth/tokens");
const writes = ({ route }: Entry): boolean => !route.startsWith("GET ");
const named = ({ route }: Entry): boolean => /password|sign-ins/u.test(route); // of somebody who signs in

describe("a key of scope server that acts for bob is answered as bob is:", () => {
  for (const entry of asked.filter((one) => !mints(one) && !named(one))) {
    test(entry.route, async () => {
      expect((await ask(entry, "bob", keys.server, cast.whoIs.bob)).status).toBe(entry.application ?? statusFor(entry.answers, "bob"));
    });
  }
});

describe("a key of scope admin that acts for dan, who is an admin, is answered as dan is:", () => {
  for (const entry of asked.filter((one) => !mints(one) && !named(one))) {
    test(entry.route, async () => {
      expect((await ask(entry, "dan", keys.admin, cast.whoIs.dan)).status).toBe(statusFor(entry.answers, "dan"));
    });
  }
});

test("a key that only reads is answered as its user where something is read, and forbidden wherever something could change", async () => {
  for (const entry of asked) {
    const { status } = await ask(entry, "bob", keys.read, cast.whoIs.bob);
    expect([entry.route, status]).toEqual([entry.route, writes(entry) ? 403 : statusFor(entry.answers, "bob")]);
  }
});

test("a key for a person with a password is forbidden everything unless it may impersonate, and one of another workspace finds nothing", async () => {
  for (const entry of asked) {
    const stage = stageFor(cast, "bob");
    expect([entry.route, (await ask(entry, "bob", keys.plain, cast.whoIs.bob, stage)).status]).toEqual([entry.route, 403]);
    const theirs = await ask(entry, "bob", keys.theirs, cast.whoIs.mallory, stage);
    expect([entry.route, theirs.text.includes(CANARY)]).toEqual([entry.route, false]);
    if (entry.route.includes("/:")) expect([entry.route, [403, 404].includes(theirs.status)]).toEqual([entry.route, true]);
  }
});

async function ask(entry: Entry, asker: Asker, key: MadeKey, who: Principal | null, stage = stageFor(cast, asker)): Promise<Answer> {
  const [method = "", template = ""] = entry.route.split(" ");
  const params = (await entry.params?.(stage)) ?? {};
  const path = template.replace(/:(\w+)/gu, (_whole, name: string) => params[name] ?? "").replace(/(?<=.)\/$/u, "");
  const body = await entry.body?.(stage);
  return visit(cast.open, null).ask(method, entry.query === undefined ? path : `${path}?${entry.query}`, body, byKey(key, who?.user_id));
}
