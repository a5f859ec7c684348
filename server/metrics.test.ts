import { expect, test } from "bun:test";
import { createMetrics } from "./metrics.ts";

test("what was counted, set and timed stands in the text, under the names both seeds know", async () => {
  const metrics = createMetrics();
  metrics.count("chat_ws_messages_total");
  metrics.count("snug_faults_total", 2);
  metrics.connections(3);
  metrics.request({ method: "GET", route: "/rooms/:room_id", status: 200 }, 0.004);
  metrics.loop("sweep", 1_500);
  const lines = (await metrics.text()).split("\n");
  for (const line of [
    "chat_ws_messages_total 1",
    "snug_faults_total 2",
    "chat_ws_connections 3",
    'http_requests_total{method="GET",route="/rooms/:room_id",status="200"} 1',
    'http_request_duration_seconds_count{method="GET",route="/rooms/:room_id"} 1',
    'snug_loop_last_run_seconds{loop="sweep"} 1.5',
  ]) {
    expect(lines).toContain(line);
  }
});

test("two processes in one, as tests make them, share no number", async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.count("snug_faults_total");
  expect(await one.text()).toContain("snug_faults_total 1");
  expect(await other.text()).toContain("snug_faults_total 0");
});
