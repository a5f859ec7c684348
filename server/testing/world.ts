/**
 * A Chat on a throwaway database, with a clock that stands still, and the cast of every test: `ann` owns the room and the workspace, `bob` is
 * in the room, `cy` is of their tenant but not in it, `mallory` is of another tenant. Which database: SNUG_TEST_STORE.
 */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import type { Backplane, Chat, ChatConfig, Sessions } from "../chat/chat.ts";
import { createMemoryBackplane } from "../backplane/memory.ts";
import type { Depot } from "../chat/depot.ts";
import { createHooks } from "../chat/hooks.ts";
import type { SignedInPrincipal } from "../chat/principal.ts";
import { createRoom } from "../chat/rooms.ts";
import { insertUser } from "../chat/user-rows.ts";
import type { Draft, Role, Room } from "../protocol.ts";
import { createDepot } from "../files/depot.ts";
import { makeScratch } from "./scratch.ts";
import { testStore, type TestStore } from "./store.ts";

export type World = {
  chat: Chat;
  ann: SignedInPrincipal;
  bob: SignedInPrincipal;
  cy: SignedInPrincipal;
  mallory: SignedInPrincipal;
  /** A private channel of ann and bob. */
  room: Room;
  clock: { now(): number; advance(ms: number): void };
  /** What the log heard at `error`, newest last. */
  faults: unknown[];
  /** Brings another person into being. */
  person(tenant_id: string, name: string, role?: Role): Promise<SignedInPrincipal>;
  /** The folder of the files' bytes. */
  files: string;
  dispose(): Promise<void>;
};

export type Parts = { opened?: TestStore; backplane?: Backplane; sessions?: Sessions; config?: Partial<ChatConfig>; depot?: Depot };

const SECRET = new TextEncoder().encode("a key that only tests know, 32 by");

export async function world(parts: Parts = {}): Promise<World> {
  const { store, dispose } = parts.opened ?? (await testStore());
  let ms = Date.UTC(2026, 0, 2, 3, 4, 5);
  let count = 0;
  const faults: unknown[] = [];
  const quiet = () => {};
  const folder = makeScratch("files");
  const chat: Chat = {
    store,
    depot: parts.depot ?? createDepot({ folder, pixels: 50_000_000, newName: randomUUID }),
    backplane: parts.backplane ?? createMemoryBackplane(),
    sessions: parts.sessions ?? { statusOf: () => "offline", hears: () => false, online: () => 0 },
    hooks: createHooks((_point, fault) => faults.push(fault)),
    log: { debug: quiet, info: quiet, warn: quiet, error: (_event, fault) => void faults.push(fault) },
    metrics: { count: quiet },
    keys: { setup_token: "a".repeat(64), operator_key: "b".repeat(64), refresh: SECRET, sealing: [{ kid: "test", key: new Uint8Array(32).fill(7) }] },
    tokens: { sign: async (claims) => `test.${btoa(JSON.stringify(claims))}` },
    config: { ...defaults, ...parts.config },
    now: () => ms,
    newId: () => (count += 1).toString(32).padStart(26, "0"),
    newSecret: () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"),
  };
  await tenant(chat, "tenant-one", "Harbour", null);
  await tenant(chat, "tenant-two", "Elsewhere", "elsewhere.test");
  const person = (tenant_id: string, name: string, role: Role = "member") => newPerson(chat, tenant_id, name, role);
  const ann = await person("tenant-one", "ann", "owner");
  const bob = await person("tenant-one", "bob");
  const cy = await person("tenant-one", "cy");
  const mallory = await person("tenant-two", "mallory", "owner");
  const { room } = await createRoom(chat, ann, { type: "channel", name: "quay", visibility: "private", user_ids: [bob.user_id] });
  const both = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    await dispose();
  };
  const clock = { now: () => ms, advance: (by: number) => void (ms += by) };
  return { chat, ann, bob, cy, mallory, room, clock, faults, person, files: folder, dispose: both };
}

let drafts = 0;

/** A draft with a `client_id` of its own. */
export const draft = (content: string, more: Partial<Draft> = {}): Draft => ({
  client_id: `draft-${String((drafts += 1)).padStart(12, "0")}`,
  content,
  ...more,
});
export const draftFor = (room: { id: string }, content: string, more: Partial<Draft> = {}): Draft & { room_id: string } => ({
  room_id: room.id,
  ...draft(content, more),
});

const defaults: ChatConfig = {
  access_ttl_ms: 900_000,
  refresh_ttl_ms: 30 * 86_400_000,
  refresh_idle_ms: 7 * 86_400_000,
  ticket_ttl_ms: 60_000,
  public_url: null,
  limits: { content_points: 4_000, content_bytes: 16_384, meta_bytes: 16_384, frame_bytes: 65_536, file_bytes: 10_000_000 },
  storage_bytes: 1_000_000_000,
  bounds: { bytes: 65_536, depth: 16, keys: 200 },
  requests: { per_second: 20, burst: 40 },
  sends: { per_second: 10, burst: 20 },
  keep_audit_ms: 365 * 86_400_000,
  keep_delivered_ms: 7 * 86_400_000,
  keep_dead_ms: 30 * 86_400_000,
  keep_answers_ms: 86_400_000,
  notifications: { attempts: 3, first_pause_ms: 10_000, longest_pause_ms: 15_000, life_ms: 30 * 86_400_000 },
  notified: { per_second: 2_000, burst: 20_000 },
  free_failures: 5,
  webhooks: { attempts: 20, first_retry_ms: 5_000, longest_retry_ms: 6 * 3_600_000 },
  webhook_rate: 100,
  webhooks_on: 100, // the matrix makes one for each of its rows
  registration: "invite",
};

async function tenant(chat: Chat, id: string, name: string, host: string | null): Promise<void> {
  const now = chat.now();
  const row = { id, name, host, registration: "invite" as const, directory: true, limits: {}, created_at: now, updated_at: now };
  await chat.store.write((tx) => tx.insert(chat.store.t.tenants).values(row));
}

async function newPerson(chat: Chat, tenant_id: string, name: string, role: Role): Promise<SignedInPrincipal> {
  const { t } = chat.store;
  const now = chat.now();
  const sign_in_id = chat.newId();
  await chat.store.write(async (tx) => {
    await insertUser(chat, tx, { tenant_id, id: `${name}-id`, username: name, display_name: name, password_hash: null, role });
    const sign_in = { tenant_id, id: sign_in_id, user_id: `${name}-id`, device: "a test", born_at: now, seen_at: now, ended_at: null };
    await tx.insert(t.sign_ins).values(sign_in);
  });
  return { tenant_id, user_id: `${name}-id`, role, via: { sign_in_id } };
}
