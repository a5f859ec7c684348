/** The limit of delivery: what comes is published at once; nothing is stored. */
import { frameOf, replyOf, rowOf } from "./rows.ts";
import { serveBare } from "./serve.ts";

const server = serveBare((ws, draft) => {
  const row = rowOf(draft);
  server.publish(`room:${draft.room_id}`, frameOf(row));
  ws.send(replyOf(draft.id, row));
});
