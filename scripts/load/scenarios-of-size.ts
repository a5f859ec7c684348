/** How it bears size: many sockets, a long history, much to catch up with, and whether a post costs the same in all of it. */
import { join } from "node:path";
import type { Cast } from "./cast.ts";
import { more, p50, p99, perCpu, programs, range, roomId, type Scenario, userId, type Wanted } from "./scenario.ts";

const MILLION = 1_000_000;
const DESCRIPTORS_MAX = 19_900; // of the 20,000 that a process may have here

export const sizes: readonly Scenario[] = [
  idle(10_000),
  idle(DESCRIPTORS_MAX),
  crowd("idle 99500 sockets in five processes", [...range(5).map(() => DESCRIPTORS_MAX)]),
  crowd("idle 100100 sockets in six processes", [...range(5).map(() => DESCRIPTORS_MAX), 600]),
  reads("pages", 16),
  reads("rooms", 16),
  reads("pages", 1),
  reads("pages", 1_000),
  catchUp(),
  start(),
  growth("messages", [1, 1_000, 30_000, MILLION], (messages) => ({ rooms: [{ id: roomId(0), messages }], people: [person(0, 1), person(1, 1)] })),
  growth("rooms", [1, 100, 1_000, 10_000], (rooms) => ({
    rooms: range(rooms).map((i) => ({ id: roomId(i), messages: 10 })),
    people: [person(0, 1), person(1, 1), ...(rooms > 1 ? [person(2, rooms)] : [])],
  })),
  growth("members", [2, 100, 1_000, 10_000], (members) => ({
    rooms: [{ id: roomId(0), messages: 10 }],
    people: range(members).map((i) => person(i, 1)),
  })),
];

function person(i: number, rooms: number) {
  return { id: userId(i), rooms: range(rooms).map(roomId) };
}

/** Each in 20 of 500 rooms, which have more than 200 people: in smaller ones presence would be told while they come. */
function inTwentyRooms(sockets: number): Cast {
  return {
    rooms: range(ROOMS).map((i) => ({ id: roomId(i), messages: 1 })),
    people: range(sockets).map((i) => ({ id: userId(i), rooms: range(20).map((k) => roomId((i * 20 + k) % ROOMS)) })),
  };
}

const ROOMS = 500;

function idle(sockets: number): Scenario {
  return {
    group: "idle",
    name: `idle ${sockets} sockets`,
    store: "sqlite",
    cast: () => inTwentyRooms(sockets),
    contenders: programs("snug", "publish"),
    ask: ({ seat }) => ({ kind: "idle", seats: range(sockets).map((i) => seat(userId(i))) }),
    wanted: [
      { what: "sockets held, each hearing its 20 rooms", against: null, of: ({ count }) => count, at: { least: sockets }, unit: "" },
      { what: "resident bytes per socket", against: "publish", of: more("bytes_per_socket"), at: { most: 1.5 }, unit: "B" },
    ],
    span: { warm_ms: 0, sample_ms: 10_000 },
  };
}

/** Each process with a database of its own: five workspaces, not one. */
function crowd(name: string, processes: readonly number[]): Scenario {
  const all = processes.reduce((sum, sockets) => sum + sockets, 0);
  return {
    group: "crowd",
    name,
    store: "sqlite",
    cast: () => inTwentyRooms(Math.max(...processes)),
    contenders: programs("snug"),
    processes: processes.length,
    ask: ({ seat }, process) => ({ kind: "idle", seats: range(processes[process] ?? 0).map((i) => seat(userId(i))) }),
    wanted: [
      { what: "sockets held for 60 s, each hearing its 20 rooms", against: null, of: ({ count }) => count, at: { least: all }, unit: "" },
      { what: "resident MB of all processes", against: null, of: more("held_mb"), at: { most: Infinity }, unit: "MB" },
    ],
    span: { warm_ms: 0, sample_ms: 60_000 },
    rounds: 1,
  };
}

