/** A kept HTTP connection as cheap as can be: one request at a time, the answer's body as bytes. */

export type Caller = {
  /** Sends the text of a request and gives the body. Throws unless it was answered with 200. */
  ask(request: string): Promise<Buffer>;
  /** Bytes that have come. */
  received(): number;
};

export async function call(port: number): Promise<Caller> {
  let rest: Buffer[] = [];
  let come = 0;
  let length = 0; // of the answer that is coming, head and all; 0 while unknown
  let received = 0;
  let head = 0;
  let waiting: PromiseWithResolvers<Buffer> | null = null;
  const take = (bytes: Buffer): void => {
    rest.push(bytes);
    come += bytes.length;
    received += bytes.length;
    if (length === 0) measure();
    if (length > 0 && come >= length) settle();
  };
  const measure = (): void => {
    if (rest.length > 1) rest = [Buffer.concat(rest)];
    const all = rest[0];
    const end = all?.indexOf("\r\n\r\n") ?? -1;
    if (!all || end < 0) return;
    const lines = all.toString("latin1", 0, end);
    const [, size] = /\r\ncontent-length: (\d+)/iu.exec(lines) ?? [];
    if (!lines.startsWith("HTTP/1.1 200") || size === undefined)
      return void waiting?.reject(new Error(`A wrong answer: ${all.toString("utf8", 0, 400)}`));
    head = end + 4;
    length = head + Number(size);
  };
  const settle = (): void => {
    const body = (rest.length === 1 ? rest[0] : Buffer.concat(rest))?.subarray(head, length);
    const told = waiting;
    rest = [];
    come = 0;
    length = 0;
    waiting = null;
    if (body) told?.resolve(body);
  };
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      binaryType: "buffer",
      data: (_, bytes) => take(Buffer.from(bytes)), // the socket's buffer is used again
      close: () => waiting?.reject(new Error("The server hung up")),
    },
  });
  socket.setNoDelay(true);
  return {
    received: () => received,
    ask(request) {
      waiting = Promise.withResolvers<Buffer>();
      socket.write(request);
      return waiting.promise;
    },
  };
}
