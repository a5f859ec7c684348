/** The scenarios of `bun run faults --storms`: very many at once. Each takes less than two minutes. */
import { playAll, type Scenario } from "./scenarios.ts";
import { allHearAll } from "./storms/completeness.ts";
import { hotRoom } from "./storms/hot-room.ts";
import { allComeBack } from "./storms/reconnect.ts";

const scenarios: readonly Scenario[] = [
  [
    "three thousand sockets of a server that was killed are back within five seconds of its first answer, all at once",
    (executable) => allComeBack(executable, "herd"),
  ],
  [
    "three thousand sockets of a server that was killed are back within five seconds of its first answer, as our client comes back",
    (executable) => allComeBack(executable, "jitter"),
  ],
  ["a thousand people hear a thousand posts, each all of them and in order", allHearAll],
  ["one room of Postgres takes five hundred posts a second, in one order for everybody", hotRoom],
];

/** True if all is as promised. `only`: those whose name holds it. */
export const runStorms = (executable: string, only = ""): Promise<boolean> => playAll("storms", scenarios, executable, only);
