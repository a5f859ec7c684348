/** The scenarios of `bun run faults --deliveries`: other people's servers are ill, and ours is killed. Nothing of it leaves this machine. */
import { startTestPostgres } from "../../server/testing/postgres-server.ts";
import { oncePerAttempt } from "./deliveries/kills.ts";
import { onePoisonEndpoint } from "./deliveries/poison.ts";
import { type Scenario, playAll } from "./scenarios.ts";

export type Asked = { events: number; seed: number; store: string; only: string };

const KILLS = "each event comes through three kills, and each attempt at it once at most";

/** True if all is as promised. `events` are posted where the server is killed, on SQLite, Postgres or both; `only`: those whose name holds it. */
export async function runDeliveries(executable: string, { events, seed, store, only }: Asked): Promise<boolean> {
  const onSqlite: readonly Scenario[] = [
    ["an endpoint that is ill in six ways delays none of forty-nine beside it", onePoisonEndpoint],
    [KILLS, () => oncePerAttempt(executable, { events, seed, database_url: null })],
  ];
  const onPostgres: readonly Scenario[] = [[`${KILLS}, on Postgres`, killedOnPostgres]];
  const scenarios = [...(store === "postgres" ? [] : onSqlite), ...(store === "sqlite" ? [] : onPostgres)];
  return playAll("deliveries", scenarios, executable, only);

  async function killedOnPostgres() {
    const postgres = await startTestPostgres([]);
    try {
      return await oncePerAttempt(executable, { events, seed, database_url: postgres.url });
    } finally {
      await postgres.stop();
    }
  }
}
