/** Shapes as a person reads them, for /openapi: markup made of our own document, every text of it escaped. */
import type { JsonSchema } from "./json-schema.ts";

export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

export const code = (text: string): string => `<code>${escaped(text)}</code>`;

/** One line: `array of Message`, `"dm" | "group"`, `integer 0–200`. */
export function typeOf(schema: unknown): string {
  if (!isObject(schema)) return "anything";
  if (typeof schema.$ref === "string") return linkTo(schema.$ref);
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices) return choices.map(typeOf).join(" or ");
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => code(JSON.stringify(word))).join(" or ");
  if ("const" in schema) return code(JSON.stringify(schema.const));
  if (Array.isArray(schema.prefixItems)) return `[${schema.prefixItems.map(typeOf).join(", ")}]`;
  if (schema.type === "array") return `array${counted(schema.minItems, schema.maxItems)} of ${typeOf(schema.items)}`;
  const types = [schema.type].flat().filter((type) => typeof type === "string");
  return escaped(types.join(" or ") || "anything") + boundsOf(schema);
}

/** A table of an object's fields; for another shape its type. */
export function fieldsOf(schema: unknown): string {
  if (!isObject(schema)) return "";
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices?.some((one) => isObject(one) && "properties" in one)) {
    return choices.map((one, place) => `<p class="quiet">Either ${place + 1} of ${choices.length}:</p>${fieldsOf(one)}`).join("");
  }
  if (!isObject(schema.properties)) return `<p>${typeOf(schema)}</p>`;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return tableOf(
    Object.entries(schema.properties).map(([name, shape]) => ({ name, type: typeOf(shape), note: required.has(name) ? "" : "optional" })),
  );
}

export function tableOf(rows: readonly { name: string; type: string; note: string }[]): string {
  const lines = rows.map(
    ({ name, type, note }) => `<tr><th scope="row">${code(name)}</th><td>${type}</td><td class="quiet">${escaped(note)}</td></tr>`,
  );
  return `<div class="wide" tabindex="0" role="group" aria-label="Fields"><table><tbody>${lines.join("")}</tbody></table></div>`;
}

const linkTo = (pointer: string): string => {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  return `<a href="#${pointer.includes("$defs") ? "frame" : "shape"}-${escaped(name)}">${escaped(name)}</a>`;
};

function boundsOf({ minLength, maxLength, minimum, maximum, pattern, format }: JsonSchema): string {
  const top = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return `${typeof format === "string" ? ` (${escaped(format)})` : ""}${counted(minLength, maxLength)}${counted(minimum, top)}${typeof pattern === "string" ? ` ${code(pattern)}` : ""}`;
}

function counted(least: unknown, most: unknown): string {
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return ` ${Number(least).toLocaleString("en")} or more`;
  return ` ${least === undefined ? "up to " : `${Number(least).toLocaleString("en")}–`}${Number(most).toLocaleString("en")}`;
}

const isObject = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);
