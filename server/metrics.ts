/** The numbers of this process, in Prometheus' text form. The registry is made here: the library's global one would be shared by tests. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./chat/chat.ts";

export type ProcessMetrics = Metrics & {
  /** How many sockets are open now. */
  connections(open: number): void;
  /** `route` is a template such as /rooms/:room_id, never a path: paths are without number. */
  request(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** When a loop's run ended, in milliseconds since 1970. */
  loop(name: string, at_ms: number): void;
  /** The text of `/metrics`. */
  text(): Promise<string>;
};

export function createMetrics(): ProcessMetrics {
  const registry = new Registry();
  const registers = [registry];
  /** Counted here and told when it is asked for: the library looks at its labels each time, and one of these is counted for each message. */
  const counter = (name: string, help: string): { count: number } => {
    const counted = { count: 0 };
    const told = new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset();
        this.inc(counted.count);
      },
    });
    registry.registerMetric(told);
    return counted;
  };
  const counters = {
    chat_ws_messages_total: counter("chat_ws_messages_total", "Messages stored."),
    snug_faults_total: counter("snug_faults_total", "Bugs and broken worlds that were logged."),
    snug_sign_in_failures_total: counter("snug_sign_in_failures_total", "Sign-ins refused."),
    snug_deliveries_total: counter("snug_deliveries_total", "Deliveries carried to where they belong."),
    snug_delivery_failures_total: counter("snug_delivery_failures_total", "Attempts at a delivery that failed."),
    snug_dead_letters_total: counter("snug_dead_letters_total", "Deliveries given up."),
  };
  const connections = new Gauge({ name: "chat_ws_connections", help: "Open sockets.", registers });
  const lastRun = new Gauge({ name: "snug_loop_last_run_seconds", help: "When each loop last ended, since 1970.", labelNames: ["loop"], registers });
  const requests = new Counter({
    name: "http_requests_total",
    help: "Requests by route template.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time to answer, by route template.",
    labelNames: ["method", "route"],
    registers,
  });
  return {
    count: (name, by = 1) => void (counters[name].count += by),
    connections: (open) => connections.set(open),
    request({ method, route, status }, seconds) {
      requests.inc({ method, route, status: String(status) });
      durations.observe({ method, route }, seconds);
    },
    loop: (name, at_ms) => lastRun.set({ loop: name }, at_ms / 1_000),
    text: () => registry.metrics(),
  };
}
