/** Two processes of Snug over one Postgres; the second one reaches its database through a proxy. */
import { SQL } from "bun";
import type { Presence } from "../../../server/protocol.ts";
import { call, type Person, type Reach } from "../person.ts";
import { type FaultProxy, openProxy } from "../proxy.ts";
import { createServed, type Served } from "../server.ts";

export type Pair = {
  one: Served;
  two: Served;
  /** Between the second and Postgres. */
  proxy: FaultProxy;
  /** Either of those that run, another at each call: nobody is bound to one instance. */
  roaming: Reach;
  reachOne: Reach;
  reachTwo: Reach;
  /** Ends the connections that listen, of both; gives how many there were. */
  endListeners(): Promise<number>;
  stop(): Promise<void>;
};

export async function openPair(executable: string, database_url: string): Promise<Pair> {
  const proxy = await openProxy(Number(new URL(database_url).port));
  const proxied = new URL(database_url);
  proxied.port = String(proxy.port);
  const more = ["--secret", "a secret of the harness that both processes know"];
  const one = createServed({ executable, database_url, more });
  const two = createServed({ executable, database_url: proxied.href, more });
  const tally = { internal: 0, unanswered: 0, slowest_ms: 0 };
  const admin = new SQL(database_url, { max: 1 });
  await one.start();
  await two.start();
  let calls = 0;
  const roaming: Reach = {
    tally,
    get url() {
      calls += 1;
      const living = [one, two].filter((served) => served.isAlive());
      return (living[calls % living.length] ?? one).url;
    },
  };
  return {
    one,
    two,
    proxy,
    roaming,
    reachOne: { url: one.url, tally },
    reachTwo: { url: two.url, tally },
    async endListeners() {
      const ended = await admin`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`;
      return ended.length;
    },
    async stop() {
      await Promise.all([one.stop(), two.stop()]);
      await Promise.all([proxy.close(), admin.close()]);
    },
  };
}

/** Who is said to be in the room, by user id; null when the server does not answer. */
export async function presenceAt(reach: Reach, { token }: Pick<Person, "token">, room_id: string): Promise<Map<string, string> | null> {
  const answer = await call(reach, "GET", `/rooms/${room_id}/presence`, token);
  if (answer?.status !== 200) return null;
  const { items } = answer.body as { items: Presence[] };
  return new Map(items.map(({ user_id, status }) => [user_id, status]));
}
