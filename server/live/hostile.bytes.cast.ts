/** What a hostile peer writes on an open socket, byte by byte: the ways to break RFC 6455, and to be a burden within it. */
import { deflateRawSync } from "node:zlib";
import { framed, opcodes, type Shape } from "../testing/raw-socket.ts";

/** The cap of the world that hears this. */
export const FRAME_BYTES = 65_536;

export type Input = {
  name: string;
  bytes: () => Buffer;
  /** The code with which the server closes it; or it stays, and a text of it is heard or refused; or it waits for the rest; or any of these. */
  ends: number | "heard" | "refused" | "waits" | "anything";
};

const { continuation, text, binary, close, ping, pong } = opcodes;
const [BROKEN, NO_TEXT, TOO_LARGE] = [1002, 1007, 1009];
const PING = '{"type":"ping","id":"hostile"}';
const bad = (ends: number, name: string, ...bytes: readonly Buffer[]): Input => ({ name, bytes: () => Buffer.concat(bytes), ends });
const fine = (name: string, ends: "heard" | "refused", bytes: () => Buffer): Input => ({ name, bytes, ends });
const waits = (name: string, ...bytes: readonly Buffer[]): Input => ({ name, bytes: () => Buffer.concat(bytes), ends: "waits" });
const piece = (payload: Buffer | string, shape: Shape = {}): Buffer => framed(payload, { fin: false, ...shape });
const hex = (bytes: string): Buffer => Buffer.from(bytes.replaceAll(" ", ""), "hex");
const closing = (code: number): Buffer => framed(Buffer.from([code >> 8, code & 255]), { opcode: close });
const many = (count: number, frame: Buffer): Buffer => Buffer.concat(Array.from({ length: count }, () => frame));

const large: Input[] = [
  bad(TOO_LARGE, "a frame of a byte over the cap", framed("x".repeat(FRAME_BYTES + 1))),
  bad(TOO_LARGE, "a frame of twice the cap", framed("x".repeat(2 * FRAME_BYTES))),
  bad(TOO_LARGE, "a frame over the cap in bytes, not in characters", framed("é".repeat(FRAME_BYTES / 2 + 1))),
  ...[16 * 2 ** 20, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1].map((length) =>
    bad(TOO_LARGE, `a frame that says it is ${length} bytes`, framed("x", { length })),
  ),
  ...["7fffffffffffffff", "8000000000000000", "ffffffffffffffff"].map((length) =>
    bad(TOO_LARGE, `a length of 0x${length}`, hex(`81ff ${length} 00000000 78`)),
  ),
  bad(TOO_LARGE, "a binary frame over the cap", framed(Buffer.alloc(FRAME_BYTES + 1), { opcode: binary })),
  ...[2, 3, 7, 100].map((count) => bad(TOO_LARGE, `${count} pieces over the cap together`, ...pieces("x".repeat(FRAME_BYTES + count), count))),
  bad(
    TOO_LARGE,
    "a piece under the cap and a second that is over it",
    piece("x".repeat(100)),
    framed("x".repeat(FRAME_BYTES), { opcode: continuation }),
  ),
  fine("a frame of the cap, which is no JSON", "refused", () => framed("x".repeat(FRAME_BYTES))),
  fine("a binary frame of the cap", "refused", () => framed(Buffer.alloc(FRAME_BYTES), { opcode: binary })),
];

