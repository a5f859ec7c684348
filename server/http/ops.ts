/** What operators and their probes ask. Liveness never depends on the database; readiness does. */
import { Elysia, t } from "elysia";
import { refuse } from "../chat/refusal.ts";
import { resetPassword } from "../chat/sign-ins.ts";
import { sameSecret } from "../chat/tenants.ts";
import { build } from "../version.ts";
import { tenantFor } from "./asker.ts";
import type { Door } from "./door.ts";

export const ops = (door: Door) => {
  const { chat, live, metrics } = door;
  const started = chat.now();
  const operator = (request: Request): void => {
    if (!sameSecret(request.headers.get("x-api-key") ?? "", chat.keys.operator_key)) refuse("unauthorized");
  };
  return new Elysia({ name: "ops" })
    .get("/health", async () => ({
      status: "ok",
      service: "snug",
      timestamp: new Date(chat.now()).toISOString(),
      uptime: Math.floor((chat.now() - started) / 1_000),
      db_writable: await chat.store.ready(),
    }))
    .get("/healthz", () => ({ status: "ok" }))
    .get("/ready", async ({ status }) => {
      const checks = { database: await chat.store.ready(), accepting: !live.draining };
      const ready = checks.database && checks.accepting;
      return status(ready ? 200 : 503, { status: ready ? "ready" : "not ready", checks });
    })
    .get("/version", () => build)
    .get("/metrics", async ({ request, set }) => {
      operator(request);
      set.headers["content-type"] = "text/plain; version=0.0.4; charset=utf-8";
      return metrics.text();
    })
    .post(
      "/admin/reset-password",
      async ({ request, body, status }) => {
        operator(request);
        return status(204, await resetPassword(chat, await tenantFor(door, request), body));
      },
      { body: t.Object({ username: t.String({ maxLength: 128 }), password: t.String({ maxLength: 1_024 }) }) },
    );
};
