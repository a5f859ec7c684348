/** What is one's own: taken along, or left behind. */
import { Elysia, t } from "elysia";
import { exportMine } from "../chat/export.ts";
import { deactivateMe } from "../chat/leaving.ts";
import { createLimiter } from "../chat/limiter.ts";
import { NewDeactivation } from "../protocol/people.ts";
import { answers } from "./answers.ts";
import type { Askers } from "./asker.ts";
import type { Door } from "./door.ts";

const EXPORTS = { per_second: 1 / 600, burst: 3 }; // each reads every room one is in

export const own = ({ chat }: Door, { asker }: Askers) => {
  const exports = createLimiter(EXPORTS);
  return new Elysia({ prefix: "/me" })
    .use(asker)
    .get(
      "/export",
      async ({ who }) => {
        exports.take(JSON.stringify([who.tenant_id, who.user_id]), chat.now());
        const lines = await exportMine(chat, who);
        return new Response(streamOf(lines), { headers: ATTACHED });
      },
      { detail: { responses: { 200: LINES } } },
    )
    .post("/deactivation", async ({ who, body, status }) => status(204, await deactivateMe(chat, who, body)), {
      body: NewDeactivation,
      ...answers({ 204: null }, ["conflict"]),
    });
};

const ATTACHED = { "content-type": "application/x-ndjson", "content-disposition": 'attachment; filename="snug-export.jsonl"' };
const LINES = {
  description: "A line of JSON each: the profile, every room, every message of one's own, and `end`, without which it is not whole.",
  content: { "application/x-ndjson": { schema: t.String() } },
};

/** Asked for as fast as it is taken: no more than one piece is held. What goes wrong on the way breaks the answer off. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: () => void pieces.return(undefined),
    },
    { highWaterMark: 0 },
  );
}
