import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { endSignIn } from "../chat/sign-ins.ts";
import { issueTicket } from "../chat/tickets.ts";
import { type Asker, askers, CANARY } from "../http/matrix.cast.ts";
import { clientFrames } from "../protocol.ts";
import { dialRaw, type RawSocket } from "../testing/raw-socket.ts";
import { type FrameCast, frameCast, type FrameStage } from "./matrix.cast.ts";
import { frameEntries, type FrameEntry, frameOf, typeOf } from "./matrix.entries.cast.ts";

let cast: FrameCast;
beforeAll(async () => void (cast = await frameCast()));
afterAll(() => cast.dispose());

/** Nobody's thing: well-formed, and in no table. */
const ABSENT = "0000000000000000000nothere";
const SEATED = ["mallory", "cy", "bob", "dan", "ann"] as const;

test("every frame type has its entry in the rights matrix of frames, and every entry its type", () => {
  const entered = new Set(frameEntries.map(typeOf));
  expect(Object.keys(clientFrames).filter((type) => !entered.has(type))).toEqual([]);
  expect([...entered].filter((type) => !(type in clientFrames))).toEqual([]);
});

describe("each frame gives each of the eight what the rights matrix of frames says:", () => {
  for (const entry of frameEntries) {
    test(entry.frame, async () => {
      const wanted = entry.answers.trim().split(/\s+/u);
      expect(wanted).toHaveLength(askers.length);
      for (const [column, asker] of askers.entries()) {
        const stage = cast.stage(asker);
        const { answer, told, heard } = await ask(entry, asker, stage);
        expect(`${asker}: ${answer}`).toBe(`${asker}: ${wanted[column]}`);
        expect(`${asker}: ${told.join()}`).toBe(`${asker}: ${answer === "ok" ? (entry.tells ?? "") : ""}`);
        if (!answer.startsWith("ok")) expect(heard.join()).not.toContain(CANARY);
      }
      expect(cast.world.faults).toEqual([]);
    });
  }
});

describe("a thing that is forbidden and a thing that does not exist are the same bytes on a socket:", () => {
  for (const entry of frameEntries.filter(({ foreign }) => foreign)) {
    test(entry.frame, async () => {
      const wanted = entry.answers.trim().split(/\s+/u);
      const foreign = SEATED.filter((asker) => isForeign(entry, asker, wanted[askers.indexOf(asker)] ?? ""));
      expect(foreign).toContain("mallory");
      expect(foreign).toContain("cy");
      for (const asker of foreign) {
        const stage = cast.stage(asker);
        const frame = await frameOf(entry, stage, null);
        const socket = await socketOf(asker);
        const forbidden = await socket.exchange(frame);
        const absent = await socket.exchange(await frameOf(entry, stage, ABSENT));
        socket.destroy();
        expect(absent).toEqual(forbidden);
        expect(forbidden.length).toBeGreaterThan(0);
      }
    });
  }
});

test("nobody, who was revoked and whose token expired get no socket, by header or by ticket, and are told the same", async () => {
  const { world, doors } = cast;
  const refusal = async (headers: Record<string, string>): Promise<string> => {
    const answer = await dialRaw(doors.port, headers);
    if (typeof answer !== "string") throw new Error("It got a socket.");
    const [head = "", body = ""] = answer.split("\r\n\r\n");
    const { error }: { error: { request_id: string } } = JSON.parse(body);
    return `${head.split("\r\n")[0]} ${body.replace(error.request_id, "")}`;
  };
  const ticketOf = async (who: typeof world.bob) => ({
    "sec-websocket-protocol": `snug.v1, ticket.${(await issueTicket(world.chat, who, { origin: null })).ticket}`,
  });
  const bearers = await Promise.all((["revoked", "expired"] as const).map((asker) => cast.bearer(asker)));
  const ended = await world.person("tenant-one", "ended");
  const [late, revoked, alive] = [await ticketOf(world.cy), await ticketOf(ended), await ticketOf(world.bob)];
  await endSignIn(world.chat, ended, { sign_in_id: ended.via.sign_in_id });
  const answers = [await refusal({}), await refusal(revoked)];
  for (const bearer of bearers) answers.push(await refusal({ authorization: `Bearer ${bearer}` }));
  const socket = await dialRaw(doors.port, alive);
  expect(typeof socket).not.toBe("string");
  if (typeof socket !== "string") socket.destroy();
  world.clock.advance(60_000);
  answers.push(await refusal(late), await refusal(alive));
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain("401 Unauthorized");
  expect(answers[0]).toContain('"code":"unauthorized"');
});

