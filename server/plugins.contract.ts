/** The examples of docs/plugins, and one that is broken, as an operator would add them to a Snug that is built. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Served, type Yard, yard } from "./testing/process.ts";

const EXAMPLES = resolve(import.meta.dir, "../docs/plugins");
const BROKEN = `import { definePlugin, defineRoute, t } from "snug/plugin";
const fail = () => { throw new Error("it is broken"); };
export const plugin = definePlugin({
  name: "broken",
  start: ({ hooks }) => ["message.posting", "message.posted", "member.joined"].forEach((point) => hooks.bind(point, fail)),
  request: fail,
  routes: [defineRoute({ method: "GET", path: "/ask", for: "anybody", answers: { 200: t.Object({}) }, handle: fail })],
});`;
const PASSWORD = "a lighthouse keeper";

export function pluginSentences(): void {
  let here: Yard;
  beforeEach(async () => void (here = await yard()));
  afterEach(() => here.dispose());

  const place = (name: string, text = readFileSync(join(EXAMPLES, name), "utf8"), mode = 0o600): string => {
    writeFileSync(join(here.folder, name), text);
    chmodSync(join(here.folder, name), mode);
    return `./${name}`;
  };

  test("plugins named by their flags filter posts, greet who comes, and answer at routes of their own; a broken one harms nobody", async () => {
    const words = ["broken.ts", "word-filter.ts", "welcome-bot.ts"].flatMap((name) => [
      "--plugin",
      name === "broken.ts" ? place(name, BROKEN) : place(name),
    ]);
    const server = await here.serve(words);
    const ann = await settle(server);
    const posted = await ann.ask(`/api/v1/rooms/${ann.room_id}/messages`, { client_id: "the-first-post-of-ann", content: "well, heck" });
    expect(posted).toMatchObject({ status: 201, body: { content: "well, ****" } });
    const { code } = (await ann.ask("/api/v1/admin/invites", { role: "member", expires_in_seconds: 600, max_uses: 1 })).body;
    await ann.ask("/api/v1/auth/register", { username: "bob", password: PASSWORD, code });
    const contents = async (): Promise<string[]> =>
      (await ann.ask(`/api/v1/rooms/${ann.room_id}/messages`)).body.items.map((item: { content: string }) => item.content);
    while (!(await contents()).includes("Welcome, bob!")) await Bun.sleep(10);
    expect(await ann.says({ type: "word-filter.clean", id: "one", content: "heck!" })).toMatchObject({ type: "ok", result: { content: "****!" } });
    const { $defs } = (await ann.ask("/frames.json")).body;
    expect($defs["ClientWord-filter.clean"].properties.type.const).toBe("word-filter.clean");
    expect((await ann.ask("/plugins/word-filter/words")).body).toEqual({ words: ["darn", "heck"] });
    expect((await fetch(`${server.url}/plugins/word-filter/words`)).status).toBe(401);
    expect((await fetch(`${server.url}/plugins/broken/ask`)).status).toBe(500);
    const { err } = await server.end("SIGTERM");
    for (const point of ["message.posting", "message.posted", "member.joined"])
      expect(err).toMatch(new RegExp(`hook.failed point="${point}" by="plugin broken" .*it is broken`, "u"));
    expect(err).not.toMatch(/by="plugin (word-filter|welcome-bot)"/u);
  });

  test("a store that a plugin brings is opened by its scheme, and backed up as the database that it stands over; without the plugin nothing starts", async () => {
    await using alone = await aYard("sqlite");
    const more = ["--database-url", `timed+sqlite:${join(alone.folder, "timed.db")}`];
    const refused = await alone.run(["serve", "--port", "0", ...more]);
    expect([refused.code, refused.err.includes("timed")]).toEqual([1, true]);
    place("timed-store.ts");
    const server = await alone.serve([...more, "--plugin", join(here.folder, "timed-store.ts")], ["env", "TIMED_STORE_MS=0"]);
    const ann = await settle(server);
    expect((await ann.ask(`/api/v1/rooms/${ann.room_id}/messages`, { client_id: "over-the-store-00", content: "kept" })).status).toBe(201);
    const backup = await alone.run(["backup", "copy.snug", ...more]);
    expect([backup.code, backup.err]).toEqual([0, ""]);
    const { err } = await server.end("SIGTERM");
    expect(err).toContain("store.slow");
  });

  test("a plugin that others may write does not start, and is named", async () => {
    const { code, err } = await here.run(["serve", "--port", "0", "--plugin", place("open.ts", BROKEN, 0o666)]);
    expect([code, err.includes("open.ts")]).toEqual([1, true]);
  });
}

async function aYard(database: string): Promise<Yard & AsyncDisposable> {
  const made = await yard(database);
  return { ...made, [Symbol.asyncDispose]: made.dispose };
}

type Answer = { status: number; body: any }; // oxlint-disable-line typescript/no-explicit-any -- the next line of each test says what is expected

async function settle({ url, setup_token }: Served) {
  const asked = async (path: string, body?: unknown, token?: string): Promise<Answer> => {
    const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(url + path, { headers, ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }) });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };
  await asked("/api/v1/setup", { setup_token, workspace: "Harbour", username: "ann", password: PASSWORD });
  const { access_token } = (await asked("/api/v1/auth/login", { username: "ann", password: PASSWORD })).body;
  const ask = (path: string, body?: unknown): Promise<Answer> => asked(path, body, access_token);
  const room_id: string = (await ask("/api/v1/rooms")).body.items[0].id;
  const says = (frame: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, { headers: { authorization: `Bearer ${access_token}` } });
      socket.onopen = () => socket.send(JSON.stringify(frame));
      socket.onerror = () => reject(new Error("no socket"));
      socket.onmessage = ({ data }) => {
        const heard: { type: string } = JSON.parse(String(data));
        if (heard.type !== "ok" && heard.type !== "error") return;
        socket.close();
        resolve(heard);
      };
    });
  return { ask, says, room_id };
}
