/**
 * A workspace in the middle of its day, on a real conversation: the executable with all 220,972 messages in one channel, some of its lines said
 * again today in others, and what people did with them meanwhile. The words are the log's; threads, reactions and files are added to them.
 */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { List, Room, Tokens, User } from "../../../server/protocol.ts";
import { type Caller, callerOf, PASSWORD } from "../rest.ts";
import { linesOf, startSeeded } from "../seeded.ts";
import { root } from "../tour.ts";
import { announce, answerInThreads, bringFiles, showFaces, talkDirectly } from "./acts.ts";
import { type Cast, castOf, here } from "./cast.ts";
import { manage, openEndpoint, tell } from "./managed.ts";
import { channelsOf, KEEPER, MEMBER, READER } from "./today.ts";

export type Stage = {
  readonly origin: string;
  /** The id of the channel of this name. */
  readonly room: (name: string) => string;
  readonly webhook_id: string;
  /** The code of an invitation that opens the door. */
  readonly code: string;
  readonly stop: () => Promise<void>;
};

export async function setStage(conversation: string, browser: Browser): Promise<Stage> {
  const lines = await linesOf(conversation);
  const beside = channelsOf(lines, Date.now());
  const flags = ["--webhook-allow", "127.0.0.1/32"];
  const seeded = await startSeeded(join(root, "dist/snug"), conversation, { channel: "ubuntu", as: READER, beside, flags });
  await using closing = new AsyncDisposableStack(); // what fails below leaves no server
  closing.defer(seeded.stop);
  const { origin } = seeded;
  const { access_token } = (await callerOf(origin, null)("POST", "/auth/login", { username: READER, password: PASSWORD })) as Tokens;
  const reader = callerOf(origin, access_token);
  const cast: Cast = await castOf(origin, reader);

  for (const { name, topic } of beside) await reader("PATCH", `/rooms/${(await joined(reader, name)).id}`, { description: topic });
  const rooms = ((await reader("GET", "/rooms?limit=50")) as List<Room>).items;
  const room = (name: string): string => rooms.find((one) => one.name === name)?.id ?? missing(`#${name}`);
  const play = { origin, lines, reader, cast, room };
  for (const { lines: said } of beside) for (const line of said) await cast((JSON.parse(line) as { user: string }).user);

  for (const { username } of ((await reader("GET", "/admin/users?limit=12")) as List<User>).items) if (username !== undefined) await cast(username);

  await showFaces(play, browser);
  await announce(play);
  await answerInThreads(play);
  await bringFiles(play, browser);
  await talkDirectly(play);
  const endpoint = openEndpoint();
  const webhook_id = await tell(play, endpoint.url);
  const code = await manage(play);
  const sockets = await Promise.all([KEEPER, MEMBER, "sandy_mole3", "golden_tiger5"].map((name) => here(origin, cast, name)));
  closing.move();
  return {
    ...{ origin, room, code, webhook_id },
    async stop() {
      for (const socket of sockets) socket.close();
      endpoint.close();
      await seeded.stop();
    },
  };
}

/** The reader is in all of them, and knows what is said in most. */
async function joined(reader: Caller, name: string): Promise<Room> {
  const { items } = (await reader("GET", "/rooms?scope=public&limit=50")) as List<Room>;
  const room = items.find((one) => one.name === name) ?? missing(`#${name}`);
  await reader("PUT", `/rooms/${room.id}/members/me`, {});
  return room;
}

function missing(what: string): never {
  throw new Error(`${what} is not there`);
}