type Asked = { answer: string; told: string[]; heard: readonly string[] };

/** Says the frame as the asker. `told` is what bob's other socket, which hears the room, is told meanwhile. */
async function ask(entry: FrameEntry, asker: Asker, stage: FrameStage): Promise<Asked> {
  const frame = await frameOf(entry, stage, null); // makes its things, so that `hello` tells the rooms
  const witness = await cast.doors.socketOf(cast.world.bob);
  await witness.exchange({ type: "sync", id: "witness", rooms: [] });
  const from = witness.texts.length;
  const { answer, heard } = await answered(asker, stage, frame);
  await witness.exchange({ type: "ping", id: "witness" });
  const told = witness.texts
    .slice(from)
    .map(typeIn)
    .filter((type) => ["message", "typing"].includes(type));
  witness.destroy();
  return { answer, told, heard };
}

async function answered(asker: Asker, stage: FrameStage, frame: object): Promise<Pick<Asked, "answer" | "heard">> {
  if (asker === "nobody" || asker === "expired") {
    const status = await cast.doors.dial(await cast.bearer(asker));
    return { answer: typeof status === "number" ? String(status) : "a socket", heard: [] };
  }
  if (asker === "revoked") return revoked(stage, frame);
  const socket = await socketOf(asker);
  const heard = await socket.exchange(frame);
  socket.destroy();
  return { answer: summary(heard), heard };
}

/** Somebody whose sign-in ends while their socket is open, and who speaks on as if nothing had been said. */
async function revoked(stage: FrameStage, frame: object): Promise<Pick<Asked, "answer" | "heard">> {
  const { chat } = cast.world;
  const rob = await stage.rob();
  const socket = await cast.doors.socketOf(rob);
  expect(summary(await socket.exchange({ type: "ping", id: "before" }))).toBe("pong");
  await endSignIn(chat, rob, { sign_in_id: rob.via.sign_in_id });
  const code = await socket.closing;
  const from = socket.texts.length;
  socket.text(JSON.stringify(frame));
  await socket.closed;
  return { answer: String(code), heard: socket.texts.slice(from) };
}

async function socketOf(asker: (typeof SEATED)[number]): Promise<RawSocket> {
  const who = cast.whoIs[asker];
  if (who === null) throw new Error(`${asker} is nobody`);
  return cast.doors.socketOf(who);
}

/** The answer, then what else was heard, by name. */
function summary(heard: readonly string[]): string {
  const frames = heard.map((text): { type: string; code?: string } => JSON.parse(text));
  const names = new Set(frames.map(({ type, code }) => code ?? type));
  const answer = frames.find(({ type }) => ["ok", "error", "pong"].includes(type));
  const first = answer?.code ?? answer?.type ?? "nothing";
  return [first, ...[...names].filter((name) => name !== first).sort()].join("+");
}

const typeIn = (text: string): string => {
  const { type }: { type: string } = JSON.parse(text);
  return type;
};

/** Those who are refused the thing itself; of a message that is elsewhere, everybody is. */
const isForeign = ({ foreign }: FrameEntry, asker: Asker, answer: string): boolean =>
  foreign === "message_id" || foreign === "reply_to" || answer === "not_found" || (foreign === "rooms" && ["mallory", "cy"].includes(asker));
