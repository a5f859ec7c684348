/** The scenarios of issue 3, in order of value. */
import type { Measured } from "./job.ts";
import { range, roomId, type Scenario, userId, type Wanted } from "./scenario.ts";
import type { StoreName } from "./stage.ts";

const perSecond = ({ per_second }: Measured): number => per_second;
const perCpu = ({ per_cpu_second }: Measured): number => per_cpu_second;
const p50 = ({ p50_ms }: Measured): number => p50_ms;
const p99 = ({ p99_ms }: Measured): number => p99_ms;

const STORES: readonly StoreName[] = ["sqlite", "postgres"];

export const scenarios: readonly Scenario[] = [
  ...STORES.flatMap((store) => [ingest(store, 256, 16), ingest(store, 256, 2_048), ingest(store, 16, 16), ingest(store, 1, 16)]),
  ...[1_000, 100].flatMap((hearers) => [1, 32].map((in_flight) => fanOut(hearers, in_flight))),
];

function ingest(store: StoreName, senders: number, rooms: number): Scenario {
  const ids = range(senders).map(userId);
  const wanted: Wanted[] = [
    { what: "acks per second", against: store, of: perSecond, at: { least: 0.75 }, unit: "/s" },
    { what: "acks per second of server CPU", against: store, of: perCpu, at: { least: 0.75 }, unit: "/s" },
    senders === 1
      ? { what: "p50", against: store, of: p50, at: { most: 1.5 }, unit: "ms" }
      : { what: "p99", against: store, of: p99, at: { most: 2 }, unit: "ms" },
  ];
  return {
    group: "ingest",
    quick: senders === 16,
    name: `ingest ${store} ${senders} senders ${rooms} rooms`,
    store,
    subjects: ["snug", store],
    cast: () => ({
      rooms: range(rooms).map((i) => ({ id: roomId(i), messages: 0 })),
      people: ids.map((id, i) => ({ id, rooms: roomsOf(i, senders, rooms) })),
    }),
    ask: (seat) => ({ kind: "ingest", seats: ids.map(seat), in_flight: 1 }),
    wanted,
  };
}

/** Every room has a sender and every sender a room. */
function roomsOf(i: number, senders: number, rooms: number): string[] {
  if (senders > rooms) return [roomId(i % rooms)];
  return range(Math.ceil((rooms - i) / senders)).map((n) => roomId(i + n * senders));
}

function fanOut(hearers: number, in_flight: number): Scenario {
  const ids = range(hearers + 1).map(userId);
  const [sender = "", ...others] = ids;
  const one = in_flight === 1;
  const large = hearers === 1_000;
  const bare = large ? (one ? 0.85 : 0.7) : one ? 0.55 : 0.4;
  const frames = (against: Wanted["against"], least: number): Wanted => ({
    what: "frames per second of server CPU",
    against,
    of: perCpu,
    at: { least },
    unit: "/s",
  });
  return {
    group: "fan-out",
    quick: hearers === 100 && !one,
    name: `fan-out ${hearers} hearers ${in_flight} in flight`,
    store: "sqlite",
    subjects: ["snug", "publish", "node-ws", "socket-io"],
    cast: () => ({ rooms: [{ id: roomId(0), messages: 0 }], people: ids.map((id) => ({ id, rooms: [roomId(0)] })) }),
    ask: (seat) => ({ kind: "fan-out", sender: seat(sender), hearers: others.map(seat), in_flight }),
    wanted: [frames("publish", bare), frames("node-ws", one ? 1.5 : 8), frames("socket-io", one ? 2 : 8)],
  };
}
