/**
 * A WebSocket over bare TCP, for what a well-behaved client would never say: every bit of a frame is the caller's, and a close is answered by
 * nothing. Keeps each byte it was sent.
 */
import { connect } from "node:net";
import type { ServerFrame } from "../protocol.ts";

export type RawSocket = {
  /** Writes these bytes as they are. */
  write(bytes: Buffer): void;
  /** Says a text frame, masked as a client's must be. */
  text(text: string): void;
  /** What a frame is answered with, and all else that is heard until then: the texts as they came, up to a fence (ping, then pong). */
  exchange(frame: object): Promise<string[]>;
  /** Resolves when a text frame with this in it has come. */
  until(part: string): Promise<void>;
  /** All text frames so far. */
  texts: readonly string[];
  /** All bytes so far, the head of the answer to the upgrade among them. */
  bytes(): Buffer;
  /** Resolves with the code of the server's close frame (1005 if it holds none), or with 1006 when the connection ends without one. */
  closing: Promise<number>;
  /** Resolves when the connection has ended. */
  closed: Promise<void>;
  destroy(): void;
};

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export type Shape = { opcode?: number; fin?: boolean; rsv?: number; masked?: boolean; length?: number };

/** One frame, right unless told otherwise. `length` is what its head says; masked by zeros, so that the payload stays readable. */
export function framed(payload: Buffer | string, shape: Shape = {}): Buffer {
  const { opcode = opcodes.text, fin = true, rsv = 0, masked = true } = shape;
  const body = Buffer.from(payload);
  const length = shape.length ?? body.length;
  const wide = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + wide);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (wide === 0 ? length : wide === 2 ? 126 : 127);
  if (wide === 2) head.writeUInt16BE(length, 2);
  if (wide === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), body]);
}

/** Asks for /ws with these headers. Resolves with the socket at its `hello`, or with the answer that refuses it. */
export async function dialRaw(port: number, headers: Record<string, string>): Promise<RawSocket | string> {
  const parts: Buffer[] = [];
  const texts: string[] = [];
  const waits = new Set<{ met: (text: string) => boolean; resolve: () => void }>();
  const { promise: closed, resolve: onClose } = Promise.withResolvers<void>();
  const { promise: closing, resolve: onCode } = Promise.withResolvers<number>();
  let fences = 0;
  const socket = connect(port, "127.0.0.1").setNoDelay(true); // as browsers do; else what follows unanswered waits out the other's delayed ACK
  const read = reader((opcode, payload) => {
    if (opcode === opcodes.close) onCode(payload.length < 2 ? 1005 : payload.readUInt16BE(0));
    if (opcode !== opcodes.text) return;
    const text = payload.toString();
    texts.push(text);
    for (const wait of [...waits].filter(({ met }) => met(text))) {
      waits.delete(wait);
      wait.resolve();
    }
  });
  socket.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    read(chunk);
  });
  socket.on("error", () => {}); // `close` follows
  socket.on("close", () => {
    onCode(1006);
    onClose();
  });
  const next = (met: (text: string) => boolean) => new Promise<void>((resolve) => waits.add({ met, resolve }));
  const text = (one: string): void => void socket.write(framed(one));
  const hello = next((one) => one.startsWith('{"type":"hello"'));
  const upgrade = { host: `127.0.0.1:${port}`, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  const offered = { "sec-websocket-extensions": "permessage-deflate; client_max_window_bits" }; // as browsers do
  const lines = Object.entries({ ...upgrade, ...offered, "sec-websocket-key": "c251ZyByYXcgc29ja2V0IQ==", ...headers });
  socket.write(`GET /ws HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  const bytes = () => Buffer.concat(parts);
  const refused = closed.then(() => true);
  let isIn = false; // from then on nothing is looked for in all bytes again
  void hello.then(() => (isIn = true));
  const answered = once(socket, () => !isIn && !bytes().toString("latin1").startsWith("HTTP/1.1 101") && bytes().includes("\r\n\r\n"));
  if (await Promise.race([hello.then(() => false), refused, answered])) {
    socket.destroy();
    return bytes().toString();
  }
  return {
    write: (given) => void socket.write(given),
    text,
    async exchange(frame) {
      const from = texts.length;
      const fence = `{"type":"pong","id":"raw-fence-${(fences += 1)}"}`;
      const pong = next((one) => one === fence);
      const answer = "id" in frame ? next((one) => idOf(one) === frame.id) : Promise.resolve();
      text(JSON.stringify(frame));
      await Promise.race([answer, closed.then(() => Promise.reject(new Error("closed without an answer")))]);
      text(fence.replace("pong", "ping"));
      await Promise.race([pong, closed.then(() => Promise.reject(new Error("closed at the fence")))]);
      return texts.slice(from).filter((one) => one !== fence);
    },
    async until(part) {
      const met = (one: string): boolean => one.includes(part);
      if (!texts.some(met)) await next(met);
    },
    texts,
    bytes,
    closing,
    closed,
    destroy: () => void socket.destroy(),
  };
}

function idOf(text: string): unknown {
  const frame: ServerFrame = JSON.parse(text);
  return (frame.type === "ok" || frame.type === "error" || frame.type === "pong") && frame.id;
}

/** Resolves with true when, after something has come, this holds. */
function once(socket: NodeJS.EventEmitter, holds: () => boolean): Promise<true> {
  return new Promise((resolve) => socket.on("data", () => holds() && resolve(true)));
}

/** Cuts what comes into frames, after the head of the answer. A server's frames are neither masked nor, from Bun, in pieces. */
function reader(take: (opcode: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let upgraded = false;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0 || !rest.toString("latin1").startsWith("HTTP/1.1 101")) return;
      upgraded = true;
      rest = rest.subarray(end + 4);
    }
    for (let frame = frameIn(rest); frame; frame = frameIn(rest)) {
      take(frame.opcode, rest.subarray(frame.from, frame.to));
      rest = rest.subarray(frame.to);
    }
  };
}

function frameIn(bytes: Buffer): { opcode: number; from: number; to: number } | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  const from = second < 126 ? 2 : second === 126 ? 4 : 10;
  if (bytes.length < from) return null;
  const length = second < 126 ? second : second === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return bytes.length < from + length ? null : { opcode: first & 15, from, to: from + length };
}
