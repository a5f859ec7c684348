/**
 * The rights matrix: for every route what each of the eight is answered. A route that is not here fails matrix.test.ts. The order of the columns:
 * nobody, mallory (owns another workspace), cy (not in the room), bob (member), dan (admin), ann (owner), revoked, expired.
 */
import { apiKeyEntries } from "./matrix.api-keys.cast.ts";
import { CANARY, PASSWORD, type Stage } from "./matrix.cast.ts";
import { faceEntries } from "./matrix.faces.cast.ts";
import { fileEntries } from "./matrix.files.cast.ts";
import { tenantEntries } from "./matrix.tenants.cast.ts";
import { notificationEntries } from "./matrix.notifications.cast.ts";
import { exportEntry, peopleEntries } from "./matrix.people.cast.ts";
import { reactionEntries } from "./matrix.reactions.cast.ts";
import { threadEntries } from "./matrix.threads.cast.ts";
import { roomEntries } from "./matrix.rooms.cast.ts";
import { webhookEntries } from "./matrix.webhooks.cast.ts";

export type Entry = {
  /** `METHOD /template`, and after a space what makes this question another one than the route's first. */
  route: string;
  answers: string;
  /** What the operator's key is answered, where it opens. */
  operator?: number;
  /** What a key of scope `server` that acts for bob is answered, where an application may what bob may not. */
  application?: number;
  /** Values of the template's parameters. */
  params?: (stage: Stage) => Promise<Record<string, string>>;
  query?: string;
  body?: (stage: Stage) => unknown;
};

//                nobody mallory cy  bob dan ann revoked expired
const OPEN = "       200 200 200 200 200 200 200 200";
const MINE = "       401 200 200 200 200 200 401 401";
const MINE_MADE = "  401 201 201 201 201 201 401 401";
const MINE_DONE = "  401 204 204 204 204 204 401 401";
const ROOM = "       401 404 404 200 200 200 401 401";
const ROOM_MADE = "  401 404 404 201 201 201 401 401";
const ROOM_DONE = "  401 404 404 204 204 204 401 401";
const ROOM_RUN = "   401 404 404 403 200 200 401 401";
const NO_CREDENTIAL_OPENS = "401 401 401 401 401 401 401 401";

const room = async (stage: Stage) => ({ room_id: await stage.room() });
const withTom = async (stage: Stage) => ({ room_id: await stage.room(), user_id: await stage.tom() });
const bobs = async (stage: Stage) => ({ room_id: await stage.room(), message_id: await stage.bobs() });
const password = { password: "another horse entirely", current_password: PASSWORD };
const clientId = ({ number }: Stage, name: string): string => `matrix-${name}-${String(number).padStart(12, "0")}`;

