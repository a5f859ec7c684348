/** A tenant's own settings. */
import { Elysia } from "elysia";
import { getConfig, patchConfig } from "../chat/tenant-config.ts";
import { Config, PatchConfig } from "../protocol/tenants.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";

export const tenantConfig = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/config" })
    .use(askerOrKey)
    .get("/", ({ who }) => getConfig(chat, who), answers({ 200: Config }))
    .patch("/", ({ who, body }) => patchConfig(chat, who, body), { body: PatchConfig, ...answers({ 200: Config }) });
