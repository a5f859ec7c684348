/** The rows of the rights matrix for who runs the workspace, and for what is one's own. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

const tom = async (stage: Stage) => ({ user_id: await stage.tom() });

/** Before there are rooms: what is read behind the first line is read when the answer has begun, and a fault then breaks it off (own.test.ts). */
export const exportEntry: Entry = { route: "GET /api/v1/me/export", answers: "401 200 200 200 200 200 401 401" };

export const peopleEntries: readonly Entry[] = [
  { route: "GET /api/v1/admin/users/", answers: "401 200 403 403 200 200 401 401" },
  { route: "GET /api/v1/admin/users/ by ids", query: "ids=bob-id,cy-id", answers: "401 200 403 403 200 200 401 401" },
  {
    route: "PATCH /api/v1/admin/users/:user_id banned",
    answers: "401 404 403 403 200 200 401 401",
    params: tom,
    body: () => ({ banned: true }),
  },
  {
    route: "POST /api/v1/admin/users/:user_id/erasure",
    answers: "401 404 403 403 200 200 401 401",
    params: tom,
    body: () => ({ messages: "remove" }),
  },
  // tom has no password: nobody could sign in as the owner. Who hands over for good is seen in people-run.test.ts.
  { route: "PUT /api/v1/admin/owner", answers: "401 404 403 403 403 409 401 401", body: tom },
  // With the wrong password: whoever goes is missing in all that follows.
  { route: "POST /api/v1/me/deactivation", answers: "401 403 403 403 403 403 401 401", body: () => ({ password: "not this one" }) },
];
