/** Tenants as the operator has them, wherever the operator's key is sent from. */
import { Elysia, t } from "elysia";
import { closeTenant, createTenant, getTenant, listTenants, patchTenant } from "../chat/tenancy.ts";
import { Id, listOf } from "../protocol.ts";
import { NewlyMadeTenant, NewTenant, PatchTenant, Tenant } from "../protocol/tenants.ts";
import { answers } from "./answers.ts";
import type { Door } from "./door.ts";
import type { Limits } from "./limit.ts";
import { operator } from "./operator.ts";
import { given, listing } from "./queries.ts";

const place = t.Object({ tenant_id: Id });

export const tenants = (door: Door, limits: Limits) =>
  new Elysia({ prefix: "/tenants" })
    .use(operator(door, limits))
    .get("/", ({ query }) => listTenants(door.chat, given(query)), { query: listing, ...answers({ 200: listOf(Tenant) }) })
    .post("/", async ({ body, status }) => status(201, await createTenant(door.chat, body)), {
      body: NewTenant,
      ...answers({ 201: NewlyMadeTenant }, ["conflict"]),
    })
    .get("/:tenant_id", ({ params }) => getTenant(door.chat, params), { params: place, ...answers({ 200: Tenant }) })
    .patch("/:tenant_id", ({ params, body }) => patchTenant(door.chat, { ...params, ...body }), {
      params: place,
      body: PatchTenant,
      ...answers({ 200: Tenant }, ["conflict"]),
    })
    .delete("/:tenant_id", async ({ params, status }) => status(204, await closeTenant(door.chat, params)), {
      params: place,
      ...answers({ 204: null }),
    });
