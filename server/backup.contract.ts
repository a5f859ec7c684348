/** What an operator may rely on when they back up and restore. The sentences hold for the sources and for the executable that is built of them. */
import { expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createChance } from "../scripts/faults/chance.ts";
import { check } from "../scripts/faults/checker.ts";
import { createHistory, type History } from "../scripts/faults/history.ts";
import { createHearer, type Hearer } from "../scripts/faults/hearer.ts";
import { call, heardOf, type Person, type Reach, signUp } from "../scripts/faults/person.ts";
import { createSender } from "../scripts/faults/sender.ts";
import type { MessagePage, Room } from "./protocol.ts";
import { PASSWORD, placesForBackups, settle, type Someone } from "./testing/backups.ts";

export function backupSentences(): void {
  const place = placesForBackups();

  test("a backup taken under load restores all that had been replied and nothing torn; whoever heard more is told to begin again", async () => {
    const { here, reach, copy, serve } = place();
    const first = await serve();
    const { owner, room_id } = await settle(first);
    const { history, stored } = listening();
    const bob = await seat(reach, "bob", room_id);
    const hearer = createHearer({ name: "bob", reach, who: bob, room_ids: [room_id], history });
    await hearer.connect();
    const senders = await Promise.all(
      (["socket", "rest"] as const).map(async (by, i) => {
        const who = await seat(reach, `sender-${by}`, room_id);
        return createSender({ reach, who, room_id, by, chance: createChance(i), history, in_flight: 4 });
      }),
    );
    const running = Promise.all(senders.map((sender) => sender.run()));
    await stored(200);
    const begun = history.events.length;
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0, err: "" });
    const replied = history.events.filter(({ op }) => op === "stored").length;
    await stored(replied + 100);
    for (const sender of senders) sender.stop();
    await running;
    await first.end("SIGTERM");
    hearer.drop();

    expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0, err: "" });
    const second = await serve();
    const rows = await rowsOf(reach, room_id, owner);
    const fresh = createHearer({ name: "cy", reach, who: owner, room_ids: [room_id], history });
    await fresh.connect();
    fresh.drop();
    const before = history.events.slice(0, begun);
    const room = await call(reach, "GET", `/rooms/${room_id}`, bob.token);
    const acked = new Map([["bob", new Map([[room_id, ((room?.body ?? {}) as Partial<Room>).me?.acked_seq ?? 0]])]]); // the route's schema
    const final = { rooms: new Map([[room_id, rows]]), held: new Map([["cy", fresh.rooms]]), acked, foreign: new Map() };
    expect(check(before, final)).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(200);
    expect(rows.length).toBeLessThan(history.events.filter(({ op }) => op === "post").length);

    expect(await verdictOf(hearer, history)).toBe("reset");
    expect(await verdictOf(hearer, history)).toBe("resumed"); // and from then on it is the history they know
    hearer.drop();
    const next = await call(reach, "POST", `/rooms/${room_id}/messages`, owner.token, { client_id: "after-the-restore-1", content: "on we go" });
    expect(next).toMatchObject({ status: 201, body: { seq: rows.length + 1 } });
    await second.end("SIGTERM");
  });

  test("a restored history is another one also to a client that had heard nothing more", async () => {
    const { here, reach, copy, serve } = place();
    const first = await serve();
    const { owner, room_id } = await settle(first);
    const { history } = listening();
    const hearer = createHearer({ name: "ann", reach, who: owner, room_ids: [room_id], history });
    await hearer.connect();
    hearer.drop();
    expect(await verdictOf(hearer, history)).toBe("resumed");
    hearer.drop();
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0 });
    await first.end("SIGTERM");
    expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0 });
    const second = await serve();
    expect(await verdictOf(hearer, history)).toBe("reset");
    hearer.drop();
    await second.end("SIGTERM");
  });

  test("nothing is restored over a running server, nor over a database unless that is said", async () => {
    const { here, reach, copy, serve } = place();
    const server = await serve();
    const { owner, room_id } = await settle(server);
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0 });
    await call(reach, "POST", `/rooms/${room_id}/messages`, owner.token, { client_id: "kept-by-the-refusals", content: "later" });
    const running = await here.run(["restore", copy, "--replace"]);
    expect(running).toMatchObject({ code: 1, out: "", err: expect.stringContaining(`process ${server.pid}`) });
    await server.end("SIGTERM");
    expect(await here.run(["restore", copy])).toMatchObject({ code: 1, err: expect.stringContaining("--replace") });
    const again = await serve();
    expect((await rowsOf(reach, room_id, owner)).map(({ content }) => content)).toEqual(["later"]);
    await again.end("SIGTERM");
    expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0 });
    const replaced = await serve();
    expect(await rowsOf(reach, room_id, owner)).toEqual([]);
    await replaced.end("SIGTERM");
  });

  test("a backup opens with the secret it was made with; with another only if that is said, and then everybody signs in again", async () => {
    const { here, reach, copy, serve } = place();
    const server = await serve();
    const { owner, room_id } = await settle(server);
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0, out: expect.stringContaining(join(here.data, "secret")) });
    await server.end("SIGTERM");
    const secret = readFileSync(join(here.data, "secret"), "utf8");
    rmSync(here.data, { recursive: true });

    const locked = await here.run(["restore", copy, "--replace"]);
    expect(locked).toMatchObject({ code: 1, err: expect.stringContaining("another secret") });
    expect(readdirSync(here.data)).toEqual(["lock"]);
    writeFileSync(join(here.data, "secret"), secret, { mode: 0o600 });
    expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0 });
    const same = await serve();
    expect(await rowsOf(reach, room_id, owner)).toEqual([]);
    await same.end("SIGTERM");

    rmSync(join(here.data, "secret"));
    expect(await here.run(["restore", copy, "--replace", "--new-secret"])).toMatchObject({ code: 0 });
    const other = await serve();
    expect((await call(reach, "GET", "/rooms", owner.token))?.status).toBe(401);
    expect((await call(reach, "POST", "/auth/login", null, { username: "owner", password: PASSWORD }))?.status).toBe(200);
    await other.end("SIGTERM");
  });

  test("a backup is for its user alone, replaces no file, and gets a name in a folder", async () => {
    const { here, copy, serve } = place();
    expect(await here.run(["backup", copy])).toMatchObject({ code: 1, err: expect.stringContaining("Nothing was backed up") });
    await (await serve()).end("SIGTERM");
    expect((await here.run(["backup"])).code).toBe(2);
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0 });
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(copy);
    expect(await here.run(["backup", copy])).toMatchObject({ code: 1, err: expect.stringContaining("there already") });
    expect(readFileSync(copy).equals(bytes)).toBe(true);
    const folder = join(here.folder, "backups");
    mkdirSync(folder);
    expect((await here.run(["backup", folder])).code).toBe(0);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^snug-\d{4}-[\dTZ-]+\.backup$/u)]);
  });

  test("what is no backup, or a damaged one, is refused before anything is replaced", async () => {
    const { here, reach, copy, serve } = place();
    const server = await serve();
    const { owner, room_id } = await settle(server);
    await server.end("SIGTERM");
    expect(await here.run(["backup", copy])).toMatchObject({ code: 0 });
    const torn = join(here.folder, "torn");
    writeFileSync(torn, readFileSync(copy).subarray(0, 20 * 4_096));
    const text = join(here.folder, "text");
    writeFileSync(text, "all that we ever said, by heart\n".repeat(200));
    for (const path of [torn, text, join(here.folder, "nothing")]) {
      expect(await here.run(["restore", path, "--replace"])).toMatchObject({ code: 1, out: "", err: expect.stringContaining(path) });
      expect(readdirSync(here.data).filter((name) => name.startsWith("restoring"))).toEqual([]);
    }
    const again = await serve();
    expect((await call(reach, "GET", `/rooms/${room_id}`, owner.token))?.status).toBe(200);
    await again.end("SIGTERM");
  });

  if (process.env.SNUG_TEST_STORE !== "postgres")
    test("what was replaced lies beside it, whole, also when the server was killed", async () => {
      const { here, reach, copy, serve } = place();
      const server = await serve();
      const { owner, room_id } = await settle(server);
      expect(await here.run(["backup", copy])).toMatchObject({ code: 0 });
      await call(reach, "POST", `/rooms/${room_id}/messages`, owner.token, { client_id: "only-in-the-wal-of-it", content: "last words" });
      await server.end("SIGKILL");
      const database = join(here.data, "snug.db");
      expect(statSync(`${database}-wal`).size).toBeGreaterThan(0);
      expect(await here.run(["restore", copy, "--replace"])).toMatchObject({ code: 0, out: expect.stringContaining(`${database}.replaced`) });
      expect(existsSync(`${database}-wal`)).toBe(false);
      for (const tail of ["", "-wal"]) renameSync(`${database}.replaced${tail}`, `${database}${tail}`);
      const again = await serve();
      expect((await rowsOf(reach, room_id, owner)).map(({ content }) => content)).toEqual(["last words"]);
      await again.end("SIGTERM");
    });

  if (process.env.SNUG_TEST_STORE !== "postgres")
    test("a backup that is put back by hand is another history as well", async () => {
      const { here, reach, copy, serve } = place();
      const server = await serve();
      const { owner, room_id } = await settle(server);
      const { history } = listening();
      const hearer = createHearer({ name: "ann", reach, who: owner, room_ids: [room_id], history });
      await hearer.connect();
      hearer.drop();
      expect(await here.run(["backup", copy])).toMatchObject({ code: 0 });
      await server.end("SIGTERM");
      copyFileSync(copy, join(here.data, "snug.db"));
      const again = await serve();
      expect(await verdictOf(hearer, history)).toBe("reset");
      hearer.drop();
      await again.end("SIGTERM");
    });
}

