/** Which pieces of a program are what, in a dozen languages. Comes with the first fence that names one of them. */
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { createLowlight } from "lowlight";

/** What a piece is to a reader; null for what is only text. */
export type Paint = "comment" | "keyword" | "string" | "value" | "added" | "removed";
export type Piece = { text: string; paint: Paint | null };

const grammars = createLowlight({ bash, c, css, diff, go, java, javascript, json, python, rust, sql, typescript, xml, yaml });

/** As the grammars name it; what is not here is text. */
const paints: Readonly<Record<string, Paint>> = {
  comment: "comment",
  quote: "comment",
  doctag: "comment",
  keyword: "keyword",
  built_in: "keyword",
  type: "keyword",
  tag: "keyword",
  name: "keyword",
  "selector-tag": "keyword",
  meta: "keyword",
  string: "string",
  regexp: "string",
  char: "string",
  number: "value",
  literal: "value",
  symbol: "value",
  variable: "value",
  attr: "value",
  attribute: "value",
  property: "value",
  addition: "added",
  deletion: "removed",
};

/** The text in pieces, which together are the text; one piece where the language is not known. */
export function painted(text: string, language: string): Piece[] {
  const name = language.toLowerCase();
  if (!grammars.registered(name)) return [{ text, paint: null }];
  const pieces: Piece[] = [];
  const walk = (nodes: readonly Node[], paint: Paint | null): void => {
    for (const node of nodes) {
      if (node.type === "text") pieces.push({ text: node.value ?? "", paint });
      else walk(node.children ?? [], paintOf(node.properties) ?? paint);
    }
  };
  walk(grammars.highlight(name, text).children, null);
  return pieces;
}

/** A node of the tree that the grammars give, as far as it matters here. */
type Node = { type: string; value?: string; properties?: object; children?: readonly Node[] };

function paintOf(properties: object = {}): Paint | undefined {
  const names = "className" in properties && Array.isArray(properties.className) ? properties.className : [];
  return names.flatMap((name: unknown) => paints[String(name).replace(/^hljs-/u, "")] ?? [])[0];
}
