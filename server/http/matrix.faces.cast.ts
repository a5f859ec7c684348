/** The rows of the rights matrix about pictures of people, which are for all of their workspace, and about its logo, which is as public as its name. */
import type { Stage } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

const face = async (stage: Stage) => ({ file_id: await stage.tomsFace() });
const logo = async (stage: Stage) => ({ file_id: await stage.logo() });

//                                                                nobody mallory cy  bob dan ann revoked expired
export const faceEntries: readonly Entry[] = [
  // without a byte, which goes to show who gets as far as being told so; faces.test.ts brings bytes
  { route: "PUT /api/v1/me/avatar/", answers: "                      401 422 422 422 422 422 401 401" },
  { route: "DELETE /api/v1/me/avatar/", answers: "                   401 200 200 200 200 200 401 401" },
  { route: "GET /api/v1/files/:file_id/ that is a face", answers: "  401 404 200 200 200 200 401 401", params: face },
  { route: "DELETE /api/v1/files/:file_id/ that is a face", answers: "401 404 404 404 404 404 401 401", params: face },
  { route: "GET /api/v1/files/:file_id/ that is a logo", answers: "  401 404 200 200 200 200 401 401", params: logo },
  {
    route: "PATCH /api/v1/admin/users/:user_id without their picture",
    answers: "401 404 403 403 200 200 401 401",
    params: async (stage) => ({ user_id: await stage.tom() }),
    body: () => ({ avatar_id: null }),
  },
  { route: "PUT /api/v1/admin/config/logo/", answers: "              401 422 403 403 422 422 401 401" },
  { route: "DELETE /api/v1/admin/config/logo/", answers: "           401 200 403 403 200 200 401 401" },
  { route: "GET /api/v1/logos/:file_id", answers: "                  200 200 200 200 200 200 200 200", params: logo },
  { route: "GET /api/v1/logos/:file_id that is a face", answers: "   404 404 404 404 404 404 404 404", params: face },
];
