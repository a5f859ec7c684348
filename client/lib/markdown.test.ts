import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Block, blocksOf, type Inline, safeAddress } from "./markdown.ts";

const text = (words: string) => ({ kind: "text", text: words }) as const;
const paragraph = (...children: Inline[]): Block => ({ kind: "paragraph", children });
const one = (content: string): Inline[] => {
  const [block, ...rest] = blocksOf(content);
  if (block?.kind !== "paragraph" || rest.length > 0) throw new Error(`${content} is not one paragraph`);
  return block.children;
};

test("emphasis, strike, code and links are read", () => {
  expect(one("**a** *b* ~~c~~ `d`")).toEqual([
    { kind: "strong", children: [text("a")] },
    text(" "),
    { kind: "emphasis", children: [text("b")] },
    text(" "),
    { kind: "delete", children: [text("c")] },
    text(" "),
    { kind: "code", text: "d" },
  ]);
  const link = { kind: "link", href: "https://pier.example/a_b?c=1&d=2", children: [text("here")] };
  expect(one("[here](https://pier.example/a_b?c=1&d=2)")).toEqual([link as Inline]);
  expect(one("see https://pier.example/a_b.")).toEqual([
    text("see "),
    { kind: "link", href: "https://pier.example/a_b", children: [text("https://pier.example/a_b")] },
    text("."),
  ]);
  expect(one("write to ann@pier.example")[1]).toMatchObject({ kind: "link", href: "mailto:ann@pier.example" });
});

test("fences, quotes and lists are blocks; a list begins where it was begun", () => {
  expect(blocksOf("```ts\nlet a = 1;\n```")).toEqual([{ kind: "fence", language: "ts", text: "let a = 1;" }]);
  expect(blocksOf("```let a = 1;\nlet b;\n```")).toEqual([{ kind: "fence", language: "", text: "let a = 1;\nlet b;" }]);
  expect(blocksOf("> said\n\nanswered")).toEqual([{ kind: "quote", children: [paragraph(text("said"))] }, paragraph(text("answered"))]);
  expect(blocksOf("3. three\n4. four")).toEqual([{ kind: "list", start: 3, items: [[paragraph(text("three"))], [paragraph(text("four"))]] }]);
  expect(blocksOf("- a\n- b")).toMatchObject([{ kind: "list", start: null }]);
});

test("a line stays a line, and what documents know and chats do not stays as it was typed", () => {
  for (const typed of ["one\ntwo", "# no heading", "no heading\n---", "a\n===", "&lt;b&gt; &amp;", "<b>no tag</b>", "[a]: https://x.example"]) {
    expect(sayings(blocksOf(typed))).toBe(typed);
  }
});

test("people, rooms and emoji are words of their own, an address or a part of a word is none", () => {
  expect(one("@ann. and #general :tada:")).toEqual([
    { kind: "mention", name: "ann.", text: "@ann." },
    text(" and "),
    { kind: "room", name: "general", text: "#general" },
    text(" "),
    { kind: "emoji", name: "tada", text: ":tada:" },
  ]);
  for (const plain of ["a#b at 10:30:45", "C# and F#", "x@y", "::", ":a b:"]) expect(one(plain).every(({ kind }) => kind === "text")).toBe(true);
  expect(one("`@ann`")).toEqual([{ kind: "code", text: "@ann" }]);
});

test("a link leads only to http, https and mail; every other address stays the text it was typed as", () => {
  for (const address of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example",
    "/r/x",
  ]) {
    expect(safeAddress(address)).toBeNull();
    expect(one(`[press](${address})`)).toEqual([text(`[press](${address})`)]);
  }
  expect(one("![eye](https://spy.example/pixel.png)")[0]).toEqual(text("!"));
});

test("a text read twice is the same blocks", () => {
  expect(blocksOf("**once**") === blocksOf("**once**")).toBe(true);
});

const pieces = [
  ...["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "javascript:alert(1)", "[x](javascript:alert(1))"],
  ...[
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://spy.example/x.png)",
    "<https://ok.example>",
    "<javascript:alert(1)>",
    "&#106;avascript:",
    "&colon;",
  ],
  ...[
    "**",
    "*",
    "_",
    "~~",
    "`",
    "```",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "[",
    "](",
    ")",
    "\\",
    "@ann",
    "#general",
    ":tada:",
    "www.x.example",
    "http://",
  ],
  ...[
    "\u202e",
    "\u0000",
    "\u200b",
    "\ud83d",
    "שלום",
    "👩‍👩‍👧",
    "[a]: javascript:alert(1)\n[a]",
    "<a href='javascript:alert(1)'>x</a>",
    "\t",
    "    code",
    "---",
  ],
];

test("five hundred hostile texts hold nothing but words and safe addresses, and lose none of what was said", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 25 }), (parts) => {
      const content = parts.join("");
      const links = linksIn(blocksOf(content));
      for (const href of links) expect(href).toMatch(/^(?:https?|mailto):/u);
      const said = sayings(blocksOf(content));
      for (const word of ["script", "onerror", "onload"])
        expect(count(said + links.join(" "), word)).toBeGreaterThanOrEqual(Math.min(1, count(content, word)));
    }),
    { numRuns: 500 },
  );
});

test("the longest and most twisted message is read within a tenth of a second", () => {
  const long = 4_000;
  const fill = (piece: string): string => piece.repeat(Math.ceil(long / piece.length)).slice(0, long);
  blocksOf("**warm**");
  const twisted = [
    "[",
    "[a](",
    "*a ",
    "**a*",
    "*_",
    ">",
    "> ",
    "- ",
    "1. ",
    "`",
    "~~a",
    "<",
    "a@",
    "www.",
    "![",
    "\\",
    "```\n",
    "> - ",
    ">>>>>>>>>>>\n",
  ];
  for (const piece of twisted) {
    const reads = ["", " ", "  "].map((other) => {
      const began = process.cpuUsage(); // of the processor, which this machine may be sharing
      blocksOf(fill(piece) + other); // another text each time: the same one is not read again
      return process.cpuUsage(began).user / 1_000;
    });
    expect({ piece, slow: Math.min(...reads) > 100 }).toEqual({ piece, slow: false }); // the best of three
  }
});

const count = (content: string, word: string): number => content.split(word).length - 1;

function inlinesIn(blocks: readonly Block[]): Inline[] {
  const within = (inline: Inline): Inline[] => ("children" in inline ? [inline, ...inline.children.flatMap(within)] : [inline]);
  return blocks.flatMap((block) => {
    if (block.kind === "paragraph") return block.children.flatMap(within);
    if (block.kind === "fence") return [text(`${block.language} ${block.text}`)];
    return inlinesIn(block.kind === "quote" ? block.children : block.items.flat());
  });
}
const linksIn = (blocks: readonly Block[]): string[] => inlinesIn(blocks).flatMap((inline) => (inline.kind === "link" ? [inline.href] : []));
const sayings = (blocks: readonly Block[]): string =>
  inlinesIn(blocks)
    .map((inline) => ("text" in inline ? inline.text : inline.kind === "break" ? "\n" : ""))
    .join("");
