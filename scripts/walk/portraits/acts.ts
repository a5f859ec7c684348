/** What people do on the day of the tour with what is said in it. */
import type { Browser } from "playwright-core";
import type { List, Message, Room } from "../../../server/protocol.ts";
import { bring } from "../bring.ts";
import type { Caller } from "../rest.ts";
import { byHour, byMonth, faceOf, kernelLog } from "./attached.ts";
import type { Actor, Cast } from "./cast.ts";
import { GLAD, KEEPER, MEMBER, READER, saidAt } from "./today.ts";

export type Play = {
  readonly origin: string;
  readonly lines: readonly string[];
  readonly reader: Caller;
  readonly cast: Cast;
  readonly room: (name: string) => string;
};

/** Some have brought a picture; everybody else has a face made of their id. */
export async function showFaces({ origin, cast }: Play, browser: Browser): Promise<void> {
  for (const [username, animal, hue] of FACES) {
    const { token } = await cast(username);
    const body = Buffer.from(await faceOf(browser, animal, hue));
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/octet-stream" };
    const answer = await fetch(`${origin}/api/v1/me/avatar`, { method: "PUT", headers, body });
    if (!answer.ok) throw new Error(`${username} has no face: ${await answer.text()}`);
  }
}
const FACES = [
  [READER, "🦥", 90],
  [MEMBER, "🕊️", 230],
  [KEEPER, "🐦", 30],
  ["golden_tiger5", "🐯", 75],
  ["mellow_yak3", "🐂", 150],
  ["plain_fox2", "🦊", 55],
  ["olive_seal2", "🦭", 210],
] as const;

/** Only who runs the channel posts there; everybody may be glad. */
export async function announce(play: Play): Promise<void> {
  const room_id = play.room("announcements");
  const herald = await play.cast(KEEPER);
  await play.reader("PATCH", `/rooms/${room_id}/members/${herald.id}`, { role: "admin" });
  await play.reader("PATCH", `/rooms/${room_id}`, { posting: "admins" });
  const glad = await Promise.all(GLAD.map(play.cast));
  for (const { call } of glad) await call("PUT", `/rooms/${room_id}/members/me`, {});
  const out = (await messagesOf(play, room_id)).at(-2);
  await react(room_id, out, glad, "🎉");
  await react(room_id, out, glad.slice(1, 5), "❤️");
  await react(room_id, out, glad.slice(5), "🐦");
  await play.reader("PUT", `/rooms/${room_id}/messages/${out?.id}/pin`);
  const lounge = play.room("lounge");
  const [, , congratulations, woo] = await messagesOf(play, lounge);
  await react(lounge, congratulations, [glad[1], glad[2]], "🎉");
  await react(lounge, woo, [glad[0]], "😄");
}

/** Somebody asks, somebody knows, and the room is not filled by it. */
export async function answerInThreads(play: Play): Promise<void> {
  const kernel = play.room("kernel");
  const question = (await messagesOf(play, kernel)).at(-1);
  const answer = (line: number) => postLine(play, kernel, line, question?.id);
  for (const line of [197_417, 197_427, 197_431]) await answer(line);
  const thanks = await answer(197_438);
  await react(kernel, thanks, [await play.cast(READER)], "🙌");
  await play.reader("PUT", `/me/saved/${question?.id}`);
  const advice = (await messagesOf(play, kernel)).find(({ content }) => content.includes("touch"));
  await react(kernel, advice, [await play.cast("fair_stoat3"), await play.cast(MEMBER)], "👍");
}

/** A log where somebody asked for one, and what the conversation itself looks like from afar. */
export async function bringFiles(play: Play, browser: Browser): Promise<void> {
  const hardware = play.room("hardware");
  await postFiles(play, hardware, await play.cast("golden_tiger5"), 184_581, [{ name: "dmesg.txt", bytes: kernelLog() }]);
  await postLine(play, hardware, 184_584);
  const pictures = [
    { name: "messages by month.png", bytes: await byMonth(browser, play.lines) },
    { name: "messages by hour.png", bytes: await byHour(browser, play.lines) },
  ];
  const post = await postFiles(play, play.room("lounge"), await play.cast(READER), null, pictures);
  await react(play.room("lounge"), post, [await play.cast("olive_seal2"), await play.cast("plain_lynx")], "😍");
  await react(play.room("lounge"), post, [await play.cast("plain_fox2")], "📈");
}

export async function talkDirectly(play: Play): Promise<void> {
  const id = async (...names: string[]): Promise<string[]> => Promise.all(names.map(async (name) => (await play.cast(name)).id));
  const dm = (await play.reader("POST", "/rooms", { type: "dm", user_ids: await id(KEEPER) })) as Room;
  await postLine(play, dm.id, 38_566);
  await post(await play.cast(KEEPER), dm.id, saidAt(play.lines, 38_892).text);
  const other = (await play.reader("POST", "/rooms", { type: "dm", user_ids: await id(MEMBER) })) as Room;
  await postLine(play, other.id, 197_440);
  const group = (await play.reader("POST", "/rooms", { type: "group", user_ids: await id("sandy_mole3", "mellow_yak3") })) as Room;
  await postLine(play, group.id, 152_955);
  await (await play.cast(KEEPER)).call("PATCH", "/me", { status: { emoji: "🎈", text: "Release day" } });
  await (await play.cast("golden_tiger5")).call("PATCH", "/me", { status: { emoji: "🔌", text: "Unplugging things" } });
}

const messagesOf = async ({ reader }: Play, room_id: string): Promise<readonly Message[]> =>
  ((await reader("GET", `/rooms/${room_id}/messages?limit=50`)) as List<Message>).items.toSorted((a, b) => a.seq - b.seq);

/** Says a line as who said it, in answer to a message or to nothing. */
async function postLine(play: Play, room_id: string, line: number, reply_to?: string): Promise<Message> {
  const { user, text } = saidAt(play.lines, line);
  return post(await play.cast(user), room_id, text, { ...(reply_to !== undefined && { reply_to }) });
}

async function postFiles(
  play: Play,
  room_id: string,
  who: Actor,
  line: number | null,
  files: readonly { name: string; bytes: Uint8Array }[],
): Promise<Message> {
  const ids: string[] = [];
  for (const file of files) ids.push(await bring(play.origin, room_id, who, file));
  return post(who, room_id, line === null ? "" : saidAt(play.lines, line).text, { files: ids });
}

let posts = 0;
async function post({ call }: Actor, room_id: string, content: string, more: object = {}): Promise<Message> {
  posts += 1;
  const client_id = `tour-${String(posts).padStart(16, "0")}`;
  return (await call("POST", `/rooms/${room_id}/messages`, { client_id, content, ...more })) as Message;
}

async function react(room_id: string, message: Message | undefined, people: readonly (Actor | undefined)[], emoji: string): Promise<void> {
  if (!message) throw new Error("there is nothing to react to");
  for (const who of people) await who?.call("PUT", `/rooms/${room_id}/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`);
}
