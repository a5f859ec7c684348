/** A tenant's API keys, and the tokens they mint. */
import { Elysia, t } from "elysia";
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "../chat/api-keys.ts";
import { mintToken } from "../chat/minted.ts";
import { Id, listOf } from "../protocol.ts";
import { ApiKey, MintedToken, NewApiKey, NewToken, RotateApiKey } from "../protocol/api-keys.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { given, listing } from "./queries.ts";

const keyPlace = t.Object({ key_id: Id });

export const apiKeys = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/api-keys" })
    .use(askerOrKey)
    .get("/", ({ who, query }) => listApiKeys(chat, who, given(query)), { query: listing, ...answers({ 200: listOf(ApiKey) }) })
    .post("/", async ({ who, body, status }) => status(201, await createApiKey(chat, who, body)), {
      body: NewApiKey,
      ...answers({ 201: ApiKey }, ["conflict"]),
    })
    .post("/:key_id/rotate", async ({ who, params, body, status }) => status(201, await rotateApiKey(chat, who, { ...params, ...body })), {
      params: keyPlace,
      body: t.Optional(RotateApiKey),
      ...answers({ 201: ApiKey }, ["conflict"]),
    })
    .delete("/:key_id", async ({ who, params, status }) => status(204, await revokeApiKey(chat, who, params)), {
      params: keyPlace,
      ...answers({ 204: null }),
    });

export const mintedTokens = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/auth/tokens" }).use(askerOrKey).post("/", async ({ who, body, status }) => status(201, await mintToken(chat, who, body)), {
    body: NewToken,
    ...answers({ 201: MintedToken }, ["not_found"]),
  });
