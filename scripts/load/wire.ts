/**
 * A WebSocket as cheap as can be, so that the generator is never what is measured: one TCP socket, a mask of zeros (which a server unmasks at
 * the same cost), frames handed out as bytes. `onChunk` gives what comes as it comes, for those who know what it must be.
 */

export type Wire = {
  /** ASCII only: a character is a byte. */
  say(text: string): void;
  /** While set, hears raw bytes and no frame is looked at: pings are then answered by whoever finds them. Set it between frames only. */
  onChunk: ((bytes: Buffer) => void) | null;
  pong(): void;
  onClose: () => void;
  /** Bytes that have come. */
  received: number;
  close(): void;
};

export type Dialled = {
  port: number;
  path: string;
  headers?: Record<string, string>;
  /** Hears each frame of text; the first may come with the handshake's answer. */
  onText: (text: string, wire: Wire) => void;
};

/** Resolves when the server has agreed to speak WebSocket; throws what it answered otherwise. */
export async function dial({ port, path, headers = {}, onText }: Dialled): Promise<Wire> {
  const opened = Promise.withResolvers<void>();
  let rest: Buffer = Buffer.alloc(0);
  let greeted = false;
  let refused = "";
  const wire: Wire = {
    say: (text) => write(maskedFrame(0x81, text)),
    onChunk: null,
    pong: () => write(maskedFrame(0x8a, "")),
    onClose: () => {},
    received: 0,
    close: () => void socket.end(),
  };
  const take = (bytes: Buffer): void => {
    wire.received += bytes.length;
    if (wire.onChunk && rest.length === 0) return wire.onChunk(bytes);
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    if (!greeted && !greet()) return;
    frames();
  };
  const greet = (): boolean => {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = rest.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 101")) {
      refused = rest.toString("utf8", 0, 400);
      opened.reject(new Error(`No socket: ${refused}`));
      return false;
    }
    greeted = true;
    rest = rest.subarray(end + 4);
    opened.resolve();
    return true;
  };
  const frames = (): void => {
    for (;;) {
      const frame = frameIn(rest, 0);
      if (!frame) break;
      const body = rest.subarray(frame.start, frame.end);
      const opcode = (rest[0] ?? 0) & 0x0f;
      rest = rest.subarray(frame.end);
      if (opcode === 1) onText(body.toString("utf8"), wire);
      else if (opcode === 9) write(maskedFrame(0x8a, body));
    }
    if (rest.length > 0)
      rest = Buffer.from(rest); // the socket's buffer is used again
    else rest = Buffer.alloc(0);
  };
  let unsent: Buffer = Buffer.alloc(0);
  const write = (bytes: Buffer): void => {
    if (unsent.length > 0) return void (unsent = Buffer.concat([unsent, bytes]));
    const sent = socket.write(bytes);
    if (sent < bytes.length) unsent = Buffer.from(bytes.subarray(Math.max(0, sent)));
  };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      binaryType: "buffer",
      data: (_, bytes) => take(bytes),
      drain() {
        const bytes = unsent;
        unsent = Buffer.alloc(0);
        if (bytes.length > 0) write(bytes);
      },
      close() {
        opened.reject(new Error(`The server hung up: ${refused}`));
        wire.onClose();
      },
      error: (_, fault) => opened.reject(fault),
    },
  });
  socket.setNoDelay(true);
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const lines = {
    host: `127.0.0.1:${port}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": key,
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.1\r\n${head.join("")}\r\n`);
  await opened.promise;
  return wire;
}

/** The first byte of a ping. */
export const PING = 0x89;

/** Where the body of the frame at `at` begins and ends; null while it has not come whole. A server's frames bear no mask. */
export function frameIn(bytes: Buffer, at: number): { start: number; end: number } | null {
  if (bytes.length < at + 2) return null;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < at + head) return null;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return bytes.length < at + head + length ? null : { start: at + head, end: at + head + length };
}

function maskedFrame(first: number, body: Buffer | string): Buffer {
  const long = body.length > 125;
  const head = long ? 8 : 6;
  const frame = Buffer.allocUnsafe(head + body.length);
  frame[0] = first;
  if (long) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(body.length, 2);
  } else frame[1] = 0x80 | body.length;
  frame.writeUInt32BE(0, head - 4); // the mask
  if (typeof body === "string") frame.write(body, head, "latin1");
  else body.copy(frame, head);
  return frame;
}
