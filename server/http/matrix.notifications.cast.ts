/** The rows of the rights matrix that are about notifications and subscriptions. */
import { CANARY } from "./matrix.cast.ts";
import type { Entry } from "./matrix.entries.cast.ts";

//                nobody mallory cy  bob dan ann revoked expired
const MINE = "       401 200 200 200 200 200 401 401";
const THOSE_WHO_RUN = "401 202 403 403 202 202 401 401";
const BOBS = "       401 404 404 204 404 404 401 401";

const note = { topic: "tide", payload: { said: CANARY } };

export const notificationEntries: readonly Entry[] = [
  {
    route: "POST /api/v1/notifications/",
    answers: THOSE_WHO_RUN,
    application: 202,
    body: async (stage) => ({ ...note, targets: { user_ids: [await stage.tom()] } }),
  },
  {
    route: "POST /api/v1/notifications/ to a room",
    answers: "401 404 403 403 202 202 401 401",
    application: 202,
    body: async (stage) => ({ ...note, targets: { room_id: await stage.room() } }),
  },
  {
    route: "POST /api/v1/notifications/ to a topic",
    answers: THOSE_WHO_RUN,
    application: 202,
    body: () => ({ ...note, targets: { topic_subscribers: true } }),
  },
  { route: "GET /api/v1/notifications/", answers: MINE },
  {
    route: "PUT /api/v1/notifications/:notification_id/ack",
    answers: BOBS,
    params: async (stage) => ({ notification_id: await stage.notification() }),
  },
  {
    route: "POST /api/v1/subscriptions/",
    answers: "401 201 201 201 201 201 401 401",
    body: ({ number }) => ({ topic: `tide-${number}` }),
  },
  { route: "GET /api/v1/subscriptions/", answers: MINE },
  {
    route: "DELETE /api/v1/subscriptions/:subscription_id",
    answers: BOBS,
    params: async (stage) => ({ subscription_id: await stage.bobsSubscription() }),
  },
];
