/** Frames that are JSON or nearly so, made from the schemas of the frames: each field of each with each odd value, and each whole with each odd form. */
import type { TSchema } from "@sinclair/typebox";
import { type ClientFrames, clientFrames } from "../protocol.ts";

export type Odd = {
  text: string;
  /** It breaks its schema, so that `ok` would be a hole; otherwise it may be either. */
  isWrong: boolean;
  /** Its `id`, where it has one, is "odd"; here that is the odd thing, and an answer may repeat it. */
  isNamed: boolean;
};

/** Stands in every odd value: no refusal may repeat it. */
export const ECHO = "echo-5d1f0c";

type Kind = "text" | "number" | "boolean" | "null" | "list" | "object";

const all = (kind: Kind | "unkept", texts: readonly string[]) => texts.map((text) => ({ text, kind }));

/** As JSON text, because half of it cannot be written as a value. `unkept` is text that no table keeps as it is. */
const values = [
  ...all("null", ["null"]),
  ...all("boolean", ["true"]),
  ...all("number", ["0", "1", "-0", "-1", "1.5", "1e3", "1e999", "-1e999", "9007199254740993", "1e-400", "123456789012345678901234567890"]),
  ...all("text", ['""', '" "', '"true"', `"${ECHO}"`, `"\\u202e${ECHO}\\u200b"`, `"\\ufeff${ECHO}"`, `"../../${ECHO}"`, `"' OR 1=1 --${ECHO}"`]),
  ...all("text", [`"<img src=x onerror=alert(1)>${ECHO}"`, `"${ECHO.repeat(2_000)}"`, `"Z\u0351\u036b\u0343${ECHO}"`]),
  ...all("text", ['"__proto__"', '"constructor"', '"me"']),
  ...all("unkept", [`"${ECHO}\\u0000"`, '"\\u0000"', `"${ECHO}\\ud800"`, `"\\udc00${ECHO}"`, '"\\udc00\\ud800"']),
  ...all("list", ["[]", "[null]", `["${ECHO}"]`, `[["${ECHO}"]]`, `[["${ECHO}",1e999]]`, '[["r",-1]]', '[["r",1,2]]', '[["__proto__",0]]']),
  ...all("list", [`[${"0,".repeat(3_000)}0]`]),
  ...all("object", ["{}", `{"an odd ${ECHO}":1}`, '{"__proto__":{"role":"owner"}}', '{"constructor":{"prototype":{"role":"owner"}}}']),
  ...all("object", ['{"toString":null}', `{"length":-1,"then":"${ECHO}"}`, '{"toJSON":1}', `{"${"k".repeat(200)}":1}`]),
];

/** Every odd frame of one type; `right` is one that its verb accepts. */
export function oddFrames<K extends keyof ClientFrames>(type: K, right: ClientFrames[K]): Odd[] {
  const { properties, required }: { properties: Record<string, TSchema>; required: readonly string[] } = clientFrames[type];
  const fields = Object.entries({ id: "odd", ...right }).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const written = (change: Record<string, string | null>): string =>
    `{${Object.entries({ ...Object.fromEntries(fields), ...change })
      .flatMap(([name, text]) => (text === null ? [] : [`"${name}":${text}`]))
      .join(",")}}`;
  const plain = written({});
  const odd = (text: string, isWrong: boolean, isNamed = false): Odd => ({ text, isWrong, isNamed });
  const inFields = Object.entries(properties).flatMap(([name, schema]) => [
    ...values.map(({ text, kind }) => odd(written({ [name]: text }), kind === "unkept" || !takes(schema, kind), name === "id")),
    odd(written({ [name]: null }), required.includes(name)),
    odd(plain.replace("{", `{"${name}":"${ECHO} the first",`), false, name === "id"), // doubled: the last counts
    odd(plain.replace(/\}$/u, `,"${name}":[["${ECHO} the last"]]}`), true, name === "id"),
  ]);
  const beyond = [
    "extra",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "user_id",
    "tenant_id",
    "who",
    `an odd ${ECHO}`,
    "",
    "TYPE",
    "type ",
  ];
  return [
    ...inFields,
    ...beyond.flatMap((name) =>
      ["null", '"x"', '{"role":"owner"}'].map((text) => odd(plain.replace(/\}$/u, `,${JSON.stringify(name)}:${text}}`), true)),
    ),
    ...wholes(plain).map((text) => odd(text, true)),
  ];
}

/** The form of the whole: what is round it, how deep, how many, and where it breaks off. */
function wholes(plain: string): string[] {
  const open = plain.slice(0, -1);
  const nested = (depth: number, left: string, right: string): string => left.repeat(depth) + "1" + right.repeat(depth);
  return [
    ...[`[${plain}]`, `"${ECHO}"`, `${plain}${plain}`, `${plain},`, `\u0000${plain}`, `${plain}\u0000`, `\ufeff${plain}`, `// ${ECHO}\n${plain}`],
    ...[
      `${open},}`,
      `${open},"x":NaN}`,
      `${open},"x":Infinity}`,
      `${open},"x":0x10}`,
      `${open},"x":01}`,
      `${open},"x":+1}`,
      `${open},"x":'${ECHO}'}`,
    ],
    ...[`${open},"x":undefined}`, `${open},"x":"\t"}`, `${open},"x":"\\x41"}`, `${open},"x":"\\u12"}`, `${open},x:1}`],
    ...[17, 1_000, 5_000].flatMap((depth) => [`${open},"meta":${nested(depth, "[", "]")}}`, `${open},"meta":${nested(depth, '{"a":', "}")}}`]),
    ...[201, 5_000].map((count) => `${open},"meta":{${Array.from({ length: count }, (_, i) => `"k${i}":1`).join(",")}}}`),
    `${open},"meta":[${'{"a":1},'.repeat(300)}1]}`,
    ...[0.1, 0.5, 0.9].map((part) => plain.slice(0, Math.floor(plain.length * part))),
    open,
  ];
}

/** Forms that are of no type. */
export const formless: readonly Odd[] = [
  ...values.map(({ text }) => text),
  ...values.map(({ text }) => `{"type":${text}}`),
  ...[
    "",
    " ",
    "{",
    "}",
    "[",
    '"',
    "{}",
    '{"id":"odd"}',
    `{"id":"odd","type":"${ECHO}"}`,
    '{"type":"MESSAGE"}',
    '{"type":"message "}',
    '{"type":["ping"]}',
  ],
  ...[
    '{"type":"hello"}',
    '{"type":"ok","id":"odd"}',
    '{"type":"pong","id":"odd"}',
    '{"type":"shutdown"}',
    '{"type":"send_nothing"}',
    "ping",
    "null null",
  ],
].map((text) => ({ text, isWrong: true, isNamed: false }));

/** Whether a value of this kind may pass at all: coarse, so that it is not the schema asked again. */
function takes(schema: TSchema, kind: Kind): boolean {
  const alternatives: TSchema[] = Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
  return alternatives.some(({ type, const: only }) => {
    if (only !== undefined) return false; // no odd value is a word that a schema names
    if (type === "string") return kind === "text";
    if (type === "integer") return kind === "number";
    if (type === "array") return kind === "list";
    return type === kind;
  });
}
