import { expect, test } from "bun:test";
import { createLog, type LogOptions } from "./log.ts";

function heard(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  return { lines, log: createLog({ level: "info", format: "text", now: () => Date.UTC(2026, 0, 2), write: (line) => lines.push(line), ...options }) };
}

test("an event is one line of time, level, name and fields", () => {
  const { log, lines } = heard();
  log.info("started", { port: 3000, data: "a b" });
  expect(lines).toEqual(['2026-01-02T00:00:00.000Z info  started port=3000 data="a b"\n']);
});

test("the same as JSON can be parsed again", () => {
  const { log, lines } = heard({ format: "json" });
  log.warn("slow", { ms: 12 });
  expect(JSON.parse(lines[0] ?? "")).toEqual({ time: "2026-01-02T00:00:00.000Z", level: "warn", event: "slow", ms: 12 });
});

test("what is below the level is not said", () => {
  const { log, lines } = heard({ level: "warn" });
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d", new Error("e"));
  expect(lines.map((line) => line.split(/ +/u)[2]?.trim())).toEqual(["c", "d"]);
});

test.each(["text", "json"] as const)("what a stranger chose cannot begin a line or command a terminal (%s)", (format) => {
  const { log, lines } = heard({ format });
  log.info("sign-in", { username: "ann\n2026-01-02T00:00:00.000Z info  owner\r\u2028\u2029\u0085\u009b31m\u001b[31m" });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n\r\u2028\u2029\u0080-\u009f\u001b]*\n$/u);
  expect(lines[0]).toContain("ann\\n2026");
});

test("a fault is told with its text, its stack and what caused it, in one line", () => {
  const { log, lines } = heard({ format: "json" });
  log.error("broke", new Error("outer", { cause: new Error("inner", { cause: new Error("root") }) }), { room_id: "r" });
  expect(lines[0]?.match(/\n/gu)).toHaveLength(1);
  const told = JSON.parse(lines[0] ?? "");
  expect(told).toMatchObject({ fault: "outer", causes: ["inner", "root"], room_id: "r" });
  expect(told.stack).toContain("log.test.ts");
});

test("nothing that is logged makes the log throw", () => {
  const { log, lines } = heard();
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const looped = new Error("looped");
  looped.cause = looped;
  log.error("thrown", "a text");
  log.info("odd", { circle, big: 2n ** 70n, none: undefined });
  log.error("looped", looped);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(`big="${2n ** 70n}"`);
});
