/**
 * A WebSocket over bare TCP, for what a well-behaved client would never do: stop reading, leave pings unanswered, send without looking.
 */
import net from "node:net";
import type { ServerFrame } from "../../../server/protocol.ts";
import { call, type Reach } from "../person.ts";

export type RawSocket = {
  /** Its local port: by it the kernel's tables know the connection. */
  readonly port: number;
  say(frame: object): void;
  /** Writes ready-made bytes (`framed`); resolves when the kernel has taken them all, or the socket is gone. */
  write(bytes: Buffer): Promise<void>;
  /** From now on nothing is read: the kernel's buffers fill, then the server's. */
  stall(): void;
  read(): void;
  /** Bytes read from the kernel since it was opened; a socket that stalls may have read a little more than it has taken. */
  bytes(): number;
  /** The code of the close frame that came, null while none has. */
  closing(): number | null;
  /** Resolves with the first frame that fits; those heard before do not count. */
  next<F extends ServerFrame["type"]>(type: F): Promise<Extract<ServerFrame, { type: F }>>;
  close(): void;
  isOpen(): boolean;
  closed: Promise<void>;
};

type Options = { answersPings?: boolean; onFrame?: (frame: ServerFrame) => void };

/** Opens a socket by a ticket and resolves at its `hello`. */
export async function openRaw(reach: Reach, token: string, { answersPings = true, onFrame }: Options = {}): Promise<RawSocket> {
  const answer = await call(reach, "POST", "/ws/tickets", token, {});
  const { ticket } = (answer?.body ?? {}) as { ticket?: string };
  const { hostname, port } = new URL(reach.url);
  const socket = net.connect(Number(port), hostname);
  const waiting = new Map<string, (frame: ServerFrame) => void>();
  const { promise: closed, resolve: onClose } = Promise.withResolvers<void>();
  let open = true;
  let code: number | null = null;

  const take = (opcode: number, payload: Buffer): void => {
    if (opcode === PING && answersPings) socket.write(framed(payload, PONG));
    if (opcode === CLOSE) code = payload.length < 2 ? 1005 : payload.readUInt16BE(0); // and it goes on as if nothing had been said
    if (opcode !== TEXT || (!onFrame && waiting.size === 0)) return; // nobody listens: a busy room must not cost the harness more than the server
    const frame: ServerFrame = JSON.parse(payload.toString());
    onFrame?.(frame);
    const heard = waiting.get(frame.type);
    waiting.delete(frame.type);
    heard?.(frame);
  };
  const reader = createReader(take);
  socket.on("data", reader);
  socket.on("error", () => {}); // `close` follows
  socket.on("close", () => {
    open = false;
    onClose();
  });
  const next = (type: string) => new Promise<ServerFrame>((heard) => void waiting.set(type, heard));

  const hello = next("hello");
  const headers = [
    `Host: ${hostname}:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: c251ZyBmYXVsdCBoYXJuZQ==",
    `Sec-WebSocket-Protocol: snug.v1, ticket.${ticket}`,
  ];
  socket.write(`GET /ws HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
  await Promise.race([hello, closed.then(() => Promise.reject(new Error("The socket was refused.")))]);
  return {
    port: socket.localPort ?? 0,
    say: (frame) => void socket.write(framed(Buffer.from(JSON.stringify(frame)))),
    async write(given) {
      if (socket.write(given) || !open) return;
      await Promise.race([new Promise((drained) => socket.once("drain", drained)), closed]);
    },
    stall: () => void socket.pause(),
    read: () => void socket.resume(),
    bytes: () => socket.bytesRead,
    closing: () => code,
    next: next as RawSocket["next"], // only frames of that type are given to who waits for it
    close: () => void socket.destroy(),
    isOpen: () => open,
    closed,
  };
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** One frame of a client, masked by zeros: the bytes stay as they are. */
export function framed(payload: Buffer, opcode = TEXT): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.alloc(2) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

/** Cuts what comes into frames, after the head of the answer to the upgrade. A server's frames are neither masked nor, here, in pieces. */
function createReader(take: (opcode: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let upgraded = false;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!upgraded) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      upgraded = true;
      rest = rest.subarray(end + 4);
    }
    let at = 0;
    for (let frame = frameAt(rest, at); frame; frame = frameAt(rest, at)) {
      take(frame.opcode, rest.subarray(frame.from, frame.to));
      at = frame.to;
    }
    rest = rest.subarray(at);
  };
}

function frameAt(bytes: Buffer, at: number): { opcode: number; from: number; to: number } | null {
  const [first, second] = [bytes[at], bytes[at + 1]];
  if (first === undefined || second === undefined) return null;
  const wide = second === 126 ? 2 : second === 127 ? 8 : 0;
  if (bytes.length < at + 2 + wide) return null;
  const length = wide === 2 ? bytes.readUInt16BE(at + 2) : wide === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : second;
  const from = at + 2 + wide;
  return bytes.length < from + length ? null : { opcode: first & 15, from, to: from + length };
}
