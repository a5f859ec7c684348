import { afterAll, beforeAll, expect, test } from "bun:test";
import { type World, world } from "../testing/world.ts";
import { refresh } from "./refresh.ts";
import { resetPassword, signIn, signOut } from "./sign-ins.ts";
import { sweep } from "./sweep.ts";
import { tenantOf } from "./tenants.ts";
import { issueTicket } from "./tickets.ts";

const DAY_MS = 86_400_000;
const device = { device: "a test", address: "192.0.2.1" };
let cast: World;
beforeAll(async () => void (cast = await world()));
afterAll(() => cast.dispose());

test("a ticket stays while it may be used and is deleted once it has expired", async () => {
  const { chat, ann, clock } = cast;
  const tickets = () => chat.store.read.$count(chat.store.t.ws_tickets);
  await issueTicket(chat, ann, { origin: null });
  await sweep(chat);
  expect(await tickets()).toBe(1);
  clock.advance(2 * 3_600_000);
  await sweep(chat);
  expect(await tickets()).toBe(0);
});

test("a used refresh token stays while its family lives, so that a replay ends the family, and goes when the family has ended", async () => {
  const { chat, clock } = cast;
  const tenant = await tenantOf(chat, "");
  if (!tenant) throw new Error("The world has a tenant");
  const tokens = () => chat.store.read.$count(chat.store.t.refresh_tokens);
  await resetPassword(chat, tenant, { username: "bob", password: "tidal basin 7" });
  const first = await signIn(chat, tenant, { username: "bob", password: "tidal basin 7" }, device);
  let token = first.refresh_token;
  for (let day = 0; day < 12; day += 4) {
    clock.advance(4 * DAY_MS);
    token = (await refresh(chat, tenant, token)).refresh_token;
  }
  await sweep(chat);
  expect(await tokens()).toBe(4);
  await signOut(chat, tenant, token);
  clock.advance(8 * DAY_MS);
  await sweep(chat);
  expect(await tokens()).toBe(0);
});