function reads(what: "pages" | "rooms", clients: number): Scenario {
  const page = `/api/v1/rooms/${roomId(0)}/messages`;
  const anywhere = range(60).map((i) => (i * 7_919 * 13_007) % (MILLION - 200));
  const pages = [page, ...anywhere.map((seq, i) => `${page}?${["before", "after", "around"][i % 3] ?? ""}_seq=${seq + 100}`)];
  const typical: Wanted = { what: "p50, every answer compared", against: null, of: p50, at: { most: Infinity }, unit: "ms" };
  const wanted: Wanted[] = [
    { what: "p99", against: null, of: p99, at: { most: 10 }, unit: "ms" },
    { what: "answers per second of server CPU", against: "answer", of: perCpu, at: { least: 0.5 }, unit: "/s" },
  ];
  return {
    group: "reads",
    name: `reads of ${what === "pages" ? "50 messages of a million" : "a list of 100 rooms"} by ${clients} ${clients === 1 ? "client" : "clients"}`,
    store: "sqlite",
    cast: () => ({
      rooms: range(100).map((i) => ({ id: roomId(i), messages: i === 0 ? MILLION : 10 })),
      people: [person(0, 100)],
    }),
    contenders: programs("snug", "answer"),
    ask: ({ seat, shared }) => ({
      kind: "reads",
      reader: seat(userId(0)),
      paths: what === "pages" ? pages : ["/api/v1/rooms"],
      clients,
      answers: join(shared, "answers.json"),
    }),
    wanted: clients === 1_000 ? [typical] : [typical, ...wanted],
  };
}

function catchUp(): Scenario {
  const sockets = 1_000;
  const rooms = range(20).map(roomId);
  const live = roomId(20);
  return {
    group: "catch-up",
    name: "catch-up of 1000 sockets with 100 messages in each of 20 rooms",
    store: "sqlite",
    cast: () => ({
      rooms: [...rooms.map((id) => ({ id, messages: 500 })), { id: live, messages: 0 }],
      people: [...range(sockets).map((i) => ({ id: userId(i), rooms })), ...["talker", "listener"].map((id) => ({ id, rooms: [live] }))],
    }),
    contenders: programs("snug"),
    ask: ({ seat }) => ({
      kind: "catch-up",
      seats: range(sockets).map((i) => seat(userId(i))),
      rows: 100,
      sender: seat("talker"),
      hearer: seat("listener"),
      per_second: 50,
    }),
    wanted: [
      { what: "until all are level", against: null, of: more("level_s"), at: { most: 5 }, unit: "s" },
      { what: "live p99 meanwhile", against: null, of: p99, at: { most: 100 }, unit: "ms" },
    ],
  };
}

function start(): Scenario {
  return {
    group: "start",
    name: "start with a million messages",
    store: "sqlite",
    cast: () => ({ rooms: [{ id: roomId(0), messages: MILLION }], people: [person(0, 1)] }),
    contenders: programs("snug"),
    ask: () => ({ kind: "idle", seats: [] }),
    wanted: [
      { what: "from its start to its first answer", against: null, of: more("start_ms"), at: { most: 300 }, unit: "ms" },
      { what: "resident MB when idle", against: null, of: more("held_mb"), at: { most: 65 }, unit: "MB" },
    ],
  };
}

/** Two senders with eight posts in flight each, into the first room; `at` makes all that is there besides. */
function growth(what: string, points: readonly number[], at: (size: number) => Cast): Scenario {
  const labels = points.map((size) => `${size} ${what}`);
  const [first = ""] = labels;
  return {
    group: "growth",
    name: `growth from ${first} to ${labels.at(-1) ?? ""}`,
    store: "sqlite",
    cast: () => at(1),
    contenders: points.map((size, i) => ({ label: labels[i] ?? "", program: "snug", cast: () => at(size) })),
    ask: ({ seat }) => ({ kind: "ingest", seats: [seat(userId(0)), seat(userId(1))], in_flight: 8 }),
    wanted: labels.slice(1).flatMap((label): Wanted[] => [
      { what: `time per post, ${label}`, whose: label, against: first, of: ({ per_second }) => 1e6 / per_second, at: { most: 1.2 }, unit: "µs" },
      {
        what: `server CPU per post, ${label}`,
        whose: label,
        against: first,
        of: ({ per_cpu_second }) => 1e6 / per_cpu_second,
        at: { most: 1.2 },
        unit: "µs",
      },
    ]),
  };
}
