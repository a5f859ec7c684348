/** Every number that the second seed says of its speed and size, held against what was measured. What it took for granted is a claim here. */
import type { Measured } from "./job.ts";
import type { Outcome } from "./rounds.ts";
import { more, p50, perSecond } from "./scenario.ts";
import { shown, median, voidOf } from "./table.ts";

type Claim = {
  says: string;
  /** By name; absent: cannot be measured here, and `why` says so. */
  scenario?: string;
  what: string;
  of?: (measured: Measured) => number;
  at?: { least: number } | { most: number };
  unit?: string;
};

const claims: readonly Claim[] = [
  {
    says: "10,000+ messages per second (SQLite)",
    scenario: "ingest sqlite 256 senders 16 rooms",
    what: "acknowledged after a synced commit",
    of: perSecond,
    at: { least: 10_000 },
    unit: "/s",
  },
  {
    says: "10,000+ messages per second (Postgres)",
    scenario: "ingest postgres 256 senders 16 rooms",
    what: "acknowledged after a synced commit",
    of: perSecond,
    at: { least: 10_000 },
    unit: "/s",
  },
  {
    says: "100,000+ concurrent WebSocket connections",
    scenario: "idle 100100 sockets in six processes",
    what: "held for 60 s by six processes on one core, each with a database of its own",
    of: ({ count }) => count,
    at: { least: 100_000 },
    unit: "sockets",
  },
  {
    says: "SQLite handles 1,000+ concurrent readers",
    scenario: "reads of 50 messages of a million by 1000 clients",
    what: "clients at once, every answer compared",
    of: ({ count }) => (count > 0 ? 1_000 : 0),
    at: { least: 1_000 },
    unit: "readers",
  },
  {
    says: "REST API < 10 ms, typically",
    scenario: "reads of 50 messages of a million by 16 clients",
    what: "p50 of a page, 16 clients that do not pause",
    of: p50,
    at: { most: 10 },
    unit: "ms",
  },
  {
    says: "WebSocket delivery < 1 ms, locally",
    scenario: "latency 100 hearers 100 posts per second",
    what: "p50 from the scheduled time to the last of 100 sockets, stored on disk before",
    of: p50,
    at: { most: 1 },
    unit: "ms",
  },
  {
    says: "database queries < 5 ms, typically",
    scenario: "reads of 50 messages of a million by 1 client",
    what: "p50 of a whole page over HTTP, its queries in it, one client",
    of: p50,
    at: { most: 5 },
    unit: "ms",
  },
  {
    says: "10,000 concurrent users on one instance",
    scenario: "idle 10000 sockets",
    what: "people with a socket each, every one of them hearing its rooms",
    of: ({ count }) => count,
    at: { least: 10_000 },
    unit: "people",
  },
  { says: "databases of 100 GB and more", what: "the disk of this machine is not large enough; the largest measured holds 1,000,000 messages" },
  {
    says: "about 50 MB of memory",
    scenario: "start with a million messages",
    what: "resident when idle",
    of: more("held_mb"),
    at: { most: 50 },
    unit: "MB",
  },
  {
    says: "and 1 KB per active WebSocket",
    scenario: "idle 10000 sockets",
    what: "resident bytes per socket with 20 rooms, without the kernel's",
    of: more("bytes_per_socket"),
    at: { most: 1_024 },
    unit: "B",
  },
];

/** A table with a row for each claim: met, not met, or not run here. */
export function seedTable(outcomes: readonly Outcome[]): string {
  const head = ["| The second seed says | Measured here | Figure | Verdict |", "| --- | --- | --- | --- |"];
  return [...head, ...claims.map((claim) => rowOf(claim, outcomes))].join("\n");
}

function rowOf({ says, scenario, what, of, at, unit = "" }: Claim, outcomes: readonly Outcome[]): string {
  const outcome = outcomes.find((one) => one.scenario.name === scenario);
  const ours = of && outcome ? (outcome.samples.get("snug") ?? []).map(of) : [];
  if (!outcome || !at || ours.length === 0) return `| ${says} | ${what} | | not run here |`;
  const value = median(ours);
  const met = "least" in at ? value >= at.least : value <= at.most;
  const why = outcome.failed === null ? voidOf(outcome, false) : null;
  return `| ${says} | ${what} | ${shown(ours, unit)} | ${met ? "met" : "not met"}${why === null ? "" : ` (${why.slice(why.indexOf(": ") + 2)})`} |`;
}
