/** One endpoint that is ill in every way we know, beside forty-nine that are well: those must not notice. */
import { call } from "../person.ts";
import { inScene, type Measured, p99, type Scene } from "../stalls/scene.ts";
import { allowing, createEndpoint, type Endpoint, tellOf } from "./endpoints.ts";

const HEALTHY = 49;
const POSTS = 60;
const PAUSE_MS = 200;
const HEARD_WITHIN_MS = 2_000;
const SETTLED_WITHIN_MS = 10_000;

export function onePoisonEndpoint(executable: string): Promise<Measured> {
  return inScene(allowing(executable), async (scene) => {
    const inner = createEndpoint(() => new Response("secrets"), "127.0.0.2");
    const poison = createEndpoint(illAnswers(inner.url));
    const healthy = Array.from({ length: HEALTHY }, () => createEndpoint(() => new Response(null, { status: 204 })));
    try {
      await tellOf(scene, poison);
      for (const endpoint of healthy) await tellOf(scene, endpoint);
      const posted = await post(scene);
      const complete = (): boolean => healthy.every(({ hits }) => hits.length >= POSTS);
      for (const until = performance.now() + SETTLED_WITHIN_MS; !complete() && performance.now() < until;) await Bun.sleep(20);
      return judged(healthy, poison, inner, posted);
    } finally {
      await Promise.all([...healthy, poison, inner].map((endpoint) => endpoint.stop()));
    }
  });
}

/** When each message was answered with 201, by its id. */
async function post({ reach, owner, room_id }: Scene): Promise<Map<string, number>> {
  const posted = new Map<string, number>();
  for (let i = 0; i < POSTS; i += 1) {
    const client_id = `poison-${String(i).padStart(16, "0")}`;
    const answer = await call(reach, "POST", `/rooms/${room_id}/messages`, owner, { client_id, content: `no. ${i}` });
    if (answer?.status !== 201) throw new Error(`A post was refused: ${JSON.stringify(answer)}`);
    posted.set((answer.body as { id: string }).id, performance.now());
    await Bun.sleep(PAUSE_MS);
  }
  return posted;
}

function judged(healthy: readonly Endpoint[], poison: Endpoint, inner: Endpoint, posted: ReadonlyMap<string, number>): Measured {
  const late = healthy.flatMap(({ hits }) => hits.map(({ message_id, at }) => at - (posted.get(message_id) ?? Number.NaN)));
  const heard = new Set(healthy.flatMap(({ hits }, i) => hits.map(({ message_id }) => `${i} ${message_id}`)));
  const [half = 0, most] = [late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)], p99(late)];
  const all = HEALTHY * posted.size;
  return {
    pass: heard.size === all && late.length === all && most < HEARD_WITHIN_MS && poison.hits.length >= KINDS && inner.hits.length === 0,
    what:
      `${heard.size} of ${all} heard, ${late.length - heard.size} twice; p50 ${Math.round(half)} ms, p99 ${Math.round(most)} ms; ` +
      `the poison one was asked ${poison.hits.length} times, what it redirects to ${inner.hits.length} times`,
  };
}

const KINDS = 6;

/** Those that count as delivered are among the others, or five in a row would soon give it a rest. */
function illAnswers(inner: string) {
  const kinds: readonly (() => Response | Promise<Response>)[] = [
    () => new Response("null"),
    () => new Response(null, { status: 500 }),
    () => stream(64 << 10, 0, (100 << 20) / (64 << 10)),
    () => new Response(null, { status: 307, headers: { location: inner } }),
    () => stream(1, 1_000, Infinity),
    () => new Promise(() => {}),
  ];
  return (_hit: unknown, nth: number): Response | Promise<Response> => kinds[(nth - 1) % KINDS]?.() ?? new Response();
}

function stream(bytes: number, pause_ms: number, times: number): Response {
  let sent = 0;
  const body = new ReadableStream({
    async pull(controller) {
      if (pause_ms > 0) await Bun.sleep(pause_ms);
      controller.enqueue(new Uint8Array(bytes));
      if ((sent += 1) >= times) controller.close();
    },
  });
  return new Response(body);
}
