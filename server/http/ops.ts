/** What operators and their probes ask. Liveness never depends on the database; readiness does. */
import { Elysia, t } from "elysia";
import { resetPassword } from "../chat/sign-ins.ts";
import { at } from "../chat/views.ts";
import { build } from "../version.ts";
import { tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";
import { askOperator, askOperatorHere } from "./operator.ts";

const LIVENESS_WAITS_MS = 500; // probes give up after a second, and would then kill what only waits for its database

/** Also for `--ops-listen`, which asks the probes and metrics with the key in hand. */
export const ops = (door: Door) => {
  const { chat, live, metrics } = door;
  const started = chat.now();
  return new Elysia({ name: "ops" })
    .get("/health", async () => ({
      status: "ok",
      service: "snug",
      timestamp: at(chat.now()),
      uptime: Math.floor((chat.now() - started) / 1_000),
      db_writable: await Promise.race([chat.store.ready(), Bun.sleep(LIVENESS_WAITS_MS).then(() => false)]),
    }))
    .get("/healthz", () => ({ status: "ok" }))
    .get("/ready", async ({ status }) => {
      const checks = { database: await chat.store.ready(), accepting: !live.draining };
      const ready = checks.database && checks.accepting;
      return status(ready ? 200 : 503, { status: ready ? "ready" : "not ready", checks });
    })
    .get("/version", () => build)
    .get("/metrics", async ({ request, set }) => {
      askOperator(door, request);
      set.headers["content-type"] = "text/plain; version=0.0.4; charset=utf-8";
      return metrics.text();
    })
    .post(
      "/admin/reset-password",
      async ({ request, server, body, status }) => {
        askOperatorHere(door, request, server);
        return status(204, await resetPassword(chat, await tenantFor(door, request), body));
      },
      { body: t.Object({ username: t.String({ maxLength: 128 }), password: t.String({ maxLength: 1_024 }) }) },
    );
};
