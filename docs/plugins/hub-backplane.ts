/**
 * Carries bells and notices between the processes of one machine over a local port instead of Postgres' NOTIFY. Whoever comes first to the port is the hub
 * and passes on what each says to all others; when it ends, the next one to look takes its place. A line that broke has lost something:
 * everybody is told so and looks for themselves, which is all that a backplane owes.
 *
 *   HUB_BACKPLANE=127.0.0.1:4455 snug serve --database-url postgres://… --plugin ./hub-backplane.ts
 *
 * The port has no password: it must not be reached from outside.
 */
import { connect, createServer, type Socket } from "node:net";
import { type Backplane, type Bell, definePlugin, type Ears, type Notice, type UserBell } from "snug/plugin";

type Word = { room: Bell } | { user: UserBell } | { notice: Notice } | { lost: true };

type Hub = { close(): void };

const WAITING_BYTES = 8 << 20; // of a hub that reads no more: what comes then is lost, and said to be

export const plugin = definePlugin({ name: "hub-backplane", backplane: () => openBackplane(process.env.HUB_BACKPLANE ?? "127.0.0.1:4455") });

export async function openBackplane(address: string): Promise<Backplane> {
  const [host = "", port = ""] = address.split(":");
  const ears = new Set<Ears>();
  let hub: Hub | null = null;
  let line: Socket | null = null;
  let isClosed = false;
  let owes = false; // something was not said: the others are to look for themselves

  const hear = (word: Word): void => {
    for (const ear of ears) {
      if ("room" in word) ear.room(word.room);
      else if ("user" in word) ear.user(word.user);
      else if ("notice" in word) ear.notice(word.notice);
      else ear.lost();
    }
  };
  const say = (word: Word): void => {
    if (!line || line.writableLength > WAITING_BYTES) owes = true;
    else line.write(`${JSON.stringify(word)}\n`);
  };

  /** What cannot be reached now is tried again by `tend`. */
  const reach = async (): Promise<void> => {
    hub ??= await listen(host, Number(port));
    const opened = await dial(host, Number(port), (text) => hear(JSON.parse(text))); // said by a Snug of this machine
    if (!opened) return;
    line = opened;
    opened.on("close", () => {
      if (line === opened) line = null;
      owes = true;
    });
  };
  await reach();

  return {
    ring(bell) {
      hear({ room: bell });
      say({ room: bell });
    },
    ringUser(user) {
      hear({ user });
      say({ user });
    },
    tell(notice) {
      hear({ notice });
      say({ notice });
    },
    listen: (ear) => void ears.add(ear),
    async tend() {
      if (!line && !isClosed) await reach();
      if (!line || !owes) return;
      owes = false;
      hear({ lost: true });
      say({ lost: true });
    },
    async close() {
      isClosed = true;
      ears.clear();
      line?.destroy();
      hub?.close();
    },
  };
}

/** The hub; null where another process is it. */
function listen(host: string, port: number): Promise<Hub | null> {
  const lines = new Set<Socket>();
  const server = createServer((from) => {
    lines.add(from);
    from.write("\n"); // from now on it hears
    eachLine(from, (text) => lines.forEach((to) => void (to !== from && to.write(`${text}\n`))));
    from.on("error", () => undefined); // "close" follows
    from.on("close", () => lines.delete(from));
  });
  const close = (): void => {
    server.close();
    for (const one of lines) one.destroy();
  };
  return new Promise((resolve) => {
    server.on("error", () => resolve(null));
    server.listen(port, host, () => resolve({ close }));
  });
}

/** A line that hears; null when there is no hub. */
function dial(host: string, port: number, heard: (text: string) => void): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    eachLine(socket, (text) => (text === "" ? resolve(socket) : heard(text)));
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => resolve(null));
  });
}

function eachLine(socket: Socket, take: (text: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (more) => {
    const lines = (rest + String(more)).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  });
}
