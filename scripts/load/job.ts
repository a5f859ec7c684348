/** What the driver asks of the generator, and what it is told. One JSON text each way. */

/** Who opens a socket: `ticket` is what Snug asks for, the bare programs ask nothing. */
export type Seat = { user_id: string; ticket: string; rooms: readonly string[] };

export type Target = {
  port: number;
  pid: number;
  /** Another instance on the same database, where every second hearer sits. */
  beside: { port: number; pid: number } | null;
  /** Where a webhook of it is heard, if it has one. */
  sink: number | null;
  /** The family of the database server, where there is one. */
  postmaster: number | null;
  speaks: "json" | "socket.io" | "xmpp";
  /** Where what was acknowledged must be found; null for those that store nothing. */
  database: string | null;
  /** Whether it is to be found out where its processor time goes. */
  where: boolean;
};

export type Span = { warm_ms: number; sample_ms: number };

export type Job = { target: Target; span: Span } & (
  | { kind: "ingest"; seats: readonly Seat[]; in_flight: number }
  | { kind: "fan-out"; sender: Seat; hearers: readonly Seat[]; in_flight: number }
  | { kind: "latency"; sender: Seat; hearers: readonly Seat[]; per_second: number }
  | { kind: "idle"; seats: readonly Seat[] }
  | { kind: "reads"; reader: Seat; paths: readonly string[]; clients: number; answers: string }
  | { kind: "catch-up"; seats: readonly Seat[]; rows: number; sender: Seat; hearer: Seat; per_second: number }
);

/** Rates are of what the scenario counts: acknowledged posts, delivered frames, answers, sockets opened. */
export type Measured = {
  count: number;
  per_second: number;
  per_cpu_second: number;
  p50_ms: number;
  p99_ms: number;
  /** Shares of one core during the sample. */
  server_cpu: number;
  database_cpu: number;
  generator_cpu: number;
  other_cpu: number;
  /** Of one counted thing on the wire. */
  bytes: number;
  /** Found in the database as they were acknowledged, or compared with what they must be. */
  audited: number;
  /** What only this scenario tells. */
  more: Record<string, number>;
  /** Only where it was asked for. */
  where?: Where;
};

/** Shares of the samples of the server and its database. SQLite is a part of Bun, and so is the interpreter of what is not compiled yet. */
export type Where = { kernel: number; bun: number; script: number; database: number };

/** As long as a message of some two lines. */
export const CONTENT_BYTES = 150;

/** The password of everybody in a cast. */
export const PASSWORD = "a long password that nobody else has";
