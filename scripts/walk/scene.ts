/** A small workspace in mid-conversation, made by REST: enough people, rooms and words that every screen has something to show. */
import type { List, Room, SignIn } from "../../server/protocol.ts";
import { paintedPng, pngOf } from "../../server/testing/pictures.ts";
import { bring, put, seatOf, type Sent } from "./bring.ts";
import { type Asker, askerOf, callerOf, PASSWORD, postAs as say, roomNamed } from "./rest.ts";
import { until } from "./server.ts";

export type Scene = {
  readonly origin: string;
  /** The room of the conversation, a dm with bob, and one that is archived. */
  readonly general: string;
  readonly dm: string;
  readonly archived: string;
  readonly empty: string;
  /** With pictures and a document in it. */
  readonly design: string;
  /** The code of an invitation that still opens the door. */
  readonly code: string;
  /** Ends every sign-in of ann but the one that made the scene. */
  readonly endAnn: () => Promise<void>;
  readonly release: () => void;
};

const PEOPLE = [
  ["bob", "Bob Okafor"],
  ["cy", "Cy Lindqvist"],
  ["mei", "Mei-Ling Zhou"],
  ["youssef", "يوسف المصري"],
  ["ingeborg", "Ingeborg-Maximiliane von und zu Altenberg-Hohenstaufen"],
  ["noor", "Noor Haddad"],
  ["tomas", "Tomás Ferreira"],
  ["wren", "Wren Abara"],
] as const;

/** The sun over the sea, and waves under the sky. */
const dawn = (x: number, y: number) =>
  (y > 150 ? [32, 92, 120] : Math.hypot(x - 160, y - 150) < 70 ? [250, 196, 92] : [236, 140 + y / 4, 120]) as Paint;
const waves = (x: number, y: number) =>
  (y > 120 + 14 * Math.sin(x / 16) ? [28, 106, 103] : y > 90 + 14 * Math.cos(x / 16) ? [86, 160, 152] : [232, 240, 236]) as Paint;
type Paint = readonly [number, number, number];

/** The flags of a server that hears one person do in a second what people do in a week. */
export const PATIENT = ["--limit-sends-burst", "500", "--limit-requests-burst", "500", "--limit-address-burst", "1000", "--limit-address", "500"];

