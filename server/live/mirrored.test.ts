/**
 * Two workspaces with the same ids for everything, one of them marked in each of its texts: every route of the document and every frame is asked by
 * people of the other for what has this id in both. A route, a frame and a table that somebody adds are in it by themselves.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { addMember, setMemberRole } from "../chat/membership.ts";
import { noteTyping } from "../chat/presence.ts";
import type { Principal } from "../chat/principal.ts";
import { patchRoom } from "../chat/rooms.ts";
import { patchMe } from "../chat/users.ts";
import { documentOf } from "../http/document.ts";
import { type Asker, stageFor } from "../http/matrix.cast.ts";
import { entries } from "../http/matrix.entries.cast.ts";
import { createLog } from "../log.ts";
import { makeCanary } from "../testing/canary.ts";
import { mirror } from "../testing/mirror.ts";
import type { RawSocket } from "../testing/raw-socket.ts";
import { tokenOf } from "../testing/visitor.ts";
import { type FrameCast, frameCast } from "./matrix.cast.ts";
import { frameEntries, frameOf, typeOf } from "./matrix.entries.cast.ts";

const canary = makeCanary();
const ASKERS = ["ann", "bob"] as const;
/** They end the asker's own right to ask. */
const LAST = ["PUT /api/v1/auth/password", "DELETE /api/v1/auth/sign-ins/:sign_in_id"];

type Question = { route: string; asker: (typeof ASKERS)[number]; params: Record<string, string>; query: string | undefined; body: unknown };

let cast: FrameCast;
let questions: Question[];
let frames: { asker: Asker; frame: object & { type: string } }[];
let copied: Map<string, number>;
const logged: string[] = [];
/** ann's namesake over there, with her id, her role and the id of her sign-in. */
let namesake: Principal;

beforeAll(async () => {
  cast = await frameCast();
  Object.assign(
    cast.world.chat.log,
    createLog({ level: "debug", format: "json", now: cast.world.chat.now, write: (line) => void logged.push(line) }),
  );
  questions = await allQuestions();
  frames = [];
  for (const entry of frameEntries) {
    for (const asker of ASKERS) frames.push({ asker, frame: await frameOf(entry, cast.stage(asker), null) });
  }
  const { chat, ann } = cast.world;
  copied = await mirror(chat.store, "tenant-one", "tenant-two", canary.mark);
  await chat.store.write((tx) => tx.update(chat.store.t.tenants).set({ name: canary.mark }).where(eq(chat.store.t.tenants.id, "tenant-two")));
  namesake = { ...ann, tenant_id: "tenant-two" };
});
afterAll(() => cast.dispose());

test("what has the mark is there to be found, under the ids of the others, and is told to who belongs there", async () => {
  for (const table of ["users", "rooms", "members", "invites", "sign_ins", "audit_log"])
    expect([table, (copied.get(table) ?? 0) > 0]).toEqual([table, true]);
  const [question] = questions.filter(({ route }) => route === "GET /api/v1/rooms/:room_id");
  if (!question) throw new Error("No room is asked for");
  const bearer = await tokenOf(cast.open, namesake);
  expect(canary.formIn(await bytesOf(question, bearer))).toBe("raw");
  expect(canary.formIn(await bytesOf({ ...question, route: "GET /api/v1/users/" }, bearer))).toBe("raw");
});

