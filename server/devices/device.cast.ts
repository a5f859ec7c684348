/**
 * One device of a person: the models of the client as main.tsx builds them, on a real server's port, with a sign-in, a storage and a clock of its
 * own. Its line can be half dead (what it says arrives, nothing comes back) or cut.
 */
import { createApi } from "../../client/api.ts";
import { memoryStorage } from "../../client/lib/storage.ts";
import { createLink } from "../../client/link.ts";
import { AppModel } from "../../client/models/app.ts";
import { settled, testClock } from "../../client/testing/outside.ts";
import type { Chat } from "../chat/chat.ts";
import type { Principal } from "../chat/principal.ts";
import { signInAs } from "../chat/sign-ins.ts";

export type Device = Awaited<ReturnType<typeof openDevice>>;
export type Line = "whole" | "deaf" | "cut";

export async function openDevice(name: string, { chat, port, who }: { chat: Chat; port: number; who: Principal }) {
  const origin = `http://127.0.0.1:${port}`;
  const clock = testClock();
  const line = openLine(origin, await cookieOf(chat, who, name));
  const api = createApi(`${origin}/api/v1`, line.fetching);
  const link = createLink(api, { open: line.open, later: clock.later, now: clock.now, random: () => 1, address: () => `ws://127.0.0.1:${port}/ws` });
  let ids = 0;
  const app = new AppModel({
    ...{ api: { ...api, version: async () => "1" }, link, storage: memoryStorage(), now: clock.now, later: clock.later, secure: true },
    newId: () => `${name}-${who.user_id}-${String((ids += 1)).padStart(12, "0")}`,
    tabs: { id: name, alive: async () => () => false },
    address: { read: () => "/browse", takeSecret: () => "", write: () => {} },
    looking: { isLooking: () => true, onLook: () => () => {} },
    history: { isNarrow: () => false, push: () => {}, back: () => {} },
  });
  for (let tries = 0; app.account.state.peek() !== "signed_in" && tries < 10; tries += 1) await app.account.find(); // a slow machine may say no at first

  return {
    name,
    app,
    line: (): Line => line.state(),
    cut: (): Promise<void> => line.be("cut"),
    deafen: (): Promise<void> => line.be("deaf"),
    /** The line is whole again, and the browser says so. */
    async mend(): Promise<void> {
      await line.be("cut"); // what hung on a half-dead line is lost with it
      await line.be("whole");
      app.hurry();
    },
    /** Moves its clock; what it asked and what it was told has come through then, as far as the line lets it. */
    async pass(ms: number): Promise<void> {
      await line.quiet();
      await clock.advance(ms);
      await line.quiet();
      await settled();
    },
    async close(): Promise<void> {
      app[Symbol.dispose]();
      await line.be("cut");
    },
  };
}

async function cookieOf(chat: Chat, who: Principal, name: string): Promise<string> {
  const { users } = chat.store.t;
  const person = (await chat.store.read.select().from(users)).find(({ tenant_id, id }) => tenant_id === who.tenant_id && id === who.user_id);
  if (!person) throw new Error(`${who.user_id} is nobody`);
  return `snug=${(await signInAs(chat, person, { device: name, address: "" })).refresh_token}`;
}

/** The network between one device and the server: its cookies, its calls, its sockets. */
function openLine(origin: string, cookie: string) {
  const sockets = new Set<WebSocket>();
  const fences = new Map<string, () => void>();
  const calls = new Set<Promise<unknown>>();
  let state: Line = "whole";
  let jar = cookie;
  let fenced = 0;
  let cut = Promise.withResolvers<void>();

  const ask = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("cookie", jar);
    headers.set("origin", origin);
    const answer = await fetch(url, { ...init, headers });
    jar = answer.headers.getSetCookie()[0]?.split(";")[0] ?? jar;
    const text = answer.status === 204 ? null : await answer.text();
    return new Response(text, { status: answer.status, headers: answer.headers });
  };
  const fetching = async (url: string, init: RequestInit): Promise<Response> => {
    if (state === "cut") throw new TypeError("the line is cut");
    const answered = ask(url, init);
    calls.add(answered);
    const answer = await answered.finally(() => calls.delete(answered));
    if (state === "whole") return answer;
    await cut.promise;
    throw new TypeError("the answer is lost");
  };
  const open = (url: string, protocols: string[]): WebSocket => {
    const socket = new WebSocket(url, protocols);
    socket.addEventListener("message", ({ data }) => {
      const frame: { type: string; id?: string } = JSON.parse(String(data));
      if (frame.type === "pong") fences.get(frame.id ?? "")?.();
    });
    socket.addEventListener("close", () => {
      sockets.delete(socket);
      for (const pass of fences.values()) pass();
    });
    sockets.add(socket);
    return socket;
  };
  /** What the server said to this socket before its pong has been heard. */
  const fence = async (socket: WebSocket): Promise<void> => {
    if (socket.readyState === WebSocket.CONNECTING)
      await new Promise<unknown>((resolve) => ["open", "close"].map((what) => socket.addEventListener(what, resolve)));
    if (socket.readyState !== WebSocket.OPEN) return;
    const id = `fence-${(fenced += 1)}`;
    const passed = new Promise<void>((resolve) => fences.set(id, resolve));
    socket.send(JSON.stringify({ type: "ping", id }));
    await passed;
    fences.delete(id);
  };
  const closed = (socket: WebSocket): Promise<unknown> =>
    new Promise((resolve) => {
      socket.onmessage = null;
      socket.addEventListener("close", resolve);
      socket.close();
    });

  return {
    fetching,
    open,
    state: (): Line => state,
    async be(next: Line): Promise<void> {
      state = next;
      if (next === "deaf") for (const socket of sockets) socket.onmessage = null;
      if (next !== "cut") return;
      cut.resolve();
      cut = Promise.withResolvers();
      await Promise.all([...sockets].map(closed));
    },
    async quiet(): Promise<void> {
      await Promise.all([...calls].map((call) => call.catch(() => undefined)));
      await Promise.all([...sockets].map(fence));
    },
  };
}
