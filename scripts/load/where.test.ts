import { expect, test } from "bun:test";
import type { Measured } from "./job.ts";
import { programs, type Scenario } from "./scenario.ts";
import { whereTable } from "./where-table.ts";
import { sharesOf } from "./where.ts";

const seen = `
 HTTP Client    41  55d0c1c2f1 (/srv/dist/snug)
        snug    41      7f12ab (perf-41.map)
        snug    41  7ffd11e000 ([vdso])
        snug    41  ffffffff81 ([kernel.kallsyms])
    postgres    77  55aa000001 (/usr/lib/postgresql/15/bin/postgres)
    postgres    77  ffffffff82 ([kernel.kallsyms])
        snug    42      7f12ab (perf-42.map)
     swapper     0  ffffffff83 ([kernel.kallsyms])
`;

test("samples of the server and of Postgres are told apart by what they belong to, and those of nobody else count", () => {
  expect(sharesOf(seen, [41])).toEqual({ bun: 2 / 6, script: 1 / 6, kernel: 1 / 6, database: 2 / 6 });
  expect(sharesOf(seen, [41, 42]).script).toBe(2 / 7);
  expect(() => sharesOf("", [41])).toThrow("nothing");
});

test("the table tells microseconds of one counted thing, what of that we need more than bare, and nothing of what was not looked at", () => {
  const scenario: Scenario = {
    ...{ group: "ingest", name: "ingest", store: "postgres", contenders: programs("snug", "postgres"), wanted: [] },
    cast: () => ({ rooms: [], people: [] }),
    ask: () => ({ kind: "idle", seats: [] }),
  };
  const looked: Measured = {
    ...{ count: 1, per_second: 10_000, per_cpu_second: 100, p50_ms: 1, p99_ms: 1, bytes: 1, audited: 1, more: {} },
    ...{ server_cpu: 0.5, database_cpu: 0.3, generator_cpu: 0.5, other_cpu: 0 },
    where: { script: 0.125, bun: 0.25, kernel: 0.25, database: 0.375 },
  };
  const bare: Measured = { ...looked, server_cpu: 0.4, where: { script: 0.1, bun: 0.25, kernel: 0.35, database: 0.3 }, database_cpu: 0.2 };
  const { where: _, ...unlooked } = bare;
  const rows = (beside: Measured): string[] =>
    whereTable([
      {
        ...{ scenario, failed: null },
        samples: new Map([
          ["snug", [looked]],
          ["postgres", [beside]],
        ]),
      },
    ])
      .split("\n")
      .slice(2);
  const ours = "| ingest | snug | 80.00 µs | 10.00 µs | 20.00 µs | 20.00 µs | 30.00 µs |";
  expect(rows(unlooked)).toEqual([`${ours}  |`]);
  expect(rows(bare)).toEqual([`${ours} 4.00 of 20.00 µs |`, "| ingest | postgres | 60.00 µs | 6.00 µs | 15.00 µs | 21.00 µs | 18.00 µs |  |"]);
});
