/** The rows of the rights matrix about tenants: what the operator asks is nobody's else, and a workspace's settings are its admins'. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

const OPERATORS = { answers: "401 401 401 401 401 401 401 401", operator: 200 };
const yard = async (stage: Stage) => ({ tenant_id: await stage.tenant() });

export const tenantEntries: readonly Entry[] = [
  { route: "GET /api/v1/tenants/", ...OPERATORS },
  { route: "POST /api/v1/tenants/", ...OPERATORS, operator: 201, body: ({ number }) => ({ name: `made by ${number}` }) },
  { route: "GET /api/v1/tenants/:tenant_id", ...OPERATORS, params: yard },
  { route: "PATCH /api/v1/tenants/:tenant_id", ...OPERATORS, params: yard, body: () => ({ name: "taken over" }) },
  { route: "DELETE /api/v1/tenants/:tenant_id", ...OPERATORS, operator: 204, params: yard },

  { route: "GET /api/v1/audit/", ...OPERATORS },
  { route: "GET /api/v1/admin/audit/", answers: "401 200 403 403 200 200 401 401" },
  { route: "GET /api/v1/admin/audit/ of one action", query: "action=sign_in.made&limit=1", answers: "401 200 403 403 200 200 401 401" },
  { route: "GET /api/v1/admin/config/", answers: "401 200 403 403 200 200 401 401" },
  {
    route: "PATCH /api/v1/admin/config/",
    answers: "401 200 403 403 200 200 401 401",
    body: () => ({ retention_days: null, allowed_origins: ["https://app.example.com"], limits: { content_points: 3_999 }, webhook_attempts: 5 }),
  },
];