const inPieces: Input[] = [
  fine("a frame in three pieces", "heard", () => Buffer.concat(pieces(PING, 3))),
  fine("a frame byte by byte", "heard", () => Buffer.concat(pieces(PING, PING.length))),
  fine("a ping between two pieces", "heard", () =>
    Buffer.concat([piece(PING.slice(0, 9)), framed("", { opcode: ping }), framed(PING.slice(9), { opcode: continuation })]),
  ),
  fine("100,000 empty pieces and the end of the frame", "heard", () =>
    Buffer.concat([piece(PING), many(100_000, piece("", { opcode: continuation })), framed("", { opcode: continuation })]),
  ),
  fine("500 empty frames", "refused", () => many(500, framed(""))),
  waits("100,000 empty pieces without an end", piece("{"), many(100_000, piece("", { opcode: continuation }))),
  fine("10,000 pings", "heard", () => many(10_000, framed("", { opcode: ping }))),
  fine("10,000 pongs that nobody asked for", "heard", () => many(10_000, framed("x", { opcode: pong }))),
  bad(BROKEN, "a continuation of nothing", framed(PING, { opcode: continuation })),
  bad(BROKEN, "an unfinished continuation of nothing", piece(PING, { opcode: continuation })),
  bad(BROKEN, "a new frame in the middle of another", piece("{"), framed(PING)),
  bad(BROKEN, "a new unfinished frame in the middle of another", piece("{"), piece("{")),
  bad(BROKEN, "a binary frame in the middle of a text", piece("{"), framed("x", { opcode: binary })),
  bad(BROKEN, "a continuation after the end", piece("{"), framed("", { opcode: continuation }), framed("x", { opcode: continuation })),
];

const malformed =
  "ff fe 80 bf c080 c1bf e08080 e09fbf eda080 edbfbf f0808080 f08fbfbf f4908080 f5808080 f888808080 c3 e282 f09f98 c328 e228a1 f0288cbc".split(" ");
const badText: Input[] = malformed.flatMap((bytes) => [
  bad(NO_TEXT, `text of the bytes ${bytes}`, framed(hex(bytes))),
  bad(NO_TEXT, `${bytes} inside a text of JSON`, framed(Buffer.concat([Buffer.from('{"type":"ping","id":"'), hex(bytes), Buffer.from('"}')]))),
]);
const splitText: Input[] = [
  fine("a character cut in two by pieces", "refused", () => Buffer.concat([piece(hex("f09f")), framed(hex("9880"), { opcode: continuation })])),
  bad(NO_TEXT, "half a character at the end of the last piece", piece("{"), framed(hex("f09f"), { opcode: continuation })),
  bad(NO_TEXT, "half a character in pieces, never made whole", piece(hex("f09f")), framed("}", { opcode: continuation })),
];

const heads: Input[] = [
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((rsv) => [
    bad(BROKEN, `reserved bits ${rsv}`, framed(PING, { rsv })),
    bad(BROKEN, `reserved bits ${rsv} on a ping`, framed("", { rsv, opcode: ping })),
    bad(BROKEN, `reserved bits ${rsv} on a second piece`, piece("{"), framed("}", { rsv, opcode: continuation })),
  ]),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode) => [
    bad(BROKEN, `reserved opcode ${opcode}`, framed("", { opcode })),
    bad(BROKEN, `reserved opcode ${opcode} with a payload`, framed(PING, { opcode })),
    bad(BROKEN, `reserved opcode ${opcode} in the middle of a frame`, piece("{"), framed("", { opcode })),
  ]),
  ...[text, binary, continuation, close, ping, pong].map((opcode) =>
    bad(BROKEN, `unmasked, opcode ${opcode}`, framed("hello", { opcode, masked: false })),
  ),
  bad(BROKEN, "unmasked after a masked piece", piece("{"), framed("}", { opcode: continuation, masked: false })),
  bad(BROKEN, "a bomb, compressed though that was only offered", framed(deflateRawSync(Buffer.alloc(10 << 20)), { rsv: 4 })),
  bad(BROKEN, "a small compressed frame", framed(deflateRawSync(PING), { rsv: 4 })),
  bad(BROKEN, "an empty compressed frame", framed("", { rsv: 4 })),
];

