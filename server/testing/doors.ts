/** Both doors of one world on one real port: the app as it is composed, and sockets over bare TCP that come in by it. */
import { createLimiter } from "../chat/limiter.ts";
import { createLive, type Live, type LiveOptions } from "../live/live.ts";
import { createRoster } from "../live/roster.ts";
import type { Principal } from "../chat/principal.ts";
import { dialRaw, type RawSocket } from "./raw-socket.ts";
import { type OpenDoor, openDoor, tokenOf } from "./visitor.ts";
import type { World } from "./world.ts";

export type Doors = {
  live: Live;
  open: OpenDoor;
  port: number;
  /** Opens a socket by this access token, or says with which status it was refused. */
  dial(bearer: string | null): Promise<RawSocket | number>;
  /** A socket of this person; throws when there is none. */
  socketOf(who: Principal): Promise<RawSocket>;
  stop(): Promise<void>;
};

export const generous = { per_second: 100_000, burst: 100_000 };

export async function openDoors(here: World, options: Partial<LiveOptions> = {}): Promise<Doors> {
  const roster = createRoster(here.clock.now);
  const rates = { sends: createLimiter(generous), frames: generous, sockets_per_user: 1_000, rooms_per_socket: 1_000 };
  Object.assign(here.chat, { sessions: roster });
  const live = createLive(here.chat, roster, { epoch: "epoch-1", ...rates, ...options });
  const open = openDoor(here, { live, config: { requests: generous, requests_by_address: generous, sends: generous } });
  const { server } = open.app.listen({ port: 0, hostname: "127.0.0.1", websocket: live.handlers });
  const port = server?.port;
  if (port === undefined) throw new Error("The door has no port");
  const dial: Doors["dial"] = async (bearer) => {
    const answer = await dialRaw(port, bearer === null ? {} : { authorization: `Bearer ${bearer}` });
    return typeof answer === "string" ? Number(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 200".length)) : answer;
  };
  return {
    live,
    open,
    port,
    dial,
    async socketOf(who) {
      const socket = await dial(await tokenOf(open, who));
      if (typeof socket === "number") throw new Error(`No socket: ${socket}`);
      return socket;
    },
    stop: async () => void (await server?.stop(true)),
  };
}
