/** The rights matrix of webhooks and dead letters: those who run the workspace, each in their own. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

//              nobody mallory cy  bob dan ann revoked expired
const RUN = "     401 200 403 403 200 200 401 401";
const THEIRS = "  401 404 403 403 200 200 401 401";
const THEIRS_DONE = "401 404 403 403 204 204 401 401";

const hook = async (stage: Stage) => ({ webhook_id: await stage.webhook() });
const letter = async (stage: Stage) => ({ delivery_id: await stage.deadLetter() });
const made = { url: "https://hooks.test/in", events: ["message.created"] };

export const webhookEntries: readonly Entry[] = [
  { route: "GET /api/v1/webhooks/", answers: RUN },
  { route: "POST /api/v1/webhooks/", answers: "401 201 403 403 201 201 401 401", body: () => made },
  { route: "POST /api/v1/webhooks/ of private rooms", answers: "401 201 403 403 403 201 401 401", body: () => ({ ...made, include_private: true }) },
  { route: "GET /api/v1/webhooks/:webhook_id", answers: THEIRS, params: hook },
  { route: "PATCH /api/v1/webhooks/:webhook_id", answers: THEIRS, params: hook, body: () => ({ events: ["member.left"] }) },
  {
    route: "PATCH /api/v1/webhooks/:webhook_id to private rooms",
    answers: "401 404 403 403 403 200 401 401",
    params: hook,
    body: () => ({ include_private: true }),
  },
  { route: "DELETE /api/v1/webhooks/:webhook_id", answers: THEIRS_DONE, params: hook },
  { route: "POST /api/v1/webhooks/:webhook_id/test", answers: "401 404 403 403 202 202 401 401", params: hook },
  { route: "POST /api/v1/webhooks/:webhook_id/secret", answers: "401 404 403 403 201 201 401 401", params: hook },
  { route: "GET /api/v1/webhooks/:webhook_id/deliveries", answers: THEIRS, params: hook },
  { route: "GET /api/v1/admin/dead-letters/", answers: RUN },
  { route: "GET /admin/dead-letters", answers: RUN },
  { route: "POST /api/v1/admin/dead-letters/retry", answers: RUN, body: () => ({}) },
  { route: "POST /api/v1/admin/dead-letters/:delivery_id/retry", answers: THEIRS_DONE, params: letter },
  { route: "DELETE /api/v1/admin/dead-letters/:delivery_id", answers: THEIRS_DONE, params: letter },
  {
    route: "GET /api/v1/admin/undelivered/",
    query: "user_id=bob-id",
    answers: "401 404 403 403 200 200 401 401",
  },
];
