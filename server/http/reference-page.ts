/**
 * /openapi: the document for people. Plain markup made on the server once, no script at all: the browser's own search opens what it finds,
 * `<details>` answer to keys, and the policy may forbid everything but our sheet.
 */
import type { Document } from "./document.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Operation } from "./operation.ts";
import { code, escaped, fieldsOf, tableOf, typeOf } from "./page-shapes.ts";

type Told = { method: string; path: string; operation: Operation };

export function pageOf(document: Document, frames: JsonSchema): string {
  const told = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  const groups = [...Map.groupBy(told, ({ operation }) => operation.tags?.[0] ?? "server")];
  const shapes = Object.entries(document.components.schemas);
  const frameShapes = Object.entries(typeof frames.$defs === "object" && frames.$defs !== null ? frames.$defs : {});
  const links = [...groups.map(([tag]) => [`group-${slug(tag)}`, tag] as const), ["shapes", "shapes"] as const, ["frames", "frames"] as const];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Snug API</title><link rel="stylesheet" href="/openapi.css"></head><body>
<a class="skip" href="#main">Skip to the operations</a>
<header><h1>Snug API</h1><p>${escaped(document.info.description)}</p>
<p class="quiet">Version ${escaped(document.info.version)} · <a href="/openapi.json">openapi.json</a> · <a href="/frames.json">frames.json</a></p></header>
<nav aria-label="Parts"><ul>${links.map(([to, name]) => `<li><a href="#${to}">${escaped(name)}</a></li>`).join("")}</ul></nav>
<main id="main">${groups.map(groupOf).join("")}
<section id="shapes"><h2>Shapes</h2>${shapes.map(([name, shape]) => shapeOf("shape", name, shape)).join("")}</section>
<section id="frames"><h2>Frames</h2><p>One JSON object in each text frame of <code>/ws</code>.</p>${frameShapes.map(([name, shape]) => shapeOf("frame", name, shape)).join("")}</section>
</main></body></html>`;
}

const slug = (tag: string): string => tag.replaceAll("/", "-");

const groupOf = ([tag, operations]: [string, readonly Told[]]): string =>
  `<section id="group-${slug(tag)}"><h2>${escaped(tag)}</h2>${operations.map(operationOf).join("")}</section>`;

function operationOf({ method, path, operation }: Told): string {
  const { summary, parameters = [], requestBody, responses = {}, security = [], deprecated = false } = operation;
  const asked = security.map((way) => Object.keys(way).join(" and ")).join(" or ");
  const named = parameters.map((one) => ({ name: one.name, type: typeOf(one.schema), note: `${one.in}${one.required ? "" : ", optional"}` }));
  const body = schemaIn(requestBody);
  const refused = Object.entries(responses).filter(([, response]) => codeOf(response) !== null);
  const given = Object.entries(responses).filter(([, response]) => codeOf(response) === null);
  return folded(
    operation.operationId ?? `${method}${path}`,
    `<span class="method">${method}</span> <span class="path">${escaped(path)}</span> <span class="quiet">${deprecated ? "On its way out. " : ""}${escaped(summary ?? "")}</span>`,
    `<p class="quiet">${asked === "" ? "Nobody needs a credential for this." : `Asked with ${escaped(asked)}.`}</p>
${named.length > 0 ? `<h3>Parameters</h3>${tableOf(named)}` : ""}
${body === undefined ? "" : `<h3>Body</h3>${fieldsOf(body)}`}
<h3>Answers</h3>${tableOf(given.map(([status, response]) => ({ name: status, type: inWords(schemaIn(response)), note: "" })))}
<p class="quiet">Refusals: ${refused.map(([status, response]) => `${status} ${code(codeOf(response) ?? "")}`).join(" · ")}</p>`,
  );
}

/** A refusal is pointed at by its code; anything else holds its shape. */
function codeOf(response: unknown): string | null {
  const pointer = isObject(response) && typeof response.$ref === "string" ? response.$ref : null;
  return pointer === null ? null : pointer.slice(pointer.lastIndexOf("/") + 1);
}

/** Where a shape has no name, its fields: `{ items: array of Room, next_cursor: string }`. */
function inWords(schema: unknown): string {
  if (schema === undefined) return "no body";
  if (!isObject(schema) || !isObject(schema.properties)) return typeOf(schema);
  return `{ ${Object.entries(schema.properties)
    .map(([name, shape]) => `${escaped(name)}: ${typeOf(shape)}`)
    .join(", ")} }`;
}

function schemaIn(holder: unknown): unknown {
  const content = isObject(holder) ? holder.content : undefined;
  const json = isObject(content) ? content["application/json"] : undefined;
  return isObject(json) ? json.schema : undefined;
}

const shapeOf = (kind: string, name: string, shape: unknown): string =>
  folded(`${kind}-${name}`, `<span class="path">${escaped(name)}</span>`, fieldsOf(shape));

/** Closed until asked for. The id stands inside: a link to what is folded away opens it. */
const folded = (id: string, head: string, inside: string): string =>
  `<details><summary>${head}</summary><div class="inside" id="${escaped(id)}">${inside}</div></details>`;

const isObject = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

export const styles = `
:root { color-scheme: light dark; --line: light-dark(#d9d6cf, #3b3e46); --quiet: light-dark(#5b6069, #a9adb8); --accent: light-dark(#1c6a67, #7fd0ca);
  --raised: light-dark(#fff, #23262d); --bg: light-dark(#fcfbf8, #191b20); --text: light-dark(#22252b, #ecebe6); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; max-inline-size: 72rem; background: var(--bg); color: var(--text);
  font: 0.9375rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.125rem; margin: 2rem 0 0.5rem; } h3 { font-size: 0.875rem; margin: 1rem 0 0.25rem; }
p { margin: 0.5rem 0; max-inline-size: 72ch; } a { color: var(--accent); }
code, .path, .method { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.8125rem; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.skip { position: absolute; inset-inline-start: 1rem; inset-block-start: -4rem; padding: 0.5rem 0.75rem; background: var(--raised); }
.skip:focus { inset-block-start: 0.5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; margin: 1rem 0; list-style: none; }
nav a { display: inline-block; padding-block: 0.375rem; }
details { border: 1px solid var(--line); border-radius: 8px; background: var(--raised); margin-block: 0.375rem; }
summary { padding: 0.625rem 0.75rem; cursor: pointer; overflow-wrap: anywhere; }
:is(summary, a, .wide):focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
details:has(> :target) { border-color: var(--accent); scroll-margin-block-start: 1rem; }
.inside { scroll-margin-block-start: 4rem; }
.method { display: inline-block; min-inline-size: 4rem; font-weight: 650; color: var(--accent); }
.inside { padding: 0 0.75rem 0.75rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; inline-size: 100%; }
th, td { text-align: start; vertical-align: baseline; padding: 0.3125rem 0.75rem 0.3125rem 0; border-block-end: 1px solid var(--line); font-weight: 400; }
th { white-space: nowrap; }
@media (max-width: 40rem) { tr { display: grid; padding-block: 0.25rem; border-block-end: 1px solid var(--line); } th, td { border: 0; padding-block: 0; } td:empty { display: none; } }
`;
