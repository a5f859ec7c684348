/**
 * What a program that was written by one description of the API would miss in another. What is asked may grow milder, what is answered may grow
 * richer; the other way round is a break. Names of shapes count too: generated clients use them.
 */
type Json = { readonly [key: string]: unknown };
type Side = { document: Json; schema: unknown };
/** Of what is sent to the server everything old must still be taken; of what it answers everything old must still be there. */
type Way = "asked" | "answered";

export function breaksBetween(old: Json, next: Json): string[] {
  return [...operationBreaks(old, next), ...missing(part(old, "components", "schemas"), part(next, "components", "schemas"), "shape")];
}

/** The same of /frames.json. */
export function frameBreaks(old: Json, next: Json): string[] {
  return Object.entries(part(old, "$defs"))
    .filter(([name]) => /^(Client|Server)./u.test(name) && !name.endsWith("Frame"))
    .flatMap(([name, schema]) => {
      const now = part(next, "$defs")[name];
      if (now === undefined) return [`${name} has gone`];
      return schemaBreaks({ document: old, schema }, { document: next, schema: now }, name, name.startsWith("Client") ? "asked" : "answered");
    });
}

function operationBreaks(old: Json, next: Json): string[] {
  return Object.entries(part(old, "paths")).flatMap(([path, methods]) =>
    Object.entries(asObject(methods)).flatMap(([method, operation]) => {
      const where = `${method.toUpperCase()} ${path}`;
      const now = asObject(part(next, "paths")[path])[method];
      if (now === undefined) return [`${where} has gone`];
      return [
        ...parameterBreaks(old, next, asObject(operation), asObject(now), where),
        ...bodyBreaks({ document: old, schema: asObject(operation).requestBody }, { document: next, schema: asObject(now).requestBody }, where),
        ...answerBreaks(old, next, asObject(operation), asObject(now), where),
      ];
    }),
  );
}

function parameterBreaks(old: Json, next: Json, operation: Json, now: Json, where: string): string[] {
  const named = (one: Json) =>
    new Map(asList(one.parameters).map((each) => [`${String(asObject(each).in)} ${String(asObject(each).name)}`, asObject(each)]));
  const [before, after] = [named(operation), named(now)];
  return [
    ...[...before].flatMap(([name, one]) => {
      const there = after.get(name);
      if (!there) return [`${where}: ${name} has gone`];
      return schemaBreaks({ document: old, schema: one.schema }, { document: next, schema: there.schema }, `${where}: ${name}`, "asked");
    }),
    ...[...after].flatMap(([name, one]) =>
      one.required === true && before.get(name)?.required !== true ? [`${where}: ${name} is required now`] : [],
    ),
  ];
}

function bodyBreaks(old: Side, next: Side, where: string): string[] {
  if (next.schema === undefined) return old.schema === undefined ? [] : [`${where}: the body has gone`];
  if (old.schema === undefined) return asObject(next.schema).required === true ? [`${where}: a body is required now`] : [];
  const grown = asObject(next.schema).required === true && asObject(old.schema).required !== true ? [`${where}: the body is required now`] : [];
  return [
    ...grown,
    ...schemaBreaks({ ...old, schema: contentOf(old.schema) }, { ...next, schema: contentOf(next.schema) }, `${where}: body`, "asked"),
  ];
}

function answerBreaks(old: Json, next: Json, operation: Json, now: Json, where: string): string[] {
  return Object.entries(asObject(operation.responses)).flatMap(([status, response]) => {
    const there = asObject(now.responses)[status];
    if (there === undefined) return [`${where}: the answer ${status} has gone`];
    const [before, after] = [contentOf(resolved({ document: old, schema: response })), contentOf(resolved({ document: next, schema: there }))];
    return before === undefined
      ? []
      : schemaBreaks({ document: old, schema: before }, { document: next, schema: after }, `${where}: ${status}`, "answered");
  });
}

