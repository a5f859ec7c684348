/** One's own picture, and the workspace's logo: each brought as it is, kept small, and told by its id wherever the name is told. */
import { Elysia, t } from "elysia";
import { removeFace, setFace } from "../chat/faces.ts";
import { findLogo, removeLogo, setLogo } from "../chat/logos.ts";
import { Id, Me } from "../protocol.ts";
import { Config } from "../protocol/tenants.ts";
import { answers, BYTES, takesBytes } from "./answers.ts";
import { type Askers, tenantFor } from "./asker.ts";
import { bytesOf, lengthIn } from "./bytes.ts";
import type { Door } from "./door.ts";
import { fileAnswer } from "./file-answer.ts";

export const ownFace = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/me/avatar" })
    .use(asker)
    .put("/", ({ who, request, server }) => setFace(chat, who, { length: lengthIn(request), body: bytesOf(request, server) }), {
      ...answers({ 200: Me }, [], takesBytes),
    })
    .delete("/", ({ who }) => removeFace(chat, who), answers({ 200: Me }));

export const ownLogo = ({ chat }: Door, { askerOrKey }: Askers) =>
  new Elysia({ prefix: "/admin/config/logo" })
    .use(askerOrKey)
    .put("/", ({ who, request, server }) => setLogo(chat, who, { length: lengthIn(request), body: bytesOf(request, server) }), {
      ...answers({ 200: Config }, [], takesBytes),
    })
    .delete("/", ({ who }) => removeLogo(chat, who), answers({ 200: Config }));

/** For everybody who comes to the workspace's address, as its name is: the page shows it before anybody has signed in. */
export const logos = (door: Door, { stranger }: Askers) =>
  new Elysia({ prefix: "/logos" })
    .use(stranger)
    .get("/:file_id", async ({ request, params }) => fileAnswer(request, await findLogo(door.chat, await tenantFor(door, request), params)), {
      params: t.Object({ file_id: Id }),
      ...answers({ 200: BYTES, 206: BYTES, 304: null }),
    });