export async function setScene(origin: string, setup: string): Promise<Scene> {
  const setup_token = setup.split("#")[1] ?? "";
  await callerOf(origin, null)("POST", "/setup", { setup_token, workspace: "Harbour", username: "ann", password: PASSWORD });
  const ann = await signIn(origin, "ann", "Ann Whitfield");
  const invite = (await ann.call("POST", "/admin/invites", { role: "member", expires_in_seconds: 86_400, max_uses: 100 })) as { code: string };
  const others: Asker[] = [];
  for (const [username, name] of PEOPLE) {
    await callerOf(origin, null)("POST", "/auth/register", { username, password: PASSWORD, code: invite.code });
    others.push(await signIn(origin, username, name));
  }
  const [bob, cy, mei, youssef] = others;
  if (!bob || !cy || !mei || !youssef) throw new Error("somebody of the cast is missing");

  await bob.call("PATCH", "/me", { status: { emoji: "🌴", text: "On holiday from Friday on" } });
  await put(origin, "/me/avatar", await seatOf(origin, "bob"), paintedPng(320, 240, dawn));
  await put(origin, "/admin/config/logo", await seatOf(origin, "ann"), paintedPng(200, 200, waves));
  await youssef.call("PATCH", "/me", { status: { text: "Back at three" } });

  const general = (await roomNamed(ann, "general")).id;
  await ann.call("PATCH", `/rooms/${general}`, { description: "What concerns all of us. Keep it short, link to the rest." });
  const ids = others.map(({ id }) => id);
  const channel = async (who: Asker, name: string, description: string, user_ids: string[], visibility = "public"): Promise<string> =>
    ((await who.call("POST", "/rooms", { type: "channel", name, description, visibility, user_ids })) as Room).id;
  const design = await channel(ann, "design", "Sketches, type, and long arguments about grey", ids.slice(0, 3));
  const incidents = await channel(ann, "incidents", "Only what is burning", ids.slice(0, 2), "private");
  const releases = await channel(ann, "releases", "What went out, and when", ids);
  const empty = await channel(ann, "lighthouse", "", []);
  const archived = await channel(ann, "winter-party", "The party of last winter", ids.slice(0, 1));
  await channel(bob, "book-club", "One book a month. This month: A Wizard of Earthsea", [cy.id]);
  await channel(cy, "climbing", "Tuesdays, 18:30, the old gasworks", [mei.id]);
  await channel(mei, "kitchen", "", [bob.id, cy.id]);
  const dm = ((await ann.call("POST", "/rooms", { type: "dm", user_ids: [bob.id] })) as Room).id;
  const strange = ((await ann.call("POST", "/rooms", { type: "dm", user_ids: [ids[4]] })) as Room).id;
  const arabic = ((await ann.call("POST", "/rooms", { type: "dm", user_ids: [youssef.id] })) as Room).id;
  const group = ((await ann.call("POST", "/rooms", { type: "group", user_ids: [cy.id, mei.id] })) as Room).id;

  await say(ann, archived, "That was a good one. Closing this room until next year.");
  await ann.call("PATCH", `/rooms/${archived}`, { archived: true });
  const first = await say(ann, general, "Good morning! The new build is on the staging machine, please **try to break it** before lunch.");
  await say(bob, general, "Morning. Trying now.");
  await say(bob, general, "First impression: the switcher is quick. `Ctrl+K`, two letters, Enter.");
  await say(cy, general, "Two things I noticed:\n\n- the unread line stays where it is, good\n- on my phone the keyboard covers nothing any more");
  const asked = await say(mei, general, "Does anybody have the numbers of last week? https://example.org/numbers has only the older ones.");
  await say(ann, general, "Here they are:", asked.id);
  await say(ann, general, "```\nweek  posts  people\n  46   4 811     37\n  47   5 230     41\n```");
  await say(youssef, general, "صباح الخير! سأجرّبه الآن.");
  await say(cy, general, "> please try to break it\n\nI did, twice. Both are in the tracker; the second one is only a matter of _taste_.", first.id);
  await say(bob, general, "Then I would say it goes out this afternoon, unless somebody objects.");
  await say(mei, general, "No objection from me.");
  const gone = await say(mei, general, "wrong room, sorry");
  await mei.call("DELETE", `/rooms/${general}/messages/${gone.id}`);
  await say(mei, general, "@ann can you look over the notes before we send them?");
  await reacted(general, asked.id, [bob, ann], "👀");
  await reacted(general, first.id, [bob, cy, mei, ann], "🎉");
  await reacted(general, first.id, [youssef], "❤️");
  await mei.call("PUT", `/rooms/${general}/messages/${asked.id}/pin`);
  for (const { id } of [first, asked]) await ann.call("PUT", `/me/saved/${id}`);
  await say(ann, design, "New icons are in.");
  await sendFiles(origin, "ann", design, [
    { name: "harbour at dawn, from the breakwater.png", bytes: pngOf(900, 240) },
    { name: "anchor.png", bytes: pngOf(120, 90) },
    { name: "minutes of the meeting in november, with all that was said about grey.txt", bytes: Buffer.from("grey") },
  ]);
  await say(bob, design, "The anchor is lovely.");
  await say(cy, design, "Could the grey be a little warmer?");
  await say(bob, incidents, "All quiet.");
  await say(ann, releases, "0.1.0 is out.");
  await say(ann, group, "Lunch at one?");
  await say(cy, group, "Yes.");
  await say(ann, arabic, "شكراً على المساعدة");
  await say(others[4] ?? bob, strange, "Could you add me to #incidents?");
  await say(ann, dm, "Do you have a minute?");
  await say(bob, dm, "For you, always. What is it?");
  await say(bob, dm, "I am at my desk until four.");

  const sockets = await Promise.all([bob, mei].map((person) => here(origin, person)));
  const [, away] = sockets;
  away?.send(JSON.stringify({ type: "presence", id: "1", status: "away" }));
  const endAnn = async (): Promise<void> => {
    const { items } = (await ann.call("GET", "/auth/sign-ins")) as List<SignIn>;
    for (const { id, current } of items) if (!current) await ann.call("DELETE", `/auth/sign-ins/${id}`);
  };
  return { origin, general, design, dm, archived, empty, code: invite.code, endAnn, release: () => sockets.forEach((socket) => socket.close()) };
}

async function sendFiles(origin: string, username: string, room_id: string, files: readonly Sent[]): Promise<void> {
  const seat = await seatOf(origin, username);
  const ids: string[] = [];
  for (const file of files) ids.push(await bring(origin, room_id, seat, file));
  await callerOf(origin, seat.token)("POST", `/rooms/${room_id}/messages`, { content: "", files: ids });
}

async function reacted(room_id: string, message_id: string, people: readonly Asker[], emoji: string): Promise<void> {
  for (const who of people) await who.call("PUT", `/rooms/${room_id}/messages/${message_id}/reactions/${encodeURIComponent(emoji)}`);
}

async function signIn(origin: string, username: string, display_name: string): Promise<Asker> {
  const person = await askerOf(origin, username);
  await person.call("PATCH", "/me", { display_name });
  return person;
}

/** Somebody who sits there: their presence is full while the socket is open. */
async function here(origin: string, person: Asker): Promise<WebSocket> {
  const { ticket } = (await person.call("POST", "/ws/tickets", {})) as { ticket: string };
  const socket = new WebSocket(`${origin.replace(/^http/u, "ws")}/ws`, ["snug.v1", `ticket.${ticket}`]);
  let isOpen = false;
  socket.onmessage = () => (isOpen = true);
  await until(() => Promise.resolve(isOpen), "a person of the scene is connected");
  return socket;
}