/** `seen` ends at a shape that holds itself. */
function schemaBreaks(old: Side, next: Side, where: string, way: Way, seen: ReadonlySet<string> = new Set()): string[] {
  const name = asObject(old.schema).$ref;
  if (typeof name === "string" && seen.has(name)) return [];
  const inside = typeof name === "string" ? new Set([...seen, name]) : seen;
  const [before, after] = [resolved(old), resolved(next)];
  const choices = choicesOf(before);
  if (choices.length > 0 || choicesOf(after).length > 0) {
    const [olds, nows] = [choices.length > 0 ? choices : [before], choicesOf(after).length > 0 ? choicesOf(after) : [after]];
    return olds.flatMap((one, place) => {
      const tries = nows.map((now) => schemaBreaks({ ...old, schema: one }, { ...next, schema: now }, `${where} (${place + 1})`, way, inside));
      return tries.toSorted((a, b) => a.length - b.length)[0] ?? [];
    });
  }
  return [
    ...wordBreaks(before, after, where, way),
    ...boundBreaks(before, after, where, way),
    ...fieldBreaks({ ...old, schema: before }, { ...next, schema: after }, where, way, inside),
  ];
}

function fieldBreaks(old: Side, next: Side, where: string, way: Way, seen: ReadonlySet<string>): string[] {
  const [before, after] = [asObject(old.schema), asObject(next.schema)];
  const [wanted, wantedNow] = [asList(before.required), asList(after.required)];
  const fields = Object.entries(asObject(before.properties)).flatMap(([name, schema]) => {
    const now = asObject(after.properties)[name];
    return now === undefined
      ? [`${where}.${name} has gone`]
      : schemaBreaks({ ...old, schema }, { ...next, schema: now }, `${where}.${name}`, way, seen);
  });
  const needs = way === "asked" ? wantedNow.filter((name) => !wanted.includes(name)).map((name) => `${where}.${String(name)} is required now`) : [];
  const lacks =
    way === "answered" ? wanted.filter((name) => !wantedNow.includes(name)).map((name) => `${where}.${String(name)} may be absent now`) : [];
  const items =
    before.items === undefined || after.items === undefined
      ? []
      : schemaBreaks({ ...old, schema: before.items }, { ...next, schema: after.items }, `${where}[]`, way, seen);
  return [...fields, ...needs, ...lacks, ...items];
}

function wordBreaks(before: Json, after: Json, where: string, way: Way): string[] {
  const [words, wordsNow] = [wordsOf(before), wordsOf(after)];
  const gone =
    words === null || wordsNow === null
      ? way === "asked" && words === null && wordsNow !== null
        ? [`${where} takes only some words now`]
        : []
      : words.filter((word) => !wordsNow.includes(word)).map((word) => `${where} no longer knows ${JSON.stringify(word)}`);
  const [types, typesNow] = [typesOf(before), typesOf(after)];
  const other =
    types.length > 0 &&
    typesNow.length > 0 &&
    (way === "asked" ? types.some((type) => !typesNow.includes(type)) : typesNow.some((type) => !types.includes(type)));
  return other ? [...gone, `${where} was ${types.join(" or ")} and is ${typesNow.join(" or ")}`] : gone;
}

/** Only of what is sent to the server: that an answer grows is no break. */
function boundBreaks(before: Json, after: Json, where: string, way: Way): string[] {
  if (way === "answered") return [];
  const least = ["minimum", "minLength", "minItems"].filter((bound) => Number(after[bound] ?? -Infinity) > Number(before[bound] ?? -Infinity));
  const most = ["maximum", "maxLength", "maxItems"].filter((bound) => Number(after[bound] ?? Infinity) < Number(before[bound] ?? Infinity));
  return [...least, ...most].map((bound) => `${where}: ${bound} is narrower`);
}

const missing = (old: Json, next: Json, what: string): string[] =>
  Object.keys(old).flatMap((name) => (name in next ? [] : [`the ${what} ${name} has gone`]));

function resolved({ document, schema }: Side): Json {
  const pointer = asObject(schema).$ref;
  if (typeof pointer !== "string") return asObject(schema);
  return resolved({ document, schema: part(document, ...pointer.slice(2).split("/")) });
}

const choicesOf = (schema: Json): unknown[] => asList(schema.anyOf ?? schema.oneOf);
const wordsOf = (schema: Json): unknown[] | null => ("const" in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : null);
const typesOf = (schema: Json): unknown[] => (schema.type === undefined ? [] : [schema.type].flat());
const contentOf = (holder: unknown): unknown => asObject(asObject(asObject(holder).content)["application/json"]).schema;
const part = (document: Json, ...path: readonly string[]): Json => path.reduce<Json>((at, piece) => asObject(at[piece]), document);
const asObject = (value: unknown): Json => (typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {});
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
