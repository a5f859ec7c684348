/** The rows of the rights matrix for API keys and what they mint. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

const key = async (stage: Stage) => ({ key_id: (await stage.key()).id });

export const apiKeyEntries: readonly Entry[] = [
  { route: "GET /api/v1/admin/api-keys/", answers: "401 200 403 403 200 200 401 401" },
  { route: "POST /api/v1/admin/api-keys/", answers: "401 201 403 403 201 201 401 401", body: () => ({ name: "shop", scope: "server" }) },
  {
    route: "POST /api/v1/admin/api-keys/ that impersonates",
    answers: "401 201 403 403 403 201 401 401",
    body: () => ({ name: "shop", scope: "admin", impersonate: true }),
  },
  {
    route: "POST /api/v1/admin/api-keys/:key_id/rotate",
    answers: "401 404 403 403 201 201 401 401",
    params: key,
    body: () => ({ old_holds_seconds: 60 }),
  },
  { route: "DELETE /api/v1/admin/api-keys/:key_id", answers: "401 404 403 403 204 204 401 401", params: key },
  { route: "POST /api/v1/auth/tokens/", answers: "401 403 403 403 403 403 401 401", body: () => ({ user_id: "sue", ttl_seconds: 60 }) },
];
