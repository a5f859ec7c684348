/** Socket.IO under node, with its own rooms. Nothing is stored. */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { type Draft, frameOf, replyOf, rowOf } from "./rows.ts";

type Emitter = { emit(event: string, value: unknown): void };
type Socket = Emitter & { on(event: "frame", hear: (frame: Draft) => void): void; join(room: string): void };
type Library = {
  Server: new (http: object, options: object) => { on(event: "connection", hear: (socket: Socket) => void): void; to(room: string): Emitter };
};

const { Server } = createRequire(process.env["PACKAGES"] ?? "")("socket.io") as Library; // of the scratch folder, which has no types
const http = createServer((_, response) => void response.end("ok"));
const server = new Server(http, { transports: ["websocket"], perMessageDeflate: false, pingInterval: 600_000 });
server.on("connection", (socket) => {
  socket.on("frame", (frame) => {
    if (frame.type === "sync") {
      for (const [room_id] of frame.rooms ?? []) socket.join(room_id);
      return socket.emit("frame", { type: "caught_up" });
    }
    const row = rowOf(frame);
    server.to(frame.room_id).emit("frame", JSON.parse(frameOf(row)));
    socket.emit("frame", JSON.parse(replyOf(frame.id, row)));
  });
});
http.listen(Number(process.env["PORT"]), "127.0.0.1");
