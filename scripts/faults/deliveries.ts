/** The scenarios of `bun run faults --deliveries`: other people's servers are ill, and ours is killed. Nothing of it leaves this machine. */
import { oncePerAttempt } from "./deliveries/kills.ts";
import { onePoisonEndpoint } from "./deliveries/poison.ts";
import { type Scenario, playAll } from "./scenarios.ts";

const scenariosOf = (events: number, seed: number): readonly Scenario[] => [
  ["an endpoint that is ill in six ways delays none of forty-nine beside it", onePoisonEndpoint],
  ["each event comes through three kills, and each attempt at it once at most", (executable) => oncePerAttempt(executable, events, seed)],
];

/** True if all is as promised. `events` are posted for the second; `only`: those whose name holds it. */
export const runDeliveries = (executable: string, events: number, seed: number, only = ""): Promise<boolean> =>
  playAll("deliveries", scenariosOf(events, seed), executable, only);
