/** The scenarios of `bun run faults --outages`: what Snug stands on gives way, and comes back. Each on an executable of its own. */
import { clockJumps } from "./outages/clock.ts";
import { diskIsFull } from "./outages/full-disk.ts";
import { repliesAfterFlush } from "./outages/order.ts";
import { postgresIsAway } from "./outages/postgres-away.ts";
import { type Scenario, playAll } from "./scenarios.ts";

const scenarios: readonly Scenario[] = [
  ["a full disk refuses posts, goes on reading, and takes posts again", diskIsFull],
  [
    "while Postgres refuses connections everybody is told within five seconds, and it comes back by itself",
    (executable) => postgresIsAway(executable, "cut"),
  ],
  [
    "while Postgres says nothing everybody is told within five seconds, and it comes back by itself",
    (executable) => postgresIsAway(executable, "blackhole"),
  ],
  ["a clock that jumps an hour either way changes no order", clockJumps],
  ["each of a thousand replies comes after the flush of what it is about", repliesAfterFlush],
];

/** True if all is as promised. `only`: those whose name holds it. */
export const runOutages = (executable: string, only = ""): Promise<boolean> => playAll("outages", scenarios, executable, only);
