/**
 * Files that import one another in a ring: none of them can be read before the others, and which runs first is told by who asks first. Types make no
 * ring, nor does what is imported when it is first needed.
 */
import type { Source } from "./source.ts";

/** One fault for each file whose import closes a ring, with the whole of it. */
export function ringsIn(sources: readonly Source[]): string[] {
  const of = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const faults: string[] = [];
  const visit = (source: Source, way: readonly string[]): void => {
    const here = [...way, source.path];
    for (const { from, line, onlyTypes, isLate } of source.imports) {
      const next = of.get(from);
      if (!next || onlyTypes || isLate || done.has(from)) continue;
      const first = here.indexOf(from);
      if (first === -1) visit(next, here);
      else faults.push(`${source.path}:${line} closes a ring of imports: ${[...here.slice(first), from].join(" → ")}`);
    }
    done.add(source.path);
  };
  for (const source of sources) if (!done.has(source.path)) visit(source, []);
  return faults;
}
