/** What was once published stays: docs/api/*.json are the descriptions that others have written their programs by. Renewed by `bun run contract`. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { breaksBetween, frameBreaks } from "../testing/breaks.ts";
import { openDoor } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { documentOf, framesDocument, type Document } from "./document.ts";

let here: World;
let now: Document;
beforeAll(async () => {
  here = await world();
  now = documentOf(openDoor(here).app);
});
afterAll(() => here.dispose());

const published = async (name: string) => Bun.file(resolve(import.meta.dir, `../../docs/api/${name}.json`)).json();

test("nothing of the published description is missing, narrower or newly required in this build", async () => {
  expect(breaksBetween(await published("openapi"), now)).toEqual([]);
  expect(frameBreaks(await published("frames"), framesDocument())).toEqual([]);
});

describe("a break is found:", () => {
  /** The document of today, changed by this in its text. */
  const changed = (from: string, to: string): Document => {
    const text = JSON.stringify(now);
    expect(text).toContain(from);
    return JSON.parse(text.replaceAll(from, to));
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- takes a piece out of a tree of any shape
  const without = (change: (copy: any) => void): Document => {
    const copy = structuredClone(now);
    change(copy);
    return copy;
  };

  test("a route, a status, a parameter, a shape that has gone", () => {
    expect(
      breaksBetween(
        now,
        without(({ paths }) => delete paths["/api/v1/me"].patch),
      ),
    ).toEqual(["PATCH /api/v1/me has gone"]);
    expect(
      breaksBetween(
        now,
        without(({ paths }) => delete paths["/api/v1/rooms"].post.responses[200]),
      ),
    ).toEqual(["POST /api/v1/rooms: the answer 200 has gone"]);
    expect(
      breaksBetween(
        now,
        without(({ paths }) => paths["/api/v1/users"].get.parameters.shift()),
      ),
    ).toEqual(["GET /api/v1/users: query ids has gone"]);
    expect(
      breaksBetween(
        now,
        without(({ components }) => (components.schemas.Person = components.schemas.User) && delete components.schemas.User),
      ),
    ).toContain("the shape User has gone");
  });

  test("a field that has gone or may be absent, wherever its shape is answered", () => {
    const found = breaksBetween(
      now,
      without(({ components }) => delete components.schemas.Message.properties.seq),
    );
    expect(found.some((one) => one.startsWith("GET /api/v1/rooms/{room_id}/messages/{message_id}: 200"))).toBe(true);
    expect(
      breaksBetween(
        now,
        without(({ components }) => (components.schemas.User.required = ["id"])),
      ).join(),
    ).toContain("display_name may be absent now");
  });

  test("a field that is required now, a word that is no longer known, a narrower bound, another type", () => {
    expect(
      breaksBetween(
        now,
        without(({ components }) => (components.schemas.PatchMe.required = ["settings"])),
      ),
    ).toEqual(["PATCH /api/v1/me: body.settings is required now"]);
    expect(breaksBetween(now, changed('"enum":["owner","admin","member"]', '"enum":["owner","member"]')).join()).toContain('no longer knows "admin"');
    expect(breaksBetween(now, changed('"minLength":8', '"minLength":9')).join()).toContain("minLength is narrower");
    expect(
      breaksBetween(
        now,
        without(({ components }) => (components.schemas.Message.properties.seq = { type: "string" })),
      ).join(),
    ).toContain("seq was integer and is string");
  });

  test("and what only grows is none: another route, field, word, status, a milder bound", () => {
    const grown = without(({ paths, components }) => {
      paths["/api/v1/new"] = { get: { responses: { 200: {} } } };
      paths["/api/v1/me"].get.responses[418] = { description: "New." };
      components.schemas.Message.properties.new_field = { type: "string" };
      components.schemas.PatchMe.properties.new_field = { type: "string" };
      components.schemas.User.properties.role.enum.push("guest");
      components.schemas.Register.properties.password.minLength = 1;
    });
    expect(breaksBetween(now, grown)).toEqual([]);
    expect(breaksBetween(now, now)).toEqual([]);
  });

  test("a frame or a field of one that has gone", () => {
    const frames: any = structuredClone(framesDocument()); // oxlint-disable-line typescript/no-explicit-any -- as above
    delete frames.$defs.ServerSynced.properties.verdict;
    delete frames.$defs.ClientTyping;
    expect(frameBreaks(framesDocument(), frames).toSorted()).toEqual(["ClientTyping has gone", "ServerSynced.verdict has gone"]);
  });
});
