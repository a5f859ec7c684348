/** How far the others of a room have read, for who has not heard their acks. */
import { Elysia } from "elysia";
import { listReceipts } from "../chat/receipts.ts";
import { listOf } from "../protocol.ts";
import { Receipt } from "../protocol/receipts.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";
import { roomPlace } from "./queries.ts";

export const receipts = ({ chat }: Door, { asker }: Askers) =>
  new Elysia({ prefix: "/rooms/:room_id/receipts" })
    .use(asker)
    .get("/", async ({ who, params }) => ({ items: await listReceipts(chat, who, params) }), {
      params: roomPlace,
      ...answers({ 200: listOf(Receipt) }),
    });