export const entries: readonly Entry[] = [
  { route: "GET /openapi.json", answers: OPEN },
  { route: "GET /frames.json", answers: OPEN },
  { route: "GET /openapi", answers: OPEN },
  { route: "GET /openapi.css", answers: OPEN },
  { route: "GET /openapi/migrating.md", answers: OPEN },
  { route: "GET /health", answers: OPEN },
  { route: "GET /healthz", answers: OPEN },
  { route: "GET /ready", answers: OPEN },
  { route: "GET /version", answers: OPEN },
  { route: "GET /metrics", answers: NO_CREDENTIAL_OPENS },
  { route: "POST /admin/reset-password", answers: NO_CREDENTIAL_OPENS, body: () => ({ username: "bob", password: "another horse entirely" }) },
  {
    route: "POST /admin/conversations",
    answers: NO_CREDENTIAL_OPENS,
    body: ({ number }) => ({ channel: `old-${number}`, description: "", born_at: 1, speakers: [["bob", 1]], lines: [] }),
  },
  exportEntry,
  { route: "GET /ws", answers: "400 400 400 400 400 400 400 400" },

  { route: "GET /api/v1/setup/", answers: "404 404 404 404 404 404 404 404" },
  {
    route: "POST /api/v1/setup/",
    answers: "404 404 404 404 404 404 404 404",
    body: () => ({ setup_token: "a".repeat(64), workspace: "Mine", username: "boss", password: PASSWORD }),
  },
  { route: "POST /api/v1/invites/check", answers: OPEN, body: async (stage) => ({ code: (await stage.invite()).code }) },
  {
    route: "POST /api/v1/auth/register",
    answers: "201 201 201 201 201 201 201 201",
    body: async (stage) => ({ username: `new-${stage.number}`, password: PASSWORD, code: (await stage.invite()).code }),
  },
  {
    route: "POST /api/v1/auth/register without a code",
    answers: "403 403 403 403 403 403 403 403",
    body: (stage) => ({ username: `new-${stage.number}`, password: PASSWORD }),
  },
  { route: "POST /api/v1/auth/login", answers: OPEN, body: () => ({ username: "cy", password: PASSWORD }) },
  {
    route: "POST /api/v1/auth/refresh",
    answers: "200 401 200 200 200 200 200 200",
    body: async (stage) => ({ refresh_token: (await stage.signIn()).refresh_token }),
  },
  {
    route: "POST /api/v1/auth/logout",
    answers: "204 204 204 204 204 204 204 204",
    body: async (stage) => ({ refresh_token: (await stage.signIn()).refresh_token }),
  },
  { route: "GET /api/v1/auth/sign-ins", answers: MINE },
  {
    route: "DELETE /api/v1/auth/sign-ins/:sign_in_id",
    answers: MINE_DONE,
    params: async (stage) => ({ sign_in_id: (await stage.signIn()).sign_in_id }),
  },
  {
    route: "PUT /api/v1/auth/password with a wrong one",
    answers: "401 403 403 403 403 403 401 401",
    body: () => ({ ...password, current_password: "not this horse" }),
  },
  { route: "PUT /api/v1/auth/password", answers: MINE_DONE, body: () => password },

  { route: "GET /api/v1/me/", answers: MINE },
  { route: "PATCH /api/v1/me/", answers: MINE, body: () => ({ settings: { theme: "dark" } }) },
  { route: "GET /api/v1/users/", answers: MINE },
  { route: "GET /api/v1/users/ by name", query: "q=t", answers: MINE },
  { route: "GET /api/v1/users/:user_id", answers: "401 404 200 200 200 200 401 401", params: async (stage) => ({ user_id: await stage.tom() }) },

  { route: "GET /api/v1/rooms/", answers: MINE },
  { route: "GET /api/v1/rooms/ of all", query: "scope=public", answers: MINE },
  { route: "POST /api/v1/rooms/", answers: MINE_MADE, body: (stage) => ({ type: "channel", name: `made-${stage.number}`, visibility: "private" }) },
  {
    route: "POST /api/v1/rooms/ with tom",
    answers: "401 422 201 201 201 201 401 401",
    body: async (stage) => ({ type: "dm", user_ids: [await stage.tom()] }),
  },
  { route: "GET /api/v1/rooms/:room_id", answers: ROOM, params: room },
  { route: "PATCH /api/v1/rooms/:room_id", answers: ROOM_RUN, params: room, body: (stage) => ({ description: `said by ${stage.number}` }) },
  { route: "DELETE /api/v1/rooms/:room_id", answers: ROOM_RUN, params: room },
  { route: "PUT /api/v1/rooms/:room_id/ack", answers: ROOM_DONE, params: room, body: () => ({ seq: 0 }) },
  { route: "POST /api/v1/rooms/:room_id/typing", answers: ROOM_DONE, params: room, body: () => ({ is_typing: true }) },
  { route: "GET /api/v1/rooms/:room_id/presence", answers: ROOM, params: room },

  { route: "GET /api/v1/rooms/:room_id/members/", answers: ROOM, params: room },
  { route: "POST /api/v1/rooms/:room_id/members/", answers: ROOM_MADE, params: room, body: async (stage) => ({ user_id: await stage.stranger() }) },
  { route: "PUT /api/v1/rooms/:room_id/members/me", answers: ROOM, params: room, body: () => ({ level: "all" }) },
  {
    route: "PUT /api/v1/rooms/:room_id/members/me of an open channel",
    answers: "401 404 200 200 200 200 401 401",
    params: async (stage) => ({ room_id: await stage.publicRoom() }),
    body: () => ({}),
  },
  { route: "PATCH /api/v1/rooms/:room_id/members/:user_id", answers: ROOM_RUN, params: withTom, body: () => ({ role: "admin" }) },
  {
    route: "PATCH /api/v1/rooms/:room_id/members/:user_id to owner",
    answers: "401 404 404 403 403 200 401 401",
    params: withTom,
    body: () => ({ role: "owner" }),
  },
  { route: "DELETE /api/v1/rooms/:room_id/members/:user_id", answers: "401 404 404 403 204 204 401 401", params: withTom },
  {
    route: "DELETE /api/v1/rooms/:room_id/members/:user_id oneself",
    answers: ROOM_DONE,
    params: async (stage) => ({ room_id: await stage.room(), user_id: "me" }),
  },

  { route: "GET /api/v1/rooms/:room_id/messages/", answers: ROOM, params: bobs },
  { route: "GET /api/v1/rooms/:room_id/messages/ since a rev", query: "since_rev=0", answers: ROOM, params: bobs },
  {
    route: "POST /api/v1/rooms/:room_id/messages/",
    answers: ROOM_MADE,
    params: room,
    body: (stage) => ({ client_id: clientId(stage, "post"), content: `${CANARY} again` }),
  },
  { route: "GET /api/v1/rooms/:room_id/messages/:message_id", answers: ROOM, params: bobs },
  {
    route: "PATCH /api/v1/rooms/:room_id/messages/:message_id",
    answers: "401 404 404 200 403 403 401 401",
    params: bobs,
    body: () => ({ content: `${CANARY} mended` }),
  },
  { route: "DELETE /api/v1/rooms/:room_id/messages/:message_id", answers: ROOM, params: bobs },
  {
    route: "DELETE /api/v1/rooms/:room_id/messages/:message_id of ann",
    answers: ROOM_RUN,
    params: async (stage) => ({ room_id: await stage.room(), message_id: await stage.anns() }),
  },
  { route: "POST /api/v1/ws/tickets/", answers: MINE_MADE, body: () => ({}) },
  { route: "POST /ws/tickets/", answers: MINE_MADE, body: () => ({}) },
  { route: "POST /api/v1/ws/tickets/ for one room", answers: ROOM_MADE, body: async (stage) => ({ room_id: await stage.room() }) },

  { route: "POST /api/v1/admin/users/", answers: "401 201 403 403 201 201 401 401", body: () => ({ kind: "bot", display_name: "Courier" }) },
  {
    route: "PATCH /api/v1/admin/users/:user_id",
    answers: "401 404 403 403 200 200 401 401",
    params: async (stage) => ({ user_id: await stage.tom() }),
    body: () => ({ disabled: true }),
  },
  // tom has no password, and an owner is somebody who could sign in: who becomes one is seen in sign-ins.test.ts.
  {
    route: "PATCH /api/v1/admin/users/:user_id to owner",
    answers: "401 404 403 403 403 409 401 401",
    params: async (stage) => ({ user_id: await stage.tom() }),
    body: () => ({ role: "owner" }),
  },
  { route: "GET /api/v1/admin/invites/", answers: "401 200 403 403 200 200 401 401" },
  {
    route: "POST /api/v1/admin/invites/",
    answers: "401 201 403 403 201 201 401 401",
    body: () => ({ role: "member", expires_in_seconds: 60, max_uses: 1 }),
  },
  {
    route: "POST /api/v1/admin/invites/ for an admin",
    answers: "401 201 403 403 403 201 401 401",
    body: () => ({ role: "admin", expires_in_seconds: 60, max_uses: 1 }),
  },
  {
    route: "DELETE /api/v1/admin/invites/:invite_id",
    answers: "401 404 403 403 204 204 401 401",
    params: async (stage) => ({ invite_id: (await stage.invite()).id }),
  },
  ...apiKeyEntries,
  ...tenantEntries,
  ...notificationEntries,
  { route: "GET /api/v1/presence/", query: "user_ids=bob-id,cy-id", answers: MINE },
  ...webhookEntries,
  ...peopleEntries,
  ...reactionEntries,
  ...fileEntries,
  ...faceEntries,
  ...threadEntries,
  ...roomEntries,
];
