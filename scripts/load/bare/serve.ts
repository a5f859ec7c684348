/** Bun.serve and nothing else: frames in, `take` decides, topics out. */
import type { Server, ServerWebSocket } from "bun";
import type { Draft } from "./rows.ts";

export type Socket = ServerWebSocket;

/** Listens on the port that the driver names. */
export function serveBare(take: (ws: Socket, draft: Draft) => void): Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: Number(process.env.PORT),
    fetch: (request, server) => (server.upgrade(request, { data: undefined }) ? undefined : new Response("ok")),
    websocket: {
      data: undefined,
      perMessageDeflate: false,
      maxPayloadLength: 64 << 10,
      backpressureLimit: 64 << 20,
      open: (ws) => void ws.send('{"type":"hello"}'),
      message(ws, text) {
        const frame: Draft = JSON.parse(String(text));
        if (frame.type !== "sync") return take(ws, frame);
        for (const [room_id] of frame.rooms ?? []) ws.subscribe(`room:${room_id}`);
        ws.send('{"type":"caught_up"}');
      },
    },
  });
}
