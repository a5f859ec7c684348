/**
 * The steps of the gate, in order: each is one command. A line has lanes, which run at the same time, and a lane has steps, one after the other. Two lanes
 * may compute, as two cores can; in a third one is mostly waited. What is told by how long it takes has a line for itself.
 */

import { REPORT_VARIABLE } from "./report.ts";

export type Step = {
  readonly name: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its tests are counted one by one, from the JUnit report that it writes. Other steps count as one. */
  readonly counts?: "tests";
  /** What such another step shows by ending well: the name of its one case in the reports. */
  readonly shows?: string;
  readonly limit_ms?: number;
};

export type Wish = { readonly install: boolean; readonly full: boolean };

const MINUTE = 60_000;

export function stepsFor({ install, full }: Wish): Step[][][] {
  const faults = cases("faults", "scripts/faults.ts", full ? [] : ["--kills", "5"], full ? 120 * MINUTE : 10 * MINUTE);
  const instances = cases("instances", "scripts/faults.ts", ["--instances", "2", "--trials", full ? "20" : "2"], full ? 30 * MINUTE : 5 * MINUTE);
  const lines: (Step[][] | false)[] = [
    install && [[script("install", "scripts/check/install.ts", full ? ["--full"] : [])]],
    [
      [
        bun("format", ["fmt", "--check"]),
        { ...bun("types", ["check", "--no-script", "-p", "tsconfig.json"]), shows: "the server's sources are of strict types" },
        bun("types-client", ["check", "--no-script", "-p", "client/tsconfig.json"]),
        { ...bun("lint", ["run", "--bun", "oxlint"]), shows: "the linter finds nothing: no floating promise, and none where a value is due" },
      ],
      [
        { ...script("boundaries", "scripts/boundaries.ts"), shows: "no source crosses a boundary" },
        script("migrations", "scripts/check/migrations.ts"),
        script("build", "scripts/build.ts"),
      ],
    ],
    [[cases("start", "scripts/check/executable.ts", full ? ["--full"] : [])]],
    // What is a process runs from its sources on SQLite and as the executable on Postgres; the step `executable` has it on SQLite. An outage is mostly
    // waited for, and so are the end of a claim and a phone that takes a minute.
    [
      [
        tests("sqlite", ["./db", "./server", "./scripts", NOT_EXECUTABLE], { SNUG_TEST_STORE: "sqlite" }),
        tests("client", ["--preload", "./client/testing/dom.ts", "./client"]),
        cases("sdk", "scripts/sdk.ts"),
      ],
      [tests("postgres", ["./server", NOT_EXECUTABLE, ...ON_BOTH], { SNUG_TEST_STORE: "postgres", SNUG_TEST_TARGET: "executable" })],
      [
        cases("outages", "scripts/faults.ts", ["--outages"], 5 * MINUTE),
        cases("silence", "scripts/faults.ts", ["--stalls", "--only", "a half-open|a phone"], 5 * MINUTE),
        cases("deliveries", "scripts/faults.ts", ["--deliveries", ...(full ? [] : ["--events", "1000", "--store", "sqlite"])], 20 * MINUTE),
        tests("executable", ["./server/executable"], { SNUG_TEST_TARGET: "executable" }),
      ],
    ],
    [[cases("walk", "scripts/walk.ts", [], 10 * MINUTE)]],
    full && [[cases("whole-history", "scripts/walk/whole-history.ts", [], 30 * MINUTE)]],
    full && [[cases("firefox", "scripts/walk/firefox.ts", [], 10 * MINUTE)]],
    [[cases("screens", "scripts/walk/inspect.ts", [], 10 * MINUTE)]],
    ...(full ? [[[faults]], [[instances]]] : [[[faults], [instances]]]),
    [[cases("stalls", "scripts/faults.ts", ["--stalls", "--only", "reader|flood|SIGTERM"], 5 * MINUTE)]], // told by others' p99
    full && [[cases("mutants", "scripts/faults.ts", ["--mutants"], 60 * MINUTE)]],
    full && [[cases("proxies", "scripts/check/proxies.ts")]],
    full && [[cases("storms", "scripts/faults.ts", ["--storms"], 10 * MINUTE)]],
    full && [[cases("turns", "scripts/check/turns.ts", [], 10 * MINUTE)]],
    full && [[script("container", "scripts/check/container.ts", [], 20 * MINUTE)]],
    [[script("ledgers", "scripts/check/ledgers.ts")]],
  ];
  return lines.filter((line) => line !== false);
}

/** They choose their database by themselves, as all tests of `db` do: once is enough. */
const ON_BOTH = [
  "chat/acks-at-once",
  "hot-queries",
  "torn-wal",
  "backplane/*",
  "plugins/store",
  "live/instances",
  "live/hears-elsewhere",
  "live/presence-elsewhere",
  "http/any-instance",
  "instances",
].map((name) => `--path-ignore-patterns=server/${name}.test.ts`);
const NOT_EXECUTABLE = "--path-ignore-patterns=server/executable/**";

function bun(name: string, words: readonly string[]): Step {
  return { name, words: [process.execPath, ...words] };
}

function script(name: string, path: string, words: readonly string[] = [], limit_ms = 5 * MINUTE): Step {
  return { ...bun(name, ["run", path, ...words]), limit_ms };
}

/** A script that tells its cases one by one, by report.ts. */
function cases(name: string, path: string, words: readonly string[] = [], limit_ms = 5 * MINUTE): Step {
  return { ...script(name, path, words, limit_ms), env: { [REPORT_VARIABLE]: reportOf(name, "xml") }, counts: "tests" };
}

function tests(name: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Step {
  const report = ["--reporter=junit", `--reporter-outfile=${reportOf(name, "xml")}`];
  return { ...bun(name, ["test", "--only-failures", "--timeout=60000", ...report, ...words]), env, counts: "tests", limit_ms: 10 * MINUTE };
}

/** Where a step leaves its output (`log`) or its JUnit report (`xml`). */
export const reportOf = (name: string, kind: "log" | "xml"): string => `reports/${name}.${kind}`;
