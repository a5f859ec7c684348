/** Runs the commands of the container step, and reads what buildah says of an image. */

/** Runs a command with its output in the step's log. Throws unless it ends with 0. */
export async function must(words: readonly string[]): Promise<void> {
  console.log(`$ ${words.join(" ")}`);
  const child = Bun.spawn([...words], { stdio: ["ignore", "inherit", "inherit"] });
  if ((await child.exited) !== 0) throw new Error(`${words[0]} ended with ${child.exitCode}`);
}

/** Runs a command and gives what it printed, without the last line's end. Throws unless it ends with 0. */
export async function said(words: readonly string[]): Promise<string> {
  console.log(`$ ${words.join(" ")}`);
  const child = Bun.spawn([...words], { stdio: ["ignore", "pipe", "inherit"] });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error(`${words[0]} ended with ${child.exitCode}`);
  return text.trimEnd();
}

/** What an image says about how it is run. */
export type ImageConfig = {
  readonly user: { readonly uid: number; readonly gid: number };
  readonly entry: readonly string[];
  readonly env: readonly string[];
  readonly volumes: readonly string[];
  readonly health: readonly string[];
};

type Inspected = {
  Docker: {
    config: {
      User?: string;
      Entrypoint?: string[];
      Env?: string[];
      Volumes?: Record<string, object>;
      Healthcheck?: { Test?: string[] };
    };
  };
};

/** Reads what `buildah inspect` prints. Throws if the image lacks what ours must have: a numeric user that is not root, a health check without a shell. */
export function imageConfigOf(json: string): ImageConfig {
  const inspected: Inspected = JSON.parse(json);
  const { User: user = "", Entrypoint: entry = [], Env: env = [], Volumes: volumes = {}, Healthcheck: check } = inspected.Docker.config;
  const [uid = 0, gid = 0] = user.split(":").map(Number);
  if (!(uid > 0 && gid > 0)) throw new Error(`The image runs as "${user}"; wanted numbers, and not root`);
  const [kind, ...health] = check?.Test ?? [];
  if (kind !== "CMD" || health.length === 0) throw new Error("The image has no health check that runs without a shell");
  return { user: { uid, gid }, entry, env, volumes: Object.keys(volumes), health };
}