const control: Input[] = [
  ...[ping, pong, close].flatMap((opcode) => [
    bad(BROKEN, `control ${opcode} of 126 bytes`, framed(Buffer.alloc(126, 3), { opcode })),
    bad(BROKEN, `control ${opcode} of 65,536 bytes`, framed(Buffer.alloc(65_536, 3), { opcode })),
    bad(BROKEN, `control ${opcode} that says it is 2^40 bytes`, framed("x", { opcode, length: 2 ** 40 })),
    bad(BROKEN, `control ${opcode} in pieces`, piece("x".repeat(2), { opcode })),
    bad(BROKEN, `control ${opcode} with its second piece`, piece("xx", { opcode }), framed("x", { opcode: continuation })),
  ]),
  fine("a ping of 125 bytes", "heard", () => framed(Buffer.alloc(125, 120), { opcode: ping })),
  bad(1005, "a close without a code", framed("", { opcode: close })),
  bad(BROKEN, "a close of one byte", framed("x", { opcode: close })),
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => bad(BROKEN, `a close with ${code}`, closing(code))),
  ...[1000, 1001, 1002, 1007, 1012, 3000, 4201, 4999].map((code) => bad(code, `a close with ${code}`, closing(code))),
  bad(NO_TEXT, "a close whose reason is no UTF-8", framed(hex("03e8 ff fe"), { opcode: close })),
  bad(1000, "a close, and frames after it", closing(1000), framed(PING)),
  bad(1000, "a close in the middle of a frame", piece("{"), closing(1000)),
  bad(1000, "two closes", closing(1000), closing(1000)),
];

const noFrames: Input[] = [
  fine("an empty text", "refused", () => framed("")),
  fine("an empty binary", "refused", () => framed("", { opcode: binary })),
  fine("one byte", "refused", () => framed(hex("00"), { opcode: binary })),
  fine("a frame as binary", "refused", () => framed(PING, { opcode: binary })),
  bad(BROKEN, "a request", Buffer.from("GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n")),
  bad(BROKEN, "another upgrade", Buffer.from("GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")),
  bad(BROKEN, "the greeting of TLS", hex("16030100c8010000c40303")),
  bad(BROKEN, "the greeting of HTTP/2", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
  bad(BROKEN, "ones", Buffer.alloc(1_000, 255)),
  bad(BROKEN, "zeros", Buffer.alloc(1_000)),
];

const halves: Input[] = [
  waits("one byte of a head", hex("81")),
  waits("a head without its mask", hex("8185")),
  waits("a head without its payload", hex("8185 00000000")),
  waits("half of a long length", hex("81fe 01")),
  waits("half of a longest length", hex("81ff 00000000")),
  waits("a frame but for its last byte", framed(PING).subarray(0, -1)),
  waits("the first byte of a piece's payload", framed(PING).subarray(0, 7)),
  waits("a piece without an end", piece(PING)),
  fine("a length written longer than it is", "heard", () =>
    Buffer.concat([hex(`81fe ${PING.length.toString(16).padStart(4, "0")} 00000000`), Buffer.from(PING)]),
  ),
];

/** Bytes of chance, the same in every run: some look like the beginning of a frame. */
const chance: Input[] = Array.from({ length: 40 }, (_, seed) => ({
  name: `bytes of chance ${seed}`,
  bytes: () => {
    let state = seed + 1;
    const bytes = Buffer.from(Array.from({ length: 1 + seed * 17 }, () => (state = (state * 48_271) % 2_147_483_647) & 255));
    return seed % 2 === 0 ? bytes : Buffer.concat([hex("81"), bytes]);
  },
  ends: "anything" as const,
}));

export const inputs: readonly Input[] = [...large, ...inPieces, ...badText, ...splitText, ...heads, ...control, ...noFrames, ...halves, ...chance];

function pieces(payload: string, count: number): Buffer[] {
  const bytes = Buffer.from(payload);
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, i) =>
    framed(bytes.subarray(i * size, (i + 1) * size), { opcode: i === 0 ? text : continuation, fin: i === count - 1 }),
  );
}
