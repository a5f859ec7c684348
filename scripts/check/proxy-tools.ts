/** The proxies that deploy/ has a recipe for, run on this machine with their recipe as it stands: only names, ports and certificate are put into it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { said } from "./container-tools.ts";
import { freePort } from "./free-port.ts";

export type Proxy = { readonly name: string; readonly https_port: number; readonly http_port: number; stop(): Promise<void> };
export type Upstream = { folder: string; port: number; https_port: number };

const root = resolve(import.meta.dir, "../..");
const NAME = "chat.example.com";

/** The path of the program: on PATH, else out of Debian's package of this name, which is unpacked into the folder and not installed. */
async function program(name: string, folder: string): Promise<string> {
  const found = Bun.which(name, { PATH: `${Bun.env["PATH"] ?? ""}:/usr/sbin` });
  if (found !== null) return found;
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked, { recursive: true });
  await said(["sh", "-c", `cd '${folder}' && apt-get download -q ${name} && for one in ${name}_*.deb; do dpkg -x "$one" unpacked; done`]);
  const path = Bun.which(name, { PATH: ["usr/sbin", "usr/bin"].map((inner) => join(unpacked, inner)).join(":") });
  if (path === null) throw new Error(`Debian's package ${name} holds no program of this name`);
  return path;
}

/** For `localhost`, signed by itself; the paths of certificate and key. */
export async function certificate(folder: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  await said([
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
    "-keyout",
    key,
    "-out",
    cert,
    ...subject,
  ]);
  return { cert, key };
}

export async function startCaddy(upstream: Upstream): Promise<Proxy> {
  const { folder, port, https_port } = upstream;
  const { cert, key } = await certificate(folder);
  const http_port = freePort();
  const text = await recipe("deploy/caddy/Caddyfile", [
    ["{\n\tservers {", `{\n\tadmin off\n\tauto_https off\n\tservers {`],
    [`http://${NAME} {`, `http://localhost:${http_port} {`],
    [`https://${NAME} {`, `https://localhost:${https_port} {\n\ttls ${cert} ${key}`],
    [`https://${NAME}{uri}`, `https://localhost:${https_port}{uri}`],
    ["reverse_proxy 127.0.0.1:3000", `reverse_proxy 127.0.0.1:${port}`],
  ]);
  const file = join(folder, "Caddyfile");
  await writeFile(file, text);
  const words = [await program("caddy", folder), "run", "--config", file, "--adapter", "caddyfile"];
  return started("Caddy", words, { http_port, https_port }, { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder });
}

export async function startNginx(upstream: Upstream): Promise<Proxy> {
  const { folder, port, https_port } = upstream;
  const { cert, key } = await certificate(folder);
  const http_port = freePort();
  const text = await recipe("deploy/nginx/snug.conf", [
    ["server 127.0.0.1:3000;", `server 127.0.0.1:${port};`],
    ["listen 80;", `listen 127.0.0.1:${http_port};`],
    ["listen 443 ssl;", `listen 127.0.0.1:${https_port} ssl;`],
    [`https://${NAME}$request_uri`, `https://localhost:${https_port}$request_uri`],
    ["/etc/ssl/snug/fullchain.pem", cert],
    ["/etc/ssl/snug/key.pem", key],
    ...[1, 2].map((): [string, string] => [`server_name ${NAME};`, "server_name localhost;"]),
  ]);
  const temps = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/temp-${kind};`).join(" ");
  const whole = `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {} http { access_log off; ${temps}\n${text}\n}`;
  const file = join(folder, "nginx.conf");
  await writeFile(file, whole);
  return started("nginx", [await program("nginx", folder), "-p", folder, "-c", file], { http_port, https_port }, {});
}

/** The recipe with these put into it; each must stand there, so that a recipe that has changed is not tested as if it had not. */
async function recipe(path: string, changes: readonly (readonly [string, string])[]): Promise<string> {
  let text = await Bun.file(join(root, path)).text();
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${path} does not say "${from}"`);
    text = text.replace(from, () => to);
  }
  return text;
}

async function started(name: string, words: string[], ports: { http_port: number; https_port: number }, env: Record<string, string>): Promise<Proxy> {
  const child = Bun.spawn(words, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const told = new Response(child.stderr).text();
  for (const until = performance.now() + 10_000; ;) {
    const answer = await fetch(`https://localhost:${ports.https_port}/health`, { tls: { rejectUnauthorized: false } }).catch(() => null);
    if (answer?.ok) break;
    if (child.exitCode !== null || performance.now() > until)
      throw new Error(`${name} did not start: ${child.exitCode === null ? "no answer" : await told}`);
    await Bun.sleep(20);
  }
  return {
    name,
    ...ports,
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}
