import { afterAll, beforeAll, expect, test } from "bun:test";
import { removeMember } from "../chat/membership.ts";
import { postMessage } from "../chat/messages.ts";
import { entries } from "../http/matrix.entries.cast.ts";
import { clientFrames } from "../protocol.ts";
import { makeCanary } from "../testing/canary.ts";
import type { RawSocket } from "../testing/raw-socket.ts";
import { tokenOf } from "../testing/visitor.ts";
import { CLIENT_ID, day, type Marked, markedWorkspace, snooping } from "./canary.cast.ts";
import { type FrameCast, frameCast } from "./matrix.cast.ts";

const canary = makeCanary();
const ENDS_THE_CAST = "PUT /api/v1/auth/password"; // names nothing of theirs, and the next asker could not sign in
let cast: FrameCast;
let there: Marked;
beforeAll(async () => {
  cast = await frameCast();
  there = await markedWorkspace(cast.world, canary.mark);
});
afterAll(() => cast.dispose());

test("the search finds the mark in each form in which it could leave", () => {
  const { mark, formIn } = canary;
  const coded = (code: (byte: number) => string) => [...Buffer.from(mark)].map(code).join("");
  expect(formIn(`{"name":"${mark}"}`)).toBe("raw");
  expect(formIn(mark.toUpperCase())).toBe("raw");
  expect(formIn(coded((byte) => `%${byte.toString(16)}`))).toBe("URL-escaped");
  expect(formIn(coded((byte) => `\\u00${byte.toString(16)}`))).toBe("JSON-escaped");
  for (const before of ["", "a", "ab", "abc"]) expect(formIn(Buffer.from(`${before}${mark}z`).toString("base64url"))).toBe("base64");
  expect(formIn(Buffer.from(mark).toString("hex"))).toBe("hex");
  expect(formIn(makeCanary().mark)).toBeNull();
});

test("who is in the marked workspace is sent the mark by either door, in everything that carries text", async () => {
  const socket = await cast.doors.socketOf(there.twin);
  await socket.exchange({ type: "sync", id: "all", rooms: [[there.quay.id, 0]] });
  for (const type of ["hello", "message", "member", "room", "notification"]) {
    expect([type, canary.formIn(socket.texts.filter((text) => text.startsWith(`{"type":"${type}"`)).join())]).toEqual([type, "raw"]);
  }
  socket.destroy();
  for (const path of [
    "/me",
    "/users",
    "/rooms",
    "/rooms?scope=public",
    `/rooms/${there.quay.id}/messages`,
    "/auth/sign-ins",
    "/notifications",
    "/subscriptions",
  ]) {
    expect([path, canary.formIn(await bytesOf("GET", `/api/v1${path}`, await tokenOf(cast.open, there.twin)))]).toEqual([path, "raw"]);
  }
});

test("no byte of another workspace reaches who is not of it: each frame and each route is asked for its things, while a day goes by there", async () => {
  const { ann, bob, chat } = cast.world;
  const askers = [ann, bob];
  const sockets = await Promise.all(askers.map((who) => cast.doors.socketOf(who)));
  const inside = await cast.doors.socketOf(there.marked);
  for (const socket of [...sockets, inside]) await socket.exchange({ type: "sync", id: "begin" });
  let said = 0;
  for (const socket of sockets) said += await snoop(socket);
  expect(said).toBeGreaterThan(50);
  const heard: string[] = [];
  for (const who of askers) heard.push(...(await askRoutes(await tokenOf(cast.open, who))));
  await day(cast.world, there);
  cast.world.clock.advance(1_000);
  await cast.doors.live.beat();
  await cast.doors.live.look();
  heard.push(await bytesOf("GET", "/metrics", null, { "x-api-key": chat.keys.operator_key }));
  await inside.until('"left_at"'); // the last that is told there
  for (const socket of sockets) await snoop(socket);
  for (const type of ["message", "member", "room", "typing", "presence", "notification"])
    expect(inside.texts.some((text) => text.startsWith(`{"type":"${type}"`))).toBe(true);
  expect(canary.formIn(inside.bytes())).toBe("raw");
  for (const socket of sockets) expect(canary.formIn(socket.bytes())).toBeNull();
  expect(heard.length).toBeGreaterThan(2 * 45);
  for (const one of heard) expect([one.slice(0, 200), canary.formIn(one)]).toEqual([one.slice(0, 200), null]);
  for (const socket of [...sockets, inside]) socket.destroy();
  expect(cast.world.faults).toEqual([]);
});

