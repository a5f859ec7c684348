import { describe, expect, test } from "bun:test";
import { Refusal } from "../chat/refusal.ts";
import { headOf, parseFrame } from "./frames.ts";

function told(text: string): string {
  try {
    return `reads ${parseFrame(text, { bytes: 65_536, depth: 16, keys: 200 }).type}`;
  } catch (fault) {
    if (fault instanceof Refusal) return [fault.reason, ...(fault.detail.fields ?? [])].join(" ");
    throw fault;
  }
}

describe("a text that no table can keep is refused in every field of every frame, as in a body:", () => {
  const fields: [path: string, frame: (text: string) => string][] = [
    ["content", (text) => `{"type":"message","room_id":"r","client_id":"client-0123456789","content":"${text}"}`],
    ["meta.note", (text) => `{"type":"message","room_id":"r","client_id":"client-0123456789","content":"x","meta":{"note":"${text}"}}`],
    [
      "meta.list.1.note",
      (text) => `{"type":"message","room_id":"r","client_id":"client-0123456789","content":"x","meta":{"list":[1,{"note":"${text}"}]}}`,
    ],
    ["content", (text) => `{"type":"edit","room_id":"r","message_id":"m","content":"${text}"}`],
    ["epoch", (text) => `{"type":"sync","epoch":"${text}"}`],
    ["id", (text) => `{"type":"ping","id":"${text}"}`],
  ];
  for (const [path, frame] of fields) {
    test(`${path} of ${frame("…").slice(0, 20)}`, () => {
      for (const kept of ["plain", "\\ud83d\\ude42", "\\u0001", "\\\\u0000"]) expect(told(frame(kept))).toStartWith("reads");
      for (const unkept of ["\\u0000", "\\ud83d", "\\ude42", "a\\ude42\\ud83d"]) expect(told(frame(unkept))).toBe(`invalid ${path.split(".")[0]}`); // keys of `meta` are its author's
    });
  }
  test("a key of meta, without being repeated", () => {
    const frame = (meta: string) => `{"type":"message","room_id":"r","client_id":"client-0123456789","content":"x","meta":${meta}}`;
    expect(told(frame('{"k\\u0001":1}'))).toBe("reads message");
    expect(told(frame('{"k\\u0000":1}'))).toBe("invalid meta");
    expect(told(frame('{"an odd name":{"x":"\\u0000"}}'))).toBe("invalid meta");
  });
});

test("a field that is wrong is named; a name that its sender made up only if it looks like one", () => {
  expect(told('{"type":"ack","room_id":"r","seq":-1}')).toBe("invalid seq");
  expect(told('{"type":"sync","rooms":[["r",1],["r","x"]]}')).toBe("invalid rooms.1.1");
  expect(told('{"type":"ping","extra":1}')).toBe("invalid extra");
  expect(told('{"type":"ping","<img src=x>":1}')).toBe("invalid");
});

test("a refused frame is answered by its own id, whatever its meta calls so", () => {
  const heads: [text: string, head: object][] = [
    ['{"type":"ping","id":"7"}', { id: "7" }],
    ['{"id":"7","type":"ping"', { id: "7" }],
    ['{ "id" : "7" , "x" : 1', { id: "7" }],
    ['{"type":"message","meta":{"id":"inner","type":"ping"},"id":"7"}', { id: "7" }],
    ['{"type":"message","meta":{"id":"inner"}}', { re: "message" }],
    ['{"type":"message","content":"id","meta":["id",{"id":"inner"}]}', { re: "message" }],
    ['{"type":"message","content":"\\"id\\":\\"said\\""}', { re: "message" }],
    ['{"type":"ping","id":"first","id":"last"}', { id: "last" }],
    ['{"type":"ping","id":""}', { id: "" }],
    [`{"type":"ping","id":"${"x".repeat(65)}"}`, { re: "ping" }],
    ['{"type":"ping","id":"\\u0037"}', { re: "ping" }],
    ['{"type":"ping","id":7}', { re: "ping" }],
    ['{"type":"nonsense"}', { re: "unknown" }],
    ['{"type":"__proto__"}', { re: "unknown" }],
    ['{"type":"ping","id":"7', { re: "ping" }],
    ['{"type":"ping', { re: "unknown" }],
    ["", { re: "unknown" }],
    ['"', { re: "unknown" }],
    ['{"id":"\\', { re: "unknown" }],
  ];
  for (const [text, head] of heads) expect([text, headOf(text)]).toEqual([text, head]);
});