test("no byte of them reaches who has the same ids elsewhere: by any route, any frame, any push, in what is logged or counted", async () => {
  const sockets: Record<(typeof ASKERS)[number], RawSocket> = { ann: await socketOf("ann"), bob: await socketOf("bob") };
  const inside = await cast.doors.socketOf(namesake);
  for (const socket of [...Object.values(sockets), inside]) await socket.exchange({ type: "sync", id: "begin" });
  const roomOfBoth = questions.find(({ route, asker }) => route === "GET /api/v1/rooms/:room_id" && asker === "ann")?.params.room_id ?? "";
  for (const { asker, frame } of frames) if (asker === "ann" || asker === "bob") await sockets[asker].exchange(frame);
  await dayOver(roomOfBoth);
  for (const question of questions) {
    const heard = await bytesOf(question, await bearerOf(question.asker));
    expect([question.route, question.asker, canary.formIn(heard)]).toEqual([question.route, question.asker, null]);
  }
  cast.world.clock.advance(1_000);
  await cast.doors.live.beat();
  await cast.doors.live.look();
  await inside.until(`over there ${canary.mark}`);
  expect(canary.formIn(inside.bytes())).toBe("raw");
  for (const socket of Object.values(sockets)) {
    await socket.exchange({ type: "ping", id: "end" });
    expect(socket.texts.filter((text) => canary.formIn(text) !== null)).toEqual([]);
    expect(canary.formIn(socket.bytes())).toBeNull();
    socket.destroy();
  }
  inside.destroy();
  const metrics = await fetch(`http://127.0.0.1:${cast.doors.port}/metrics`, { headers: { "x-api-key": cast.world.chat.keys.operator_key } });
  expect(canary.formIn(await metrics.text())).toBeNull();
  expect(canary.formIn(logged.join(""))).toBeNull();
});

test("every operation of the document and every type of frame was among the questions", () => {
  const asked = new Set(questions.map(({ route }) => route.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}")));
  const told = Object.entries(documentOf(cast.open.app).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(told.filter((route) => !asked.has(route) && !isOperators(route))).toEqual([]);
  expect(new Set(frames.map(({ frame }) => frame.type))).toEqual(new Set(frameEntries.map(typeOf)));
});

/** Whoever runs the server sees every workspace, and must. */
function isOperators(route: string): boolean {
  const [method = "", template = ""] = route.split(" ");
  const path = template.replace(/(?<=.)\/$/u, "").replace(/:(\w+)/gu, "{$1}");
  const { security = [] } = documentOf(cast.open.app).paths[path]?.[method.toLowerCase()] ?? {};
  return security.length > 0 && security.every((way) => "operator_key" in way);
}

/** The matrix' own, each with things that its asker is shown. What ends a right comes last. */
async function allQuestions(): Promise<Question[]> {
  const made: Question[] = [];
  for (const entry of entries) {
    const route = entry.route.split(" ").slice(0, 2).join(" ");
    if (isOperators(route) || route === "GET /ws") continue;
    for (const asker of ASKERS) {
      const stage = stageFor(cast, asker);
      made.push({ route, asker, params: (await entry.params?.(stage)) ?? {}, query: entry.query, body: await entry.body?.(stage) });
    }
  }
  return made.toSorted((a, b) => Number(LAST.includes(a.route)) - Number(LAST.includes(b.route)));
}

/** What is told to sockets over there, in a room that has the id of one that is read here. */
async function dayOver(room_id: string): Promise<void> {
  const { chat } = cast.world;
  await patchRoom(chat, namesake, { room_id, name: `quay over there ${canary.mark}`, description: canary.mark });
  await addMember(chat, namesake, { room_id, user_id: "cy-id" });
  await setMemberRole(chat, namesake, { room_id, user_id: "cy-id", role: "admin" });
  await noteTyping(chat, { ...namesake, user_id: "bob-id", role: "member" }, { room_id, is_typing: true });
  await patchMe(chat, namesake, { display_name: `ann over there ${canary.mark}` });
}

const bearerOf = async (asker: Asker): Promise<string> => tokenOf(cast.open, principal(asker));
const socketOf = (asker: Asker): Promise<RawSocket> => cast.doors.socketOf(principal(asker));

function principal(asker: Asker): Principal {
  const who = cast.whoIs[asker];
  if (!who) throw new Error(`${asker} has no right to ask with`);
  return who;
}

/** All that an answer holds: its status, its headers, its body. */
async function bytesOf({ route, params, query, body }: Question, bearer: string): Promise<string> {
  const [method = "", template = ""] = route.split(" ");
  const path = template.replace(/:(\w+)/gu, (_whole, name: string) => params[name] ?? "").replace(/(?<=.)\/$/u, "");
  const answer = await fetch(`http://127.0.0.1:${cast.doors.port}${path}${query === undefined ? "" : `?${query}`}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(body !== undefined && { "content-type": "application/json" }) },
    redirect: "manual",
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
}
