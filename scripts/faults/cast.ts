/** The cast of a run: an owner and four rooms, sixteen senders, and a stranger of another tenant in the same store. */
import { Database } from "bun:sqlite";
import { SQL } from "bun";
import type { Room } from "../../server/protocol.ts";
import type { Chance } from "./chance.ts";
import type { History } from "./history.ts";
import { call, passwordOf, type Person, type Reach, reachOf, signUp } from "./person.ts";
import { createSender, type Sender } from "./sender.ts";
import type { Served } from "./server.ts";

const SENDERS = 16;
const ROOMS = 4;
const IN_FLIGHT = 8;

export type Cast = { owner: string; rooms: readonly string[] };

/** Makes the workspace and its rooms, in which everybody may join. */
export async function settle(reach: Reach, setup_token: string): Promise<Cast> {
  const answer = await call(reach, "POST", "/setup", null, { setup_token, workspace: "Faults", username: "owner", password: passwordOf("owner") });
  const { access_token } = (answer?.body ?? {}) as { access_token: string };
  const rooms: string[] = [];
  for (let i = 0; i < ROOMS; i += 1) rooms.push(await makeRoom(reach, access_token, `room-${i}`));
  return { owner: access_token, rooms };
}

/** Signs up and joins these rooms. */
export async function seat(reach: Reach, name: string, rooms: readonly string[]): Promise<Person> {
  const who = await signUp(reach, name);
  for (const room_id of rooms) await call(reach, "PUT", `/rooms/${room_id}/members/me`, who.token, {});
  return who;
}

/** Three of four by socket, the others by REST; each stays in one room. */
export async function seatSenders(reach: Reach, rooms: readonly string[], chance: Chance, history: History): Promise<Sender[]> {
  const senders: Sender[] = [];
  for (let i = 0; i < SENDERS; i += 1) {
    const room_id = rooms[i % ROOMS] ?? "";
    const who = await seat(reach, `sender-${i}`, [room_id]);
    senders.push(createSender({ reach, who, room_id, by: i % 8 < 6 ? "socket" : "rest", chance: chance.fork(), history, in_flight: IN_FLIGHT }));
  }
  return senders;
}

export type Neighbour = { reach: Reach; who: Person; room_id: string };

/** Mallory of a second tenant, with a room of hers. The tenant is made in the store: no route makes one yet. */
export async function settleNeighbour({ port, database }: Served): Promise<Neighbour> {
  await insertTenant(database, HOST);
  const reach = reachOf(`http://${HOST}:${port}`);
  const who = await signUp(reach, "mallory");
  return { reach, who, room_id: await makeRoom(reach, who.token, "room-0") };
}

const HOST = "localhost"; // the first tenant answers by 127.0.0.1

async function makeRoom(reach: Reach, token: string, name: string): Promise<string> {
  const made = await call(reach, "POST", "/rooms", token, { type: "channel", name, visibility: "public" });
  if (made?.status !== 201) throw new Error(`No room could be made: ${JSON.stringify(made)}`);
  return (made.body as Room).id;
}

async function insertTenant(database: string, host: string): Promise<void> {
  const now = Date.now();
  const row = ["second", "Neighbours", host, "open", "{}", now, now] as const;
  const columns = "(id, name, host, registration, limits, created_at, updated_at, directory)";
  if (!database.startsWith("postgres")) {
    using sqlite = new Database(database);
    sqlite.run("PRAGMA busy_timeout = 5000");
    sqlite.run(`INSERT INTO tenants ${columns} VALUES (?, ?, ?, ?, ?, ?, ?, 1)`, [...row]);
    return;
  }
  const postgres = new SQL(database, { max: 1 });
  await postgres.unsafe(`INSERT INTO tenants ${columns} VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE)`, [...row]);
  await postgres.close();
}
