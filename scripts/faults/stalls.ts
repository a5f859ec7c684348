/** The scenarios of `bun run faults --stalls`: each is played on an executable of its own and prints what was measured. */
import { playAll, type Scenario } from "./scenarios.ts";
import { floodIsBounded } from "./stalls/flood.ts";
import { halfOpenIsClosed } from "./stalls/half-open.ts";
import { stopsInOrder } from "./stalls/drain.ts";
import type { Measured } from "./stalls/scene.ts";
import { slowPhoneFinishes } from "./stalls/slow-phone.ts";
import { stalledCostsLittle, stalledIsClosed } from "./stalls/stalled.ts";

const AS_PID_1 = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"];

let phone: Promise<Measured> | null = null;

const scenarios: readonly Scenario[] = [
  ["a stalled reader is closed within ten seconds, costs 256 KiB and then holds all", stalledIsClosed],
  ["two hundred stalled readers cost little and slow nobody down", stalledCostsLittle],
  ["a flood costs no memory and nobody else's time", (executable) => floodIsBounded(executable, false)],
  ["a flood costs no memory and nobody else's time with the limits lifted", (executable) => floodIsBounded(executable, true)],
  ["SIGTERM with a thousand sockets loses nothing and tells everybody within two seconds", (executable) => stopsInOrder(executable)],
  [
    "SIGTERM with a thousand sockets loses nothing and tells everybody within two seconds, as PID 1 too",
    (executable) => stopsInOrder(executable, AS_PID_1),
  ],
  [
    "a half-open peer is closed after sixty seconds of silence in a busy room",
    (executable) => {
      phone = slowPhoneFinishes(executable); // it takes a minute too
      phone.catch(() => undefined); // told where its turn comes
      return halfOpenIsClosed(executable);
    },
  ],
  [
    "a phone that brings a file for a minute finishes, and who drips a head or a small body meanwhile is cut",
    (executable) => phone ?? slowPhoneFinishes(executable),
  ],
];

/** True if all is as promised. `only`: those whose name holds it. */
export const runStalls = (executable: string, only = ""): Promise<boolean> => playAll("stalls", scenarios, executable, only);
