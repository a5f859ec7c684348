/** A running server as the place of a conversation: its operator's bulk route, in pieces that fit into a body. */
import { CannotStart } from "../../server/cannot-start.ts";
import type { Channel, Place } from "./seed.ts";

const BODY_BYTES = 60_000; // of the 65,536 a body may have
const PER_PIECE = 500;

/** `url` is the server's own address on this machine, `key` its operator's. */
export function placeBeside({ url, key }: { url: string; key: string }): Place {
  let channel: Channel = { channel: "", description: "", born_at: 0 };

  const ask = async (path: string, body: object): Promise<Response> => {
    const headers = { "content-type": "application/json", "x-api-key": key };
    const answer = await fetch(`${url}/admin/${path}`, { method: "POST", headers, body: JSON.stringify(body) }).catch((fault: unknown) => {
      throw new CannotStart(`the server at ${url} does not answer.`, { cause: fault });
    });
    if (answer.ok) return answer;
    throw new CannotStart(WORDS[answer.status] ?? `the server at ${url} answered ${answer.status}: ${await answer.text()}`);
  };
  const send = async (piece: { speakers?: readonly unknown[]; lines?: readonly unknown[] }): Promise<{ stored: number }> => {
    const answer: unknown = await (await ask("conversations", { ...channel, speakers: [], lines: [], ...piece })).json();
    if (typeof answer === "object" && answer !== null && "stored" in answer && typeof answer.stored === "number") return { stored: answer.stored };
    throw new CannotStart(`what answers at ${url} is no Snug.`);
  };

  return {
    async begin(wish) {
      channel = wish.channel;
      await send({});
      return false;
    },
    async seat(speakers, told) {
      for (const { piece, done } of pieces(speakers.map(({ username, at }) => [username, at]))) {
        await send({ speakers: piece });
        told(done);
      }
    },
    async put(lines, told) {
      let fresh = 0;
      for (const { piece, done } of pieces(lines.map(({ client_id, at, username, content }) => [client_id, at, username, content]))) {
        fresh += (await send({ lines: piece })).stored;
        told(done);
      }
      return fresh;
    },
    givePassword: async (username, password) => void (await ask("reset-password", { username, password })),
  };
}

const WORDS: Readonly<Record<number, string>> = {
  404: "there is no workspace yet, or nobody of that name. A workspace is made by opening the link the server printed.",
  409: "a channel of that name is there already, and people talk in it. Choose another by --room.",
  503: "the server cannot reach its database. Try again.",
};

function* pieces(all: readonly unknown[]): Generator<{ piece: unknown[]; done: number }> {
  let piece: unknown[] = [];
  let bytes = 0;
  for (const [i, one] of all.entries()) {
    const size = Buffer.byteLength(JSON.stringify(one)) + 1;
    if (piece.length === PER_PIECE || (piece.length > 0 && bytes + size > BODY_BYTES)) {
      yield { piece, done: i };
      [piece, bytes] = [[], 0];
    }
    piece.push(one);
    bytes += size;
  }
  if (piece.length > 0) yield { piece, done: all.length };
}
