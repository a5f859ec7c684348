/**
 * What people write, read as Markdown into a few shapes of ours. Nothing here makes markup: HTML, images and addresses of other schemes stay
 * the text they were typed as, so whatever a message says, a view can only draw words. Hostile depth costs no more than plain text.
 */
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmAutolinkLiteralFromMarkdown } from "mdast-util-gfm-autolink-literal";
import { gfmStrikethroughFromMarkdown } from "mdast-util-gfm-strikethrough";
import { gfmAutolinkLiteral } from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough } from "micromark-extension-gfm-strikethrough";
import { wordsIn, type Word } from "./words.ts";

export type Inline =
  | Word
  | { kind: "break" }
  | { kind: "code"; text: string }
  | { kind: "strong" | "emphasis" | "delete"; children: Inline[] }
  | { kind: "link"; href: string; children: Inline[] };
export type Block =
  | { kind: "paragraph"; children: Inline[] }
  | { kind: "fence"; language: string; text: string }
  | { kind: "quote"; children: Block[] }
  | { kind: "list"; start: number | null; items: Block[][] };

/** The blocks of a text; the same ones when it is asked again, so that a row drawn anew reads nothing anew. */
export function blocksOf(content: string): readonly Block[] {
  const known = read.get(content);
  if (known) return known;
  const blocks = isPlain(content) ? [plain(content)] : parsed(content);
  if (read.size >= READ_MAX) read.delete(read.keys().next().value ?? "");
  read.set(content, blocks);
  return blocks;
}

/** The same as words alone, on one line: for what is spoken, and where there is room for one line only. */
export const plainText = (content: string): string => saying(blocksOf(content)).replace(/\s+/gu, " ").trim();

const RIGHT_TO_LEFT = /^[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The direction of a block that holds others, by its first letter. `dir="auto"` does not look into blocks that have a direction of their own. */
export function directionOf(block: Block): "ltr" | "rtl" | "auto" {
  const letter = /\p{L}/u.exec(sayingOf(block))?.[0];
  if (letter === undefined) return "auto";
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

const saying = (blocks: readonly Block[]): string => blocks.map(sayingOf).join(" ");

function sayingOf(block: Block): string {
  if (block.kind === "paragraph") return said(block.children);
  if (block.kind === "fence") return block.text;
  return block.kind === "quote" ? saying(block.children) : block.items.map(saying).join(" ");
}

const said = (inlines: readonly Inline[]): string =>
  inlines.map((inline) => ("text" in inline ? inline.text : "children" in inline ? said(inline.children) : " ")).join("");

const READ_MAX = 1_000; // two full timelines and what was read between them
const read = new Map<string, readonly Block[]>();

const DEPTH_MAX = 12; // quotes in quotes: beyond it nobody reads, and the parser's cost grows with the square
const MARKS_MAX = 600; // the same of emphasis
const deep = new RegExp(String.raw`^[ \t]*(?:(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])[ \t]*){${DEPTH_MAX + 1},}`, "mu");
const marks = /\*+|_+|~+/gu;
const meaningful = /[*_`~[\]\\<@#\n]|:[\w+/-]|www\.|^\s|\s$|^(?:[-+>]|\d{1,9}[.)])/iu;

const isPlain = (content: string): boolean => !meaningful.test(content) || deep.test(content) || (content.match(marks)?.length ?? 0) > MARKS_MAX;
const plain = (text: string): Block => ({ kind: "paragraph", children: [{ kind: "text", text }] });

/**
 * Chat is not a document: what would swallow a line, turn it into a heading or fetch something is off, and stays as it was typed. Most of it is left out
 * of the page altogether (scripts/build-client.ts).
 */
const typed = [
  ...["htmlFlow", "htmlText", "labelStartImage", "characterReference", "definition"],
  ...["codeIndented", "headingAtx", "setextUnderline", "thematicBreak"],
];
const extensions = [gfmStrikethrough({ singleTilde: false }), gfmAutolinkLiteral(), { disable: { null: typed } }];
const mdastExtensions = [gfmStrikethroughFromMarkdown(), gfmAutolinkLiteralFromMarkdown()];

type Node = ReturnType<typeof fromMarkdown>["children"][number];

function parsed(content: string): Block[] {
  const tree = fromMarkdown(content, { extensions, mdastExtensions });
  return tree.children.flatMap((node) => blockOf(node, content, 0));
}

function blockOf(node: Node, content: string, depth: number): Block[] {
  if (depth > DEPTH_MAX) return [plain(sourceOf(node, content))];
  switch (node.type) {
    case "paragraph":
      return [{ kind: "paragraph", children: inlinesOf(node.children, content, depth) }];
    case "code":
      return [fenceOf(`${node.lang ?? ""} ${node.meta ?? ""}`.trim(), node.value)];
    case "blockquote":
      return [{ kind: "quote", children: node.children.flatMap((child) => blockOf(child, content, depth + 1)) }];
    case "list": {
      const items = node.children.map((item) => item.children.flatMap((child) => blockOf(child, content, depth + 1)));
      return [{ kind: "list", start: node.ordered ? (node.start ?? 1) : null, items }];
    }
    default:
      return [plain(sourceOf(node, content))];
  }
}

/** Code that begins on the line of its fence is code, not the name of a language. */
function fenceOf(info: string, text: string): Block {
  if (/^[\w+#.-]{0,20}$/u.test(info)) return { kind: "fence", language: info, text };
  return { kind: "fence", language: "", text: text === "" ? info : `${info}\n${text}` };
}

const inlinesOf = (nodes: readonly Node[], content: string, depth: number): Inline[] => nodes.flatMap((node) => inlineOf(node, content, depth + 1));

function inlineOf(node: Node, content: string, depth: number): Inline[] {
  if (depth > 2 * DEPTH_MAX) return [{ kind: "text", text: sourceOf(node, content) }];
  switch (node.type) {
    case "text":
      return wordsIn(node.value);
    case "break":
      return [{ kind: "break" }];
    case "inlineCode":
      return [{ kind: "code", text: node.value }];
    case "strong":
    case "emphasis":
    case "delete":
      return [{ kind: node.type, children: inlinesOf(node.children, content, depth) }];
    case "link": {
      const href = safeAddress(node.url);
      if (href === null) return [{ kind: "text", text: sourceOf(node, content) }];
      return [{ kind: "link", href, children: inlinesOf(node.children, content, depth) }];
    }
    default:
      return [{ kind: "text", text: sourceOf(node, content) }];
  }
}

/** As it was typed. What the parser put together itself has no place in the source; it holds its own text. */
function sourceOf(node: Node, content: string): string {
  const [start, end] = [node.position?.start.offset, node.position?.end.offset];
  if (start !== undefined && end !== undefined) return content.slice(start, end);
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map((child) => sourceOf(child, content)).join("") : "";
}

const SCHEMES = ["http:", "https:", "mailto:"];

/** The address as a browser would go to it, or null where nobody should be sent: other schemes, and what is relative to us. */
export function safeAddress(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url && SCHEMES.includes(url.protocol) ? url.href : null;
}