test("the same room name, user id and client_id in two workspaces are two posts, each heard in its own", async () => {
  const { chat, ann, bob, room } = cast.world;
  expect([bob.user_id, room.id === there.quay.id]).toEqual([there.twin.user_id, false]);
  const [here, beyond] = [await cast.doors.socketOf(ann), await cast.doors.socketOf(cast.world.mallory)];
  for (const socket of [here, beyond]) await socket.exchange({ type: "sync", id: "begin", rooms: [] });
  const client_id = `${CLIENT_ID}-again`;
  const said = await Promise.all([
    postMessage(chat, bob, { room_id: room.id, client_id, content: "by bob" }),
    postMessage(chat, there.twin, { room_id: there.quay.id, client_id, content: "by his namesake" }),
  ]);
  expect(said.map(({ duplicate }) => duplicate)).toEqual([false, false]);
  expect((await postMessage(chat, bob, { room_id: room.id, client_id, content: "by bob, a retry" })).duplicate).toBe(true);
  await here.until('"content":"by bob"');
  await beyond.until('"content":"by his namesake"');
  for (const socket of [here, beyond]) await socket.exchange({ type: "ping", id: "end" });
  expect(contentsOf(here.texts)).toEqual(["by bob"]);
  expect(contentsOf(beyond.texts)).toEqual(["by his namesake"]);
  await removeMember(chat, cast.world.mallory, { room_id: there.quay.id, user_id: there.twin.user_id });
  expect((await postMessage(chat, bob, { room_id: room.id, client_id: `${CLIENT_ID}-after`, content: "bob is still in" })).duplicate).toBe(false);
  for (const socket of [here, beyond]) socket.destroy();
});

/** Says every frame that names a thing of theirs; gives how many. */
async function snoop(socket: RawSocket): Promise<number> {
  const frames = Object.values(snooping(there)).flat();
  expect(new Set(frames.map(({ type }) => type)).size).toBe(Object.keys(clientFrames).length);
  for (const frame of frames) await socket.exchange({ ...frame, id: "snoop" });
  return frames.length;
}

/** What each route of the matrix answers when it is asked for a thing of theirs. */
async function askRoutes(bearer: string): Promise<string[]> {
  const { quay, square, marked, ...ids } = there;
  const theirs: Record<string, string> = {
    room_id: quay.id,
    message_id: ids.message_id,
    invite_id: ids.invite_id,
    sign_in_id: ids.sign_in_id,
    notification_id: ids.notification_id,
    subscription_id: ids.subscription_id,
    key_id: ids.key_id,
    user_id: marked.user_id,
  };
  const answers: string[] = [];
  for (const { route, query, body } of entries.filter((one) => one.route !== ENDS_THE_CAST)) {
    const [method = "", template = ""] = route.split(" ");
    const given = await body?.(cast.stage("ann"));
    for (const room_id of template.includes(":room_id") ? [quay.id, square.id] : [""]) {
      const path = template
        .replace(/:(\w+)/gu, (_whole, name: string) => (name === "room_id" ? room_id : (theirs[name] ?? ids.message_id)))
        .replace(/(?<=.)\/$/u, "");
      answers.push(await bytesOf(method, query === undefined ? path : `${path}?${query}`, bearer, {}, pointed(given, room_id)));
    }
  }
  for (const query of [`?ids=${marked.user_id}`, `?ids=${there.twin.user_id},${marked.user_id}`, "?limit=200"]) {
    answers.push(await bytesOf("GET", `/api/v1/users${query}`, bearer));
  }
  return answers;
}

/** The body with their things where it names one. */
function pointed(body: unknown, room_id: string): unknown {
  if (typeof body !== "object" || body === null) return body;
  return {
    ...body,
    ...("user_id" in body && { user_id: there.marked.user_id }),
    ...("user_ids" in body && { user_ids: [there.marked.user_id] }),
    ...("targets" in body && { targets: { user_ids: [there.marked.user_id], room_id: room_id || there.quay.id } }),
    ...("room_id" in body && { room_id: room_id || there.quay.id }),
  };
}

/** All that an answer holds: its status, its headers, its body. */
async function bytesOf(method: string, path: string, bearer: string | null, more: Record<string, string> = {}, body?: unknown): Promise<string> {
  const headers = {
    ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
    ...(body !== undefined && { "content-type": "application/json" }),
    ...more,
  };
  const answer = await fetch(`http://127.0.0.1:${cast.doors.port}${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return `${method} ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
}

const contentsOf = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => {
    const frame: { type: string; message?: { content: string } } = JSON.parse(text);
    return frame.type === "message" && frame.message ? [frame.message.content] : [];
  });
