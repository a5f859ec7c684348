import { expect, test } from "bun:test";
import { isConnectionLost, StoreAway, storeFaultOf, withoutValues } from "./faults.ts";

const driver = (fields: Record<string, string>, message = "") => Object.assign(new Error(message), fields);
const sqlite = (code: string, message = "") => driver({ code }, message);
const postgres = (errno: string, more: Record<string, string> = {}) => driver({ code: "ERR_POSTGRES_SERVER_ERROR", errno, ...more });

test("a full disk, a database that is away, and a conflict are told apart on both databases, also as a cause", () => {
  const table = [
    [sqlite("SQLITE_FULL"), { kind: "full" }],
    [postgres("53100"), { kind: "full" }],
    ...["SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_IOERR_WRITE", "SQLITE_READONLY", "SQLITE_CANTOPEN"].map((code) => [
      sqlite(code),
      { kind: "away" },
    ]),
    ...["57P01", "57P02", "57P03", "53300", "57014", "55P03", "25006"].map((state) => [postgres(state), { kind: "away" }]),
    ...["ERR_POSTGRES_CONNECTION_CLOSED", "ERR_POSTGRES_CONNECTION_REFUSED", "ERR_POSTGRES_CONNECTION_TIMEOUT"].map((code) => [
      driver({ code }),
      { kind: "away" },
    ]),
    [new StoreAway("closed"), { kind: "away" }],
    [
      sqlite("SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: users.tenant_id, users.username"),
      { kind: "conflict", constraint: "users_username" },
    ],
    [sqlite("SQLITE_CONSTRAINT_PRIMARYKEY", "UNIQUE constraint failed: tenants.id"), { kind: "conflict", constraint: "tenants_pk" }],
    [sqlite("SQLITE_CONSTRAINT_PRIMARYKEY", "UNIQUE constraint failed: users.tenant_id, users.id"), { kind: "conflict", constraint: "users_pk" }],
    [postgres("23505", { constraint: "users_username", table: "users" }), { kind: "conflict", constraint: "users_username" }],
    [postgres("23505", { constraint: "tenants_pkey", table: "tenants" }), { kind: "conflict", constraint: "tenants_pk" }],
    [postgres("23505", { constraint: "users_tenant_id_id_pk", table: "users" }), { kind: "conflict", constraint: "users_pk" }],
  ] as const;
  for (const [error, fault] of table) {
    expect(storeFaultOf(error)).toEqual(fault as never);
    expect(storeFaultOf(new Error("outer", { cause: new Error("middle", { cause: error }) }))).toEqual(fault as never);
  }
});

test("everything else is a plain fault", () => {
  const circle = new Error("circle");
  circle.cause = circle;
  for (const error of [
    new Error("bug"),
    circle,
    null,
    undefined,
    "text",
    { code: "SQLITE_FULL" },
    sqlite("SQLITE_CONSTRAINT_NOTNULL"),
    sqlite("SQLITE_CORRUPT"),
    postgres("23502"),
    postgres("42P01"),
  ])
    expect(storeFaultOf(error)).toBeNull();
});

test("a lost connection is known from a question that failed on a good one", () => {
  expect(isConnectionLost(new Error("built query", { cause: postgres("57P01") }))).toBe(true);
  expect(isConnectionLost(driver({ code: "ERR_POSTGRES_CONNECTION_CLOSED" }))).toBe(true);
  for (const error of [postgres("57014"), postgres("23505"), new StoreAway("closed"), null]) expect(isConnectionLost(error)).toBe(false);
});

test("values are taken out of an error, its kind is not", () => {
  const values = ["secret"];
  const error = postgres("23505", { constraint: "users_username", table: "users", detail: "Key (username)=(secret) already exists." });
  expect(withoutValues(error, values)).toBe(error);
  expect([Bun.inspect(error).includes("secret"), values]).toEqual([false, []]);
  expect(storeFaultOf(error)).toEqual({ kind: "conflict", constraint: "users_username" });
});
