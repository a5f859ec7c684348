/** What operators and their probes ask. Liveness never depends on the database; readiness does. */
import { Elysia, t } from "elysia";
import { resetPassword } from "../chat/sign-ins.ts";
import { at } from "../chat/views.ts";
import { Count, Time } from "../protocol.ts";
import { build } from "../version.ts";
import { answers } from "./answers.ts";
import { tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";
import { askOperator, askOperatorHere } from "./operator.ts";

const LIVENESS_WAITS_MS = 500; // probes give up after a second, and would then kill what only waits for its database

const Health = t.Object({ status: t.Literal("ok"), service: t.String(), timestamp: Time, uptime: Count, db_writable: t.Boolean() });
const Build = t.Object({ version: t.String(), commit: t.String(), built_at: t.Union([Time, t.Null()]) });
const Ready = t.Object({ status: t.String(), checks: t.Object({ database: t.Boolean(), accepting: t.Boolean() }) });

/** Also for `--ops-listen`, which asks the probes and metrics with the key in hand. */
export const ops = (door: Door) => {
  const { chat, live, metrics } = door;
  const started = chat.now();
  return new Elysia({ name: "ops" })
    .get(
      "/health",
      async () => ({
        status: "ok",
        service: "snug",
        timestamp: at(chat.now()),
        uptime: Math.floor((chat.now() - started) / 1_000),
        db_writable: await Promise.race([chat.store.ready(), Bun.sleep(LIVENESS_WAITS_MS).then(() => false)]),
      }),
      answers({ 200: Health }),
    )
    .get("/healthz", () => ({ status: "ok" }), answers({ 200: t.Object({ status: t.Literal("ok") }) }))
    .get(
      "/ready",
      async ({ status }) => {
        const checks = { database: await chat.store.ready(), accepting: !live.draining };
        const ready = checks.database && checks.accepting;
        return status(ready ? 200 : 503, { status: ready ? "ready" : "not ready", checks });
      },
      answers({ 200: Ready, 503: Ready }),
    )
    .get("/version", () => build, answers({ 200: Build }))
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
      {
        body: t.Object({ username: t.String({ maxLength: 128 }), password: t.String({ maxLength: 1_024 }) }),
        ...answers({ 204: null }, ["not_found"]),
      },
    );
};
