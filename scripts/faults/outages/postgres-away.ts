/** Postgres that is not there for thirty seconds: refusing every connection, or saying nothing at all. */
import { startTestPostgres } from "../../../server/testing/postgres-server.ts";
import { type Answer, call } from "../person.ts";
import { openProxy, type ProxyMode } from "../proxy.ts";
import { openRaw } from "../stalls/raw-socket.ts";
import { inScene, type Measured, type Scene, syncFrom } from "../stalls/scene.ts";
import { createPosts, inWords, type Posts, until } from "./posts.ts";

const AWAY_MS = 30_000;
const EVERY_MS = 250;
const ANSWERED_WITHIN_MS = 5_000;
const RECOVERS_WITHIN_MS = 6_000;

export async function postgresIsAway(executable: string, how: ProxyMode): Promise<Measured> {
  const postgres = await startTestPostgres([]);
  const { port } = new URL(postgres.url);
  const proxy = await openProxy(Number(port));
  try {
    const database_url = postgres.url.replace(`:${port}/`, `:${proxy.port}/`);
    return await inScene({ executable, database_url }, async (scene) => {
      const { served, reach, room_id, bob } = scene;
      const posts = createPosts(scene, "while Postgres comes and goes");
      const hearer = await openRaw(reach, bob.token);
      await syncFrom(hearer, room_id, 0);
      for (let i = 0; i < 50; i += 1) await posts.post();
      const pid = served.pid();

      proxy.set(how);
      const heard = await askWhileAway(scene, posts);
      proxy.set("pass");
      const back = await until(RECOVERS_WITHIN_MS, async () => (await posts.post())?.status === 201);
      const open = await posts.again();
      const told = hearer.isOpen() ? hearer.next("message") : null;
      await posts.post();
      const isTold = told !== null && (await Promise.race([told.then(() => true), Bun.sleep(RECOVERS_WITHIN_MS).then(() => false)]));
      hearer.close();

      const faults = await posts.faults();
      const isUp = served.isAlive() && served.pid() === pid && heard.dead === 0;
      return {
        pass: heard.others === 0 && heard.slowest_ms <= ANSWERED_WITHIN_MS && isUp && back !== null && open === 0 && isTold && faults.length === 0,
        what:
          `away for ${AWAY_MS / 1_000} s: ${heard.unavailable} asked, all 503${heard.others === 0 ? "" : ` BUT ${heard.others}`}, the slowest after ` +
          `${Math.round(heard.slowest_ms)} ms; ${isUp ? "alive throughout" : "NOT ALIVE"}; posting again ${back ?? "NEVER"} ms after it was back, ` +
          `an open socket ${isTold ? "hears" : "DOES NOT HEAR"} it; ${posts.replied.size} replies, ${inWords(faults)}`,
      };
    });
  } finally {
    await proxy.close();
    await postgres.stop();
  }
}

/** Posts and reads four times a second, whether the one before is answered or not. What is asked in the last seconds may be answered after Postgres is back. */
async function askWhileAway({ served, reach, room_id, owner }: Scene, posts: Posts) {
  const heard = { unavailable: 0, others: 0, slowest_ms: 0, dead: 0 };
  const timed = async (asking: () => Promise<Answer | null>): Promise<void> => {
    const begun = performance.now();
    const answer = await asking();
    heard.slowest_ms = Math.max(heard.slowest_ms, performance.now() - begun);
    if (answer?.status === 503) heard.unavailable += 1;
    else heard.others += 1;
  };
  const asked: Promise<void>[] = [];
  for (const end = performance.now() + AWAY_MS - ANSWERED_WITHIN_MS; performance.now() < end;) {
    asked.push(
      timed(posts.post),
      timed(() => call(reach, "GET", `/rooms/${room_id}/messages`, owner)),
    );
    if (!(await fetch(`${served.url}/healthz`).catch(() => null))?.ok) heard.dead += 1;
    await Bun.sleep(EVERY_MS);
  }
  await Promise.all([...asked, Bun.sleep(ANSWERED_WITHIN_MS)]);
  return heard;
}
