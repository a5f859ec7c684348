import { expect, test } from "bun:test";
import { placeOf } from "./open.ts";

test("a URL or a path says where the database is", () => {
  for (const url of ["postgres://ann@db/snug", "postgresql://db/snug?sslmode=require"]) expect(placeOf(url)).toEqual({ dialect: "postgres", url });
  for (const [url, path] of [
    ["sqlite:data/snug.db", "data/snug.db"],
    ["sqlite:/data/snug.db", "/data/snug.db"],
    ["sqlite:///data/snug.db", "/data/snug.db"],
    ["sqlite://snug.db", "snug.db"],
    ["/data/a:b.db", "/data/a:b.db"],
    ["snug.db", "snug.db"],
  ] as const)
    expect(placeOf(url)).toEqual({ dialect: "sqlite", path });
});

test("what is neither is refused, and what would vanish with the process too", () => {
  for (const url of ["mysql://db/snug", "file:snug.db", "postgres:snug", "sqlite:", "", ":memory:", "sqlite::memory:"])
    expect(() => placeOf(url)).toThrow("database");
});
