import { expect, test } from "bun:test";
import { faultsIn } from "./boundaries.ts";

const faults = (path: string, text: string) => faultsIn(new Map([[path, text]]));

const allowed: [path: string, text: string][] = [
  ["server/main.ts", 'import { createApp } from "./app.ts";'],
  ["server/app.ts", 'import { rooms } from "./http/rooms.ts";\nimport { socket } from "./live/socket.ts";'],
  ["server/http/rooms.ts", 'import { Elysia } from "elysia";\nimport { createRoom } from "../chat/rooms.ts";'],
  ["server/chat/rooms.ts", 'import { eq } from "drizzle-orm";\nimport type { Tx } from "../../db/store.ts";'],
  ["server/chat/rooms.ts", "// unlike Elysia, Date.now() or a WebSocket\nconst url = 'https://x'; /* process.env */"],
  ["server/chat/rooms.test.ts", "Math.random(); Date.now(); setTimeout(f);"],
  ["server/live/roster.ts", "server.publish(topic, text);"],
  ["server/work.ts", "setTimeout(next, 1);"],
  ["db/postgres.ts", "sql.unsafe(text); sql.transaction(work);"],
  ["client/api.ts", 'import type { Message } from "../server/protocol.ts";'],
  ["client/sdk/link.ts", 'import { type Frame, type Message } from "../../server/protocol.ts";'],
  ["client/models/outbox.ts", 'import { createQueue } from "../sdk/queue.ts";'],
  ["client/models/rooms.ts", 'import { signal } from "@preact/signals";\nimport type { Api } from "../api.ts";\nconst list = signal([]);'],
  ["client/views/rooms.tsx", 'import type { Rooms } from "../models/rooms.ts";\nimport "../styles/rooms.css";\nrooms.effect(() => 1);'],
  ["scripts/dev.ts", 'import page from "../client/index.html";\nimport { world } from "../server/testing/world.ts";'],
];

test.each(allowed)("%s may say %p", (path, text) => {
  expect(faults(path, text)).toEqual([]);
});

