/** The package `ws` under node, broadcasting as its documentation does: a loop over the room's sockets. Nothing is stored. */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { type Draft, frameOf, replyOf, rowOf } from "./rows.ts";

type Socket = { send(text: string): void; on(event: "message", hear: (bytes: Buffer) => void): void };
type Library = { WebSocketServer: new (options: object) => { on(event: "connection", hear: (socket: Socket) => void): void } };

const { WebSocketServer } = createRequire(process.env["PACKAGES"] ?? "")("ws") as Library; // of the scratch folder, which has no types
const rooms = new Map<string, Set<Socket>>();
const http = createServer((_, response) => void response.end("ok"));
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.send('{"type":"hello"}');
  socket.on("message", (bytes) => {
    const frame: Draft = JSON.parse(bytes.toString());
    if (frame.type === "sync") {
      for (const [room_id] of frame.rooms ?? []) rooms.set(room_id, (rooms.get(room_id) ?? new Set()).add(socket));
      return socket.send('{"type":"caught_up"}');
    }
    const row = rowOf(frame);
    const text = frameOf(row);
    for (const hearer of rooms.get(frame.room_id) ?? []) hearer.send(text);
    socket.send(replyOf(frame.id, row));
  });
});
http.listen(Number(process.env["PORT"]), "127.0.0.1");
