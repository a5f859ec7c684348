/** A scenario's data, made once and copied for every sample: a workspace that was set up by the executable itself, and its cast. */
import { join } from "node:path";
import { SQL } from "bun";
import type { TestPostgres } from "../../server/testing/postgres-server.ts";
import { type Cast, writeCast } from "./cast.ts";
import type { Seat } from "./job.ts";
import { childrenOf, parentOf } from "./machine.ts";
import { makeFolder, type Running, SERVER_CORE, startSnug } from "./subject.ts";

export type StoreName = "sqlite" | "postgres";

/** Data of its own: `data` is a folder, `url` the address of a Postgres database. */
export type Copy = { data: string; url: string | null; database: string; remove(): Promise<void> };

export type Stage = {
  seats: ReadonlyMap<string, Seat>;
  /** A folder for what one program leaves to another. */
  shared: string;
  copy(): Promise<Copy>;
  /** A database without anything in it, for a bare program. */
  empty(): Promise<Copy>;
  remove(): Promise<void>;
};

export const owner = { username: "owner", password: "the long password of the owner" };
let databases = 0;

/** Sets a workspace up by the front door, stops the server, and writes the cast. */
export async function setStage(snug: readonly string[], postgres: TestPostgres | null, cast: Cast): Promise<Stage> {
  const template = makeFolder();
  const shared = makeFolder();
  const own = postgres && (await newDatabase(postgres));
  const first = await startSnug(snug, { data: template.path, database_url: own && own.url });
  try {
    await setUp(first);
  } finally {
    await first.stop("SIGTERM"); // in order, so that the file is whole without its WAL
  }
  const seats = await writeCast(own?.url ?? join(template.path, "snug.db"), cast);
  const made = async (folder: { path: string; remove(): void }, from?: string): Promise<Copy> => {
    const theirs = postgres && (await newDatabase(postgres, from));
    return {
      data: folder.path,
      url: theirs && theirs.url,
      database: theirs?.url ?? join(folder.path, "snug.db"),
      async remove() {
        folder.remove();
        if (theirs && postgres) await admin(postgres, `DROP DATABASE ${theirs.name} WITH (FORCE)`);
      },
    };
  };
  return {
    seats,
    shared: shared.path,
    copy: () => made(makeFolder(template.path), own?.name),
    empty: () => made(makeFolder()),
    async remove() {
      template.remove();
      shared.remove();
      if (own && postgres) await admin(postgres, `DROP DATABASE ${own.name} WITH (FORCE)`);
    },
  };
}

/** The family of a database server, all of it put on the core of the servers; gives who began it. */
export async function pinPostgres({ url }: TestPostgres): Promise<number> {
  const sql = new SQL(url, { max: 1 });
  const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  const postmaster = parentOf(row?.pid ?? 0);
  for (const pid of [postmaster, ...childrenOf(postmaster)])
    Bun.spawnSync(["taskset", "-pc", String(SERVER_CORE), String(pid)], { stdout: "ignore" });
  await sql.close();
  return postmaster;
}

async function setUp({ port, said }: Running): Promise<void> {
  let setup_token: string | undefined;
  while (setup_token === undefined) {
    setup_token = /\/setup#([0-9a-f]+)/u.exec(said())?.[1];
    await Bun.sleep(5);
  }
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ setup_token, workspace: "Load", ...owner }),
  });
  if (!answer.ok) throw new Error(`No workspace: ${await answer.text()}`);
}

async function newDatabase(postgres: TestPostgres, template?: string): Promise<{ name: string; url: string }> {
  databases += 1;
  const name = `load_${databases}`;
  await admin(postgres, `CREATE DATABASE ${name}${template === undefined ? "" : ` TEMPLATE ${template}`}`);
  return { name, url: postgres.url.replace(/\/postgres(\?|$)/u, `/${name}$1`) };
}

async function admin({ url }: TestPostgres, text: string): Promise<void> {
  const sql = new SQL(url, { max: 1 });
  await sql.unsafe(text);
  await sql.close();
}
