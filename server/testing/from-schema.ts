/** Values made of a JSON Schema: what it allows, and what it does not. Every text that may hold it holds `mark`, so that an echo is found. */
import fc from "fast-check";

export type Json = { readonly [key: string]: unknown };
export type Make = {
  /** What the schema allows; a field by one of these names is now and then one that is really there. */
  allowed(schema: unknown): fc.Arbitrary<unknown>;
  /** Mostly something else: one field of another type, missing, odd or too much; or nothing of it at all. */
  broken(schema: unknown): fc.Arbitrary<unknown>;
};

const LONGEST = 300;

/** `document` is what `$ref` points into; `known` gives the real ids of a field, by its name. */
export function fromSchemas(document: Json, mark: string, known: (name: string) => readonly string[]): Make {
  const at = (schema: unknown): Json => {
    if (!isObject(schema)) return {};
    if (typeof schema.$ref !== "string") return schema;
    return at(
      schema.$ref
        .slice(2)
        .split("/")
        .reduce<unknown>((here, piece) => (isObject(here) ? here[piece] : undefined), document),
    );
  };

  const allowed = (given: unknown, name = ""): fc.Arbitrary<unknown> => {
    const schema = at(given);
    const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
    if (choices) return fc.oneof(...choices.map((choice) => allowed(choice, name)));
    if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum);
    if ("const" in schema) return fc.constant(schema.const);
    const types = [schema.type].flat();
    if (types.length > 1) return fc.oneof(...types.map((type) => allowed({ ...schema, type }, name)));
    switch (types[0]) {
      case "null":
        return fc.constant(null);
      case "boolean":
        return fc.boolean();
      case "integer":
      case "number":
        return numberOf(schema);
      case "string":
        return textOf(schema, name);
      case "array":
        return arrayOf(schema, name);
      case "object":
        return objectOf(schema);
      default:
        return anything;
    }
  };

  const textOf = ({ pattern, format, minLength, maxLength }: Json, name: string): fc.Arbitrary<string> => {
    const real = known(name);
    const most = Math.min(typeof maxLength === "number" ? maxLength : LONGEST, LONGEST);
    const form = typeof pattern === "string" ? new RegExp(pattern, "u") : null;
    const fits = (text: string): boolean => text.length >= Number(minLength ?? 0) && text.length <= most && (form === null || form.test(text));
    const free = form
      ? fc.stringMatching(form)
      : format === "date-time"
        ? fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
        : fc.string({ unit: "grapheme", maxLength: 12 });
    const marked = free.map(
      (text) => [`${mark}${text}`, `${text}${mark}`, mark, text].find(fits) ?? text.slice(0, most).padEnd(Number(minLength ?? 0), "x"),
    );
    return real.length > 0 ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...real) }, { weight: 1, arbitrary: marked }) : marked;
  };

  const arrayOf = ({ items, prefixItems, minItems, maxItems }: Json, name: string): fc.Arbitrary<unknown[]> =>
    Array.isArray(prefixItems)
      ? fc.tuple(...prefixItems.map((item) => allowed(item, name)))
      : fc.array(allowed(items, name), { minLength: Number(minItems ?? 0), maxLength: Math.min(Number(maxItems ?? 4), Number(minItems ?? 0) + 3) });

  const objectOf = ({ properties, required, patternProperties }: Json): fc.Arbitrary<unknown> => {
    if (!isObject(properties))
      return isObject(patternProperties) ? fc.dictionary(fc.constantFrom(mark, "colour", "size"), anything, { maxKeys: 3 }) : anything;
    const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, allowed(schema, name)]));
    return fc.record(fields, { requiredKeys: Object.keys(fields).filter((name) => Array.isArray(required) && required.includes(name)) });
  };

  const anything: fc.Arbitrary<unknown> = fc.oneof(...oddities(mark).map((value) => fc.constant(value)));

  const broken = (given: unknown): fc.Arbitrary<unknown> => {
    const schema = at(given);
    const [first] = [schema.anyOf, schema.oneOf].find(Array.isArray) ?? [];
    if (first !== undefined) return fc.oneof(broken(first), anything);
    const names = isObject(schema.properties) ? Object.keys(schema.properties) : [];
    if (names.length === 0) return anything;
    const one = fc.tuple(allowed(schema), fc.constantFrom(...names), anything, fc.constantFrom("change", "drop", "add", "bare"));
    return one.map(([value, name, odd, how]) => {
      if (!isObject(value) || how === "bare") return odd;
      if (how === "add") return { ...value, [`an odd ${mark}`]: odd };
      const { [name]: _, ...rest } = value;
      return how === "drop" ? rest : { ...rest, [name]: odd };
    });
  };

  return { allowed: (schema) => allowed(schema), broken };
}

function numberOf({ minimum, maximum }: Json): fc.Arbitrary<number> {
  const [min, max] = [Number(minimum ?? 0), Number(maximum ?? 1_000)];
  return fc.oneof(fc.integer({ min, max: Math.min(max, min + 20) }), fc.constantFrom(min, max));
}

/** What a careless or hostile program sends where something else was meant. */
export const oddities = (mark: string): readonly unknown[] => [
  null,
  true,
  -1,
  1.5,
  1e308,
  2 ** 53 + 2,
  "",
  mark,
  `${mark}\u0000`,
  `\ud800${mark}`,
  `\u202e${mark}\u200d`,
  `../../${mark}`,
  `' OR 1=1 -- ${mark}`,
  `<img src=x onerror=alert(1)>${mark}`,
  mark.repeat(40),
  [],
  [mark, [mark]],
  {},
  { [`an odd ${mark}`]: mark },
  { constructor: { prototype: mark }, length: -1 },
];

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
