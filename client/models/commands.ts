/** What somebody does by a line that begins with a slash. Each is what the page does by a button too; what the server refuses is said in words. */
import type { User } from "../../server/protocol.ts";
import { ApiError } from "../lib/api-error.ts";
import { words } from "../lib/command-strings.ts";
import { reasonOf, strings } from "../lib/strings.ts";
import { endsCut } from "../lib/words.ts";
import type { App } from "./app.ts";
import type { MyRoom } from "./rooms.ts";

/** What becomes of the line: this is sent, or it is done, or it stays where it was written, and this is said of it. */
export type Outcome = { send: string } | { done: true } | { trouble: string };
export type Hands = {
  app: App;
  room: MyRoom;
  titleOf(room: MyRoom): string;
  /** Asks before what cannot be taken back. */
  confirmed(question: string, deed: string): Promise<boolean>;
};
type Command = { name: string; usage: string; does: string; run(hands: Hands, rest: string): Promise<Outcome> };

const done: Outcome = { done: true };

/** In the language of the page as it is now. */
export const commands = (): readonly Command[] => [
  { name: "invite", usage: `/invite @${words.name}`, does: words.invite, run: invite },
  { name: "topic", usage: `/topic ${words.text}`, does: words.topic, run: describe },
  { name: "me", usage: `/me ${words.text}`, does: words.me, run: act },
  { name: "leave", usage: "/leave", does: words.leave, run: leave },
  { name: "mute", usage: "/mute", does: words.mute, run: mute },
  { name: "dm", usage: `/dm @${words.name} ${words.text}`, does: words.dm, run: writeTo },
  { name: "shrug", usage: `/shrug ${words.text}`, does: words.shrug, run: shrug },
];

/** Runs the line. One that begins with two slashes is text that begins with one. */
export async function runCommand(hands: Hands, line: string): Promise<Outcome> {
  if (line.startsWith("//")) return { send: line.slice(1) };
  const [, name = "", rest = ""] = /^\/(\S*)\s*([^]*)$/u.exec(line) ?? [];
  const command = commands().find((one) => one.name === name.toLowerCase());
  if (!command) return { trouble: words.unknown(name) };
  try {
    return await command.run(hands, rest.trim());
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    return { trouble: reasonOf(fault.code) };
  }
}

const usage = (name: string): Outcome => ({ trouble: words.use(commands().find((one) => one.name === name)?.usage ?? "") });

async function invite({ app, room }: Hands, rest: string): Promise<Outcome> {
  const names = rest.split(/[\s,]+/u).filter((name) => name !== "");
  if (names.length === 0) return usage("invite");
  if (room.type !== "channel") return { trouble: words.channels_only };
  const users: User[] = [];
  for (const name of names) {
    const user = await personOf(app, name);
    if (!user) return { trouble: words.nobody(bare(name)) };
    users.push(user);
  }
  for (const { id } of users) await app.rooms.add(room.id, id);
  app.say(words.added(users.map(({ display_name }) => display_name)), "done");
  return done;
}

async function describe({ app, room }: Hands, description: string): Promise<Outcome> {
  if (description === "") return usage("topic");
  if (room.type !== "channel") return { trouble: words.channels_only };
  await app.rooms.patch(room.id, { description });
  app.say(words.topic_set, "done");
  return done;
}

/** An action is a message in italics, for every client and every reader the same; what would end the italics is written as itself. */
async function act(_: Hands, rest: string): Promise<Outcome> {
  return rest === "" ? usage("me") : { send: `*${rest.replace(/\s*\n\s*/gu, " ").replace(/[*\\]/gu, String.raw`\$&`)}*` };
}

async function leave({ app, room, titleOf, confirmed }: Hands): Promise<Outcome> {
  if (room.type === "dm") return { trouble: words.stays };
  if (!(await confirmed(strings.leave_question(titleOf(room)), strings.leave_room))) return { trouble: "" };
  await app.leave(room.id);
  return done;
}

async function mute({ app, room }: Hands): Promise<Outcome> {
  await app.rooms.setLevel(room.id, "muted");
  app.say(words.muted, "done");
  return done;
}

async function writeTo({ app }: Hands, rest: string): Promise<Outcome> {
  const [, name = "", text = ""] = /^(\S*)\s*([^]*)$/u.exec(rest) ?? [];
  if (bare(name) === "") return usage("dm");
  const user = await personOf(app, name);
  if (!user) return { trouble: words.nobody(bare(name)) };
  const { id } = await app.startDirect([user.id]);
  if (text !== "") void app.outbox.post(id, text);
  app.place.go(`/r/${id}`);
  return done;
}

async function shrug(_: Hands, rest: string): Promise<Outcome> {
  return { send: `${rest} ${String.raw`¯\\\_(ツ)\_/¯`}`.trim() };
}

const bare = (name: string): string => name.replace(/^@/u, "");

/** Somebody of the workspace by their username, whether this tab has met them or not. */
async function personOf(app: App, name: string): Promise<User | undefined> {
  const known = (): User | undefined => app.names.personOf(bare(name)) ?? app.names.personOf(endsCut(bare(name)));
  if (!known()) await app.people.askFor(endsCut(bare(name)));
  return known();
}