const refused: [path: string, text: string, why: string][] = [
  ["db/store.ts", 'import type { Chat } from "../server/chat/chat.ts";', "db may not import chat"],
  ["server/protocol.ts", 'import { x } from "./chat/rooms.ts";', "protocol may not import chat"],
  ["server/chat/rooms.ts", 'import { rooms } from "../http/rooms.ts";', "chat may not import http"],
  ["server/chat/rooms.ts", 'import type { Config } from "../config.ts";', "chat may not import workings"],
  ["server/http/rooms.ts", 'import { roster } from "../live/roster.ts";', "http may not import live"],
  ["server/live/socket.ts", 'import { refusals } from "../http/refusals.ts";', "live may not import http"],
  ["server/live/socket.ts", 'export { guard } from "../http/guard.ts";', "live may not import http"],
  ["server/live/socket.ts", 'const guard = await import("../http/guard.ts");', "live may not import http"],
  ["server/app.ts", 'import "./main.ts";', "app may not import main"],
  ["server/http/rooms.ts", 'import { world } from "../testing/world.ts";', "nothing of the product leans on a test"],
  ["db/store.ts", 'import { cast } from "./store.cast.ts";', "nothing of the product leans on a test"],
  ["server/other/rooms.ts", "", "belongs to no layer"],
  ["server/chat/rooms.ts", 'import { x } from "../other/x.ts";', "belongs to no layer"],
  ["client/api.ts", 'import { limits } from "../server/protocol.ts";', "page may import only types of protocol"],
  ["client/api.ts", 'import { limits, type Message } from "../server/protocol.ts";', "page may import only types of protocol"],
  ["client/api.ts", 'import type { Chat } from "../server/chat/chat.ts";', "page may not import chat"],
  ["client/sdk/link.ts", 'import { limits } from "../../server/protocol.ts";', "sdk may import only types of protocol"],
  ["client/sdk/link.ts", 'import { strings } from "../lib/strings.ts";', "sdk may not import lib"],
  ["client/models/rooms.ts", 'import { api } from "../api.ts";', "models may import only types of page"],
  ["client/models/rooms.ts", 'import { Row } from "../views/row.tsx";', "models may not import views"],
  ["client/views/rooms.tsx", 'import type { Api } from "../api.ts";', "views may not import page"],
  ["client/views/rooms.tsx", "const open = signal(false);", "no signal is made in a view"],
  ["client/views/rooms.tsx", "const open = useSignal<boolean>(false);", "no signal is made in a view"],
  ["client/views/rooms.tsx", "const [open] = useState(false);", "no signal is made in a view"],
  ["client/views/rooms.tsx", "<p dangerouslySetInnerHTML={{ __html: text }} />", "never reads text as markup"],
  ["server/chat/rooms.ts", "new Elysia();", "knows no door"],
  ["server/chat/rooms.ts", 'import { t } from "elysia";', "knows no door"],
  ["server/chat/rooms.ts", "Bun.serve({});", "knows no door"],
  ["server/chat/rooms.ts", "let socket: WebSocket;", "knows no door"],
  ["server/chat/rooms.ts", "process.env.SECRET;", "configuration comes from chat.config"],
  ["server/chat/rooms.ts", "Bun.env.SECRET;", "configuration comes from chat.config"],
  ["server/chat/rooms.ts", "Date.now();", "time comes from chat.now"],
  ["server/chat/rooms.ts", "new Date();", "time comes from chat.now"],
  ["server/chat/rooms.ts", "Math.random();", "chance and ids come from chat"],
  ["server/chat/rooms.ts", "crypto.randomUUID();", "chance and ids come from chat"],
  ["server/chat/rooms.ts", "sql`PRAGMA optimize`;", "a dialect's SQL"],
  ["server/chat/rooms.ts", "sql`select count(*)::int`;", "a dialect's SQL"],
  ["server/chat/rooms.ts", 'import { db } from "../../db/sqlite.ts";', "a dialect's SQL"],
  ["server/chat/rooms.ts", "store.transaction(work);", "only db/ opens transactions"],
  ["server/live/feed.ts", "server.publish(topic, text);", "only the roster publishes"],
  ["server/live/socket.ts", "ws.publish(topic, text);", "only the roster publishes"],
  ["server/http/ops.ts", "sql.unsafe(text);", "sends SQL as text"],
  ["db/sqlite.ts", "sql.unsafe(text);", "sends SQL as text"],
  ["server/live/socket.ts", "setInterval(beat, 30_000);", "only work.ts has timers"],
  ["server/http/limit.ts", "setTimeout(forget, 1);", "only work.ts has timers"],
];

test.each(refused)("%s may not say %p", (path, text, why) => {
  expect(faults(path, text).join("\n")).toContain(why);
});

test("a fault names the file and the line, comments before it counted", () => {
  expect(faults("server/chat/rooms.ts", "/* one\ntwo */\nconst now = Date.now();")).toEqual([
    "server/chat/rooms.ts:3 says `Date.now`: time comes from chat.now",
  ]);
});

test("files that import one another in a ring are named with the whole of it; types make none, nor does what is imported late", () => {
  const ring = (closing: string) =>
    faultsIn(
      new Map([
        ["server/chat/a.ts", 'import { b } from "./b.ts";'],
        ["server/chat/b.ts", 'import { a } from "./a.test.ts";\nimport { c } from "./c.ts";'],
        ["server/chat/c.ts", closing],
        ["server/chat/d.ts", 'import { a } from "./a.ts";'],
      ]),
    ).filter((fault) => !fault.includes("leans on a test"));
  expect(ring('import "node:net";\nimport { a } from "./a.ts";')).toEqual([
    "server/chat/c.ts:2 closes a ring of imports: server/chat/a.ts → server/chat/b.ts → server/chat/c.ts → server/chat/a.ts",
  ]);
  expect(ring('export { b } from "./b.ts";')).toEqual([
    "server/chat/c.ts:1 closes a ring of imports: server/chat/b.ts → server/chat/c.ts → server/chat/b.ts",
  ]);
  for (const closing of ['import type { a } from "./a.ts";', 'const late = () => import("./a.ts");', ""]) expect(ring(closing)).toEqual([]);
});
