/**
 * The server is killed three times while it delivers. Each event must come: its row is in the transaction of its post. No attempt may come twice.
 * What comes again is what had been sent and not settled when the server died, each time four at most: those are counted and told.
 */
import { createChance } from "../chance.ts";
import { call } from "../person.ts";
import { inScene, type Measured, type Scene } from "../stalls/scene.ts";
import { allowing, createEndpoint, type Endpoint, type Hit, tellOf } from "./endpoints.ts";

const KILLS = 3;
const POSTERS = 16;
const TOGETHER = 4; // attempts of one endpoint under way
const ANSWER_MS = 5;
const ALL_WITHIN_MS = 120_000; // a claim of a server that was killed ends after half a minute

export type Play = { events: number; seed: number; database_url: string | null };

export function oncePerAttempt(executable: string, { events, seed, database_url }: Play): Promise<Measured> {
  return inScene(allowing(executable, database_url), async (scene) => {
    const chance = createChance(seed);
    const endpoint = createEndpoint(async () => {
      await Bun.sleep(chance.below(ANSWER_MS));
      return new Response(null, { status: 204 });
    });
    try {
      await tellOf(scene, endpoint);
      const heard = new Set<string>();
      const count = (): number => {
        for (const { message_id } of endpoint.hits) heard.add(message_id);
        return heard.size;
      };
      const posting = postAll(scene, events);
      for (let kill = 1; kill <= KILLS; kill += 1) {
        const at = Math.floor((events * kill) / (KILLS + 1)) + chance.below(Math.ceil(events / 20));
        for (const until = performance.now() + ALL_WITHIN_MS; count() < at && performance.now() < until;) await Bun.sleep(1);
        await scene.served.kill();
        await scene.served.start();
      }
      const posted = await posting;
      for (const until = performance.now() + ALL_WITHIN_MS; count() < posted.size && performance.now() < until;) await Bun.sleep(50);
      return judged(endpoint, posted);
    } finally {
      await endpoint.stop();
    }
  });
}

/** Posts until each is answered, again where the server was killed; gives the ids of the messages. */
async function postAll({ reach, owner, room_id }: Scene, events: number): Promise<Set<string>> {
  const ids = new Set<string>();
  let next = 0;
  const poster = async (): Promise<void> => {
    for (let i = (next += 1); i <= events; i = next += 1) {
      const draft = { client_id: `kills-${String(i).padStart(16, "0")}`, content: `no. ${i}` };
      for (let answer = null; answer === null;) {
        const given = await call(reach, "POST", `/rooms/${room_id}/messages`, owner, draft);
        if (given?.status === 201 || given?.status === 200) ids.add((given.body as { id: string }).id);
        if (given !== null && given.status < 500) answer = given;
        else await Bun.sleep(20);
      }
    }
  };
  await Promise.all(Array.from({ length: POSTERS }, poster));
  return ids;
}

function judged({ hits }: Endpoint, posted: ReadonlySet<string>): Measured {
  const byEvent = Map.groupBy(hits, ({ id }: Hit) => id);
  const heard = new Set(hits.map(({ message_id }) => message_id));
  const missing = [...posted].filter((id) => !heard.has(id)).length;
  const unknown = [...heard].filter((id) => !posted.has(id)).length; // stored by a post whose answer nobody read, were it not asked again
  const attempts = new Map<string, number>();
  for (const { id, attempt } of hits) attempts.set(`${id} ${attempt}`, (attempts.get(`${id} ${attempt}`) ?? 0) + 1);
  const doubled = [...attempts.values()].filter((times) => times > 1).length;
  const again = [...byEvent.values()].filter((some) => some.length > 1).length;
  return {
    pass: missing === 0 && unknown === 0 && doubled === 0 && byEvent.size === posted.size && again <= KILLS * TOGETHER,
    what:
      `${posted.size} posts, ${byEvent.size} events, ${missing} missing, ${doubled} attempts heard twice; ` +
      `sent and not settled when it was killed, and so sent again as another attempt: ${again} (at most ${KILLS * TOGETHER})`,
  };
}
