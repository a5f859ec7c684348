import { expect, test } from "bun:test";
import { readWords } from "./words.ts";

const commands = { serve: null, restore: ["--replace"], admin: [] };
const read = (line: string) => readWords(line.split(" ").filter(Boolean), commands, "serve");

test("settings stand anywhere, before the command too, each with its value", () => {
  const expected = { command: "restore", own: ["copy", "--replace"], settings: ["--data", "x"] };
  for (const line of ["restore copy --replace --data x", "restore --data x copy --replace", "--data x restore copy --replace"])
    expect(read(line)).toEqual(expected);
  expect(read("restore --data=x copy")).toEqual({ command: "restore", own: ["copy"], settings: ["--data=x"] });
});

test("a value is no command, and a name that is one stays a word where a command stands before it", () => {
  expect(read("--data serve")).toEqual({ command: "serve", own: [], settings: ["--data", "serve"] });
  expect(read("admin add-tenant serve --port 1")).toEqual({ command: "admin", own: ["add-tenant", "serve"], settings: ["--port", "1"] });
});

test("what is no command, and a flag of another one, is left to be refused as a setting", () => {
  expect(read("serv --port 1")).toEqual({ command: "serve", own: [], settings: ["--port", "1", "serv"] });
  expect(read("serve --replace")).toEqual({ command: "serve", own: [], settings: ["--replace"] });
  expect(read("admin --replace")).toEqual({ command: "admin", own: [], settings: ["--replace"] });
  expect(read("--port")).toEqual({ command: "serve", own: [], settings: ["--port"] });
});