/** A history, and a promise of it that so many posts have been replied to. */
function listening(): { history: History; stored(count: number): Promise<void> } {
  const history = createHistory();
  const waits = new Set<() => void>();
  const note: History["note"] = (event) => {
    history.note(event);
    if (event.op === "stored") for (const look of waits) look();
  };
  const stored = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (history.events.filter(({ op }) => op === "stored").length < count) return;
        waits.delete(look);
        resolve();
      };
      waits.add(look);
      look();
    });
  return { history: { events: history.events, note }, stored };
}

async function seat(reach: Reach, name: string, room_id: string): Promise<Person> {
  const who = await signUp(reach, name);
  await call(reach, "PUT", `/rooms/${room_id}/members/me`, who.token, {});
  return who;
}

/** What the next resume ends in. */
async function verdictOf(hearer: Hearer, history: History): Promise<string | undefined> {
  hearer.drop();
  await hearer.connect();
  const last = history.events.findLast(({ op }) => op === "verdict");
  return last?.op === "verdict" ? last.verdict : undefined;
}

async function rowsOf(reach: Reach, room_id: string, { token }: Someone): Promise<ReturnType<typeof heardOf>[]> {
  const rows: ReturnType<typeof heardOf>[] = [];
  for (let more = true; more;) {
    const answer = await call(reach, "GET", `/rooms/${room_id}/messages?after_seq=${rows.at(-1)?.seq ?? 0}&limit=200`, token);
    expect(answer?.status).toBe(200);
    const page = answer?.body as MessagePage; // the route's schema
    rows.push(...page.items.map(heardOf));
    more = page.more_after;
  }
  return rows;
}
