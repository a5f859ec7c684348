/** The numbers of this process, in Prometheus text. One registry per process made here, never the library's global one. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "./chat/chat.ts";

export type ProcessMetrics = Metrics & {
  connections(open: number): void;
  request(labels: { method: string; route: string; status: number }, seconds: number): void;
  loop(name: string, at_ms: number): void;
  text(): Promise<string>;
};

export function createMetrics(): ProcessMetrics {
  const registers = [new Registry()];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const counters = {
    chat_ws_messages_total: counter("chat_ws_messages_total", "Messages stored."),
    snug_faults_total: counter("snug_faults_total", "Bugs and broken worlds that were logged."),
    snug_sign_in_failures_total: counter("snug_sign_in_failures_total", "Sign-ins refused."),
  };
  const connections = new Gauge({ name: "chat_ws_connections", help: "Open sockets.", registers });
  const lastRun = new Gauge({ name: "snug_loop_last_run_seconds", help: "When each loop last ended.", labelNames: ["loop"], registers });
  const labelNames = ["method", "route", "status"];
  const requests = new Counter({ name: "http_requests_total", help: "Requests by route template.", labelNames, registers });
  const durations = new Histogram({ name: "http_request_duration_seconds", help: "Time to answer.", labelNames: ["method", "route"], registers });
  return {
    count: (name, by = 1) => counters[name].inc(by),
    connections: (open) => connections.set(open),
    request({ method, route, status }, seconds) {
      requests.inc({ method, route, status: String(status) });
      durations.observe({ method, route }, seconds);
    },
    loop: (name, at_ms) => lastRun.set({ loop: name }, at_ms / 1_000),
    text: async () => (await Promise.all(registers.map((registry) => registry.metrics()))).join("\n"),
  };
}
