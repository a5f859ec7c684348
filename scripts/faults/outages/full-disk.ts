/** A disk of 6 MB, in namespaces of the executable's own: nobody need be root, and nothing stays mounted, however this ends. */
import { Database } from "bun:sqlite";
import { copyFileSync, existsSync, mkdtempSync, rmSync, statfsSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "../person.ts";
import { openRaw } from "../stalls/raw-socket.ts";
import { inScene, type Measured, type Scene } from "../stalls/scene.ts";
import { createPosts, inWords, until } from "./posts.ts";

const SMALL_DISK = [
  ...["unshare", "--user", "--map-root-user", "--mount", "--fork", "--kill-child", "sh", "-c"],
  'mkdir -p data && mount -t tmpfs -o size=6m,mode=0700 tmpfs data && exec "$0" "$@"',
];
const BALLAST_BYTES = 3 << 20; // what the operator finds and deletes
const LARGE = "ü".repeat(4_000); // 8,000 bytes
const POSTERS = 8;
const REFUSED_LEAST = 32;
const RESUMES_WITHIN_MS = 6_000;

export function diskIsFull(executable: string): Promise<Measured> {
  return inScene({ executable, under: SMALL_DISK }, async (scene) => {
    const { served, reach, room_id, owner } = scene;
    const database = `/proc/${served.pid()}/root${served.database}`;
    if (statfsSync(join(database, "..")).blocks * statfsSync(join(database, "..")).bsize !== 6 << 20) throw new Error("The disk is not 6 MB.");
    const ballast = join(database, "../ballast");
    writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES, 1));
    const socket = await openRaw(reach, owner); // who posts by REST: a post of another may take a page less, and fit
    const posts = createPosts(scene, LARGE);

    const refusals = new Map<string, number>();
    const postUntilRefused = async (): Promise<void> => {
      for (let refused = 0; refused < REFUSED_LEAST / POSTERS;) {
        const answer = await posts.post();
        if (answer?.status === 201) continue;
        refused += 1;
        const code = codeOf(answer?.body);
        refusals.set(code, (refusals.get(code) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: POSTERS }, postUntilRefused));
    for (let in_a_row = 0; in_a_row < 3;) in_a_row = (await posts.post())?.status === 201 ? 0 : in_a_row + 1; // one may fit where eight at once did not
    const before = posts.replied.size;
    const byFrame = await refusedBy(socket, room_id);
    const page = await call(reach, "GET", `/rooms/${room_id}/messages?limit=200`, owner);
    const list = await call(reach, "GET", "/rooms", owner);
    const alive = await fetch(`${served.url}/healthz`);
    const reads = [page?.status, list?.status, alive.status].every((status) => status === 200);

    unlinkSync(ballast);
    const resumed = await until(RESUMES_WITHIN_MS, async () => (await posts.post())?.status === 201);
    const stored = await until(RESUMES_WITHIN_MS, async () => (await posts.again()) === 0);
    socket.close();
    const faults = [...(await posts.faults()), ...damageIn(database)];
    const codes = [...refusals].map(([code, n]) => `${n} ${code}`).join(", ");
    return {
      pass:
        refusals.size === 1 &&
        refusals.has("storage_full") &&
        byFrame === "storage_full" &&
        reads &&
        resumed !== null &&
        stored !== null &&
        faults.length === 0,
      what:
        `${before} posts stored, then refused: ${codes}, by frame ${byFrame}; reads ${reads ? "go on" : "FAIL"}; posting resumed ` +
        `${resumed === null ? "NOT" : `${resumed} ms`} after room was made, all that was refused ${stored === null ? "NOT stored" : `stored ${stored} ms`} later; ${posts.replied.size} replies, ${inWords(faults)}`,
    };
  });
}

function codeOf(body: unknown): string {
  const { error } = (body ?? {}) as { error?: { code?: string } }; // what refused it, if anything did
  return error?.code ?? "no answer";
}

async function refusedBy(socket: Awaited<ReturnType<typeof openRaw>>, room_id: Scene["room_id"]): Promise<string> {
  const answer = Promise.race([socket.next("error"), socket.next("ok")]);
  socket.say({ type: "message", id: "full", room_id, client_id: "by-frame-while-full", content: LARGE });
  const frame = await answer;
  return frame.type === "error" ? frame.code : "NOT REFUSED";
}

/** SQLite's own judgement of a copy that is taken while nobody writes. */
function damageIn(database: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "snug-disk-"));
  try {
    for (const tail of ["", "-wal"]) if (existsSync(database + tail)) copyFileSync(database + tail, join(folder, `copy.db${tail}`));
    const copy = new Database(join(folder, "copy.db"));
    const found = copy.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all();
    copy.close(true);
    return found.length === 1 && found[0]?.integrity_check === "ok" ? [] : ["a damaged file"];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
