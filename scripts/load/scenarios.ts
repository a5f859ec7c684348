/** The scenarios of issue 3, in order of value: how fast posts are taken and delivered here, how it bears size in scenarios-of-size.ts. */
import { p50, p99, perCpu, perSecond, programs, range, roomId, type Scenario, userId, type Wanted } from "./scenario.ts";
import { sizes } from "./scenarios-of-size.ts";
import type { StoreName } from "./stage.ts";
import type { SubjectName } from "./subject.ts";

const STORES: readonly StoreName[] = ["sqlite", "postgres"];
const SENDERS: readonly [senders: number, rooms: number, in_flight: number][] = [
  [256, 16, 1],
  [256, 2_048, 1],
  [16, 16, 1],
  [1, 16, 1],
  [64, 16, 16],
];

export const scenarios: readonly Scenario[] = [
  ...STORES.flatMap((store) => SENDERS.map(([senders, rooms, in_flight]) => ingest(store, senders, rooms, in_flight))),
  ...[1_000, 100, 10_000].flatMap((hearers) => [1, 32].map((in_flight) => fanOut(hearers, in_flight))),
  ...[1, 32].map(besideProsody),
  latency(),
  twoInstances(),
  ...sizes,
  extended(ingest("sqlite", 256, 16, 1)),
  extended(ingest("postgres", 256, 16, 1)),
  extended(fanOut(1_000, 1), 20_000), // its deliveries are but eighty a second, and their code is to be compiled too
  extended(fanOut(1_000, 32)),
  extended(latency()),
];

function ingest(store: StoreName, senders: number, rooms: number, in_flight: number): Scenario {
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
    name: `ingest ${store} ${senders} senders ${rooms} rooms${in_flight > 1 ? ` ${in_flight} in flight` : ""}`,
    store,
    contenders: programs("snug", store),
    cast: () => ({
      rooms: range(rooms).map((i) => ({ id: roomId(i), messages: 0 })),
      people: ids.map((id, i) => ({ id, rooms: roomsOf(i, senders, rooms) })),
    }),
    ask: ({ seat }) => ({ kind: "ingest", seats: ids.map(seat), in_flight }),
    wanted,
  };
}

/** Every room has a sender and every sender a room. */
function roomsOf(i: number, senders: number, rooms: number): string[] {
  if (senders > rooms) return [roomId(i % rooms)];
  return range(Math.ceil((rooms - i) / senders)).map((n) => roomId(i + n * senders));
}

function frames(against: SubjectName, least: number): Wanted {
  return { what: "frames per second of server CPU", against, of: perCpu, at: { least }, unit: "/s" };
}

function fanOut(hearers: number, in_flight: number): Scenario {
  const one = in_flight === 1;
  const bare = hearers > 100 ? (one ? 0.85 : 0.7) : one ? 0.55 : 0.4;
  return {
    ...oneRoom(hearers, in_flight),
    group: "fan-out",
    quick: hearers === 100 && !one,
    name: `fan-out ${hearers} hearers ${in_flight} in flight`,
    contenders: programs("snug", "publish", "node-ws", "socket-io"),
    wanted: [frames("publish", bare), frames("node-ws", one ? 1.5 : 8), frames("socket-io", one ? 2 : 8)],
  };
}

/** Both store what they deliver, Prosody without flushing it to disk. */
function besideProsody(in_flight: number): Scenario {
  return {
    ...oneRoom(100, in_flight),
    group: "prosody",
    name: `fan-out 100 hearers ${in_flight} in flight, stored by both`,
    contenders: programs("snug", "prosody"),
    wanted: [frames("prosody", in_flight === 1 ? 5 : 20)],
  };
}

function oneRoom(hearers: number, in_flight: number): Pick<Scenario, "store" | "cast" | "ask"> {
  const ids = range(hearers + 1).map(userId);
  const [sender = "", ...others] = ids;
  return {
    store: "sqlite",
    cast: () => ({ rooms: [{ id: roomId(0), messages: 0 }], people: ids.map((id) => ({ id, rooms: [roomId(0)] })) }),
    ask: ({ seat }) => ({ kind: "fan-out", sender: seat(sender), hearers: others.map(seat), in_flight }),
  };
}

/** A sender at the one, hearers at both. */
function twoInstances(): Scenario {
  const { store: _, ...room } = latency();
  return {
    ...room,
    group: "instances",
    name: "two instances on one Postgres, 100 hearers 100 posts per second",
    store: "postgres",
    contenders: [
      { label: "two instances", program: "snug", instances: 2 },
      { label: "one instance", program: "snug" },
    ],
    wanted: [
      { what: "p50 from the scheduled time to the last socket of both", against: "one instance", of: p50, at: { most: 3 }, unit: "ms" },
      { what: "p99", against: null, of: p99, at: { most: Infinity }, unit: "ms" },
    ],
  };
}

/** The same with three plugins and a webhook that hears of every message, beside itself without. */
function extended({ group, name, ...scenario }: Scenario, warm_ms = 6_000): Scenario {
  const rate = group === "ingest" ? "acks per second" : "frames per second of server CPU";
  const wanted: Wanted =
    group === "latency"
      ? { what: "p50 from the scheduled time to the last socket", against: "without", of: p50, at: { most: 1 / 0.9 }, unit: "ms" }
      : { what: rate, against: "without", of: group === "ingest" ? perSecond : perCpu, at: { least: 0.9 }, unit: "/s" };
  return {
    ...scenario,
    quick: false,
    group: "extended",
    span: { warm_ms, sample_ms: 4_000 }, // a plugin's code is to be compiled as well as ours
    rounds: 7,
    name: `${name}, with a webhook and three plugins`,
    contenders: [
      { label: "with", program: "snug", isExtended: true },
      { label: "without", program: "snug" },
    ],
    wanted: [wanted],
  };
}

function latency(): Scenario {
  const { store, cast } = oneRoom(100, 1);
  const ids = range(101).map(userId);
  return {
    group: "latency",
    name: "latency 100 hearers 100 posts per second",
    store,
    cast,
    contenders: programs("snug", "sqlite"),
    ask: ({ seat }) => ({ kind: "latency", sender: seat(userId(0)), hearers: ids.slice(1).map(seat), per_second: 100 }),
    wanted: [
      { what: "p50 from the scheduled time to the last socket", against: "sqlite", of: p50, at: { most: 1.5 }, unit: "ms" },
      { what: "p50", against: null, of: p50, at: { most: 1 }, unit: "ms" },
      { what: "p99", against: null, of: p99, at: { most: 3 }, unit: "ms" },
    ],
  };
}
