/** What a person or a machine that runs Snug may rely on. The sentences hold for the sources and for the executable that is built of them. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Served, type Yard, yard } from "./testing/process.ts";

const PASSWORD = "a lighthouse keeper";

export function processSentences(): void {
  let here: Yard;
  beforeEach(async () => void (here = await yard()));
  afterEach(() => here.dispose());

  test("in an empty folder it makes what it needs, readable for its user alone, and says where it is", async () => {
    const server = await here.serve();
    expect(server.greeting).toContain(`data in ${here.data}`);
    expect(server.greeting).toContain("Snug ");
    expect(server.setup_token).toMatch(/^[0-9a-f]{64}$/u);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(statSync(here.data).mode & 0o777).toBe(0o700);
    const names = readdirSync(here.data);
    expect(names).toContain("secret");
    for (const name of names) expect([name, statSync(join(here.data, name)).mode & 0o777]).toEqual([name, 0o600]);
    await server.end("SIGTERM");
  });

  test("the printed token makes the owner; from then on no setup link is printed", async () => {
    const first = await here.serve();
    expect((await setUp(first, "0".repeat(64))).status).toBe(401);
    expect((await setUp(first)).status).toBeLessThan(300);
    await first.end("SIGTERM");
    const second = await here.serve();
    expect(second.greeting).not.toContain("setup");
    expect((await signIn(second, PASSWORD)).status).toBe(200);
    await second.end("SIGTERM");
  });

  test.each(["SIGTERM", "SIGINT"] as const)("%s ends it with 0 and leaves nothing that names a running server", async (signal) => {
    const server = await here.serve();
    const { code, err } = await server.end(signal);
    expect({ code, last: err.trim().split("\n").at(-1) }).toMatchObject({ code: 0, last: expect.stringContaining("stopped") });
    const names = readdirSync(here.data);
    expect(names).not.toContain("running.json");
    expect(names.filter((name) => name.endsWith("-wal"))).toEqual([]);
  });

  test("it hears SIGTERM as process 1 too", async () => {
    const server = await here.serve([], ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child"]);
    const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim();
    expect(children).toMatch(/^\d+$/u);
    expect(readFileSync(`/proc/${children}/status`, "utf8")).toMatch(/^NSpid:\t\d+\t1$/mu);
    process.kill(Number(children), "SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, err: expect.stringContaining("stopped") });
  });

  test("it hears SIGTERM while it still waits for its database", async () => {
    const silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { open: () => asked.resolve(), data: () => {} } });
    const asked = Promise.withResolvers<void>();
    const begun = performance.now();
    const starting = here.serve(["--database-url", `postgres://snug@127.0.0.1:${silent.port}/snug`], ["sh", "-c", 'echo $$ > pid; exec "$@"', "sh"]);
    const outcome = starting.catch((fault: unknown) => String(fault));
    await asked.promise;
    process.kill(Number(readFileSync(join(here.folder, "pid"), "utf8")), "SIGTERM");
    expect(await outcome).toContain('"code":0');
    expect(performance.now() - begun).toBeLessThan(5_000);
    silent.stop(true);
  });

  test("a second one on the same folder is told who works there; after kill -9 the folder is free at once", async () => {
    const first = await here.serve();
    const second = await here.run(["serve", "--port", "0"]);
    expect(second).toMatchObject({ code: 1, out: "" });
    expect(second.err).toContain(`process ${first.pid}`);
    expect(second.err).not.toContain("    at ");
    await first.end("SIGKILL");
    const third = await here.serve();
    await third.end("SIGTERM");
  });

  test("a port that is in use is named, with what to do", async () => {
    const taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
    const { code, err, out } = await here.run(["--host", "127.0.0.1", "--port", String(taken.port)]);
    taken.stop(true);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`port ${taken.port} is in use`);
    expect(err).toContain("--port");
  });

  test("all that is wrong with its settings is told in one message, before anything is made", async () => {
    const { code, err } = await here.run(["--secret", "short", "--allowed-origins", "*", "--log-level", "loud", "--access-ttl", "0s"]);
    expect(code).toBe(1);
    for (const flag of ["--secret", "--allowed-origins", "--log-level", "--access-ttl"]) expect(err).toContain(flag);
    expect(readdirSync(here.folder)).toEqual([]);
  });

  test("a folder that a Snug works on and a port that is taken are told with them", async () => {
    const first = await here.serve();
    const { port } = new URL(first.url);
    const { code, err } = await here.run(["--host", "127.0.0.1", "--port", port, "--secret", "short"]);
    expect(code).toBe(1);
    for (const told of ["--secret", `process ${first.pid}`, `port ${port} is in use`]) expect(err).toContain(told);
    await first.end("SIGTERM");
  });

  test("a data folder that is none is named, with what to do", async () => {
    writeFileSync(here.data, "a file");
    const { code, err } = await here.run([]);
    expect(code).toBe(1);
    expect(err).toContain(here.data);
    expect(err).toContain("--data");
  });

  test("a database made with another secret stays shut, and opens to both lines", async () => {
    const [old, next] = ["the first secret of 32 bytes or more", "the second secret of 32 bytes or more"];
    await (await here.serve(["--secret", old])).end("SIGTERM");
    expect(await here.run(["--secret", next])).toMatchObject({ code: 1, err: expect.stringContaining("another secret") });
    await (await here.serve(["--secret", `${next}\n${old}`])).end("SIGTERM");
  });

  test("healthcheck is 0 while it runs and 1 when it does not", async () => {
    const server = await here.serve();
    expect(await here.run(["healthcheck"])).toMatchObject({ code: 0 });
    await server.end("SIGTERM");
    expect(await here.run(["healthcheck", "--port", "9"])).toMatchObject({ code: 1 });
  });

  test("a password is reset through the running server, and beside one that does not run", async () => {
    const server = await here.serve();
    await setUp(server);
    expect(await here.run(["admin", "reset-password", "ann"], "an anchor and a rope\n")).toMatchObject({ code: 0 });
    expect((await signIn(server, PASSWORD)).status).toBe(401);
    expect((await signIn(server, "an anchor and a rope")).status).toBe(200);
    await server.end("SIGTERM");

    const { code, out } = await here.run(["admin", "reset-password", "ann"]);
    expect(code).toBe(0);
    const made = /: (\S{20})\n$/u.exec(out)?.[1] ?? "";
    const again = await here.serve();
    expect((await signIn(again, made)).status).toBe(200);
    await again.end("SIGTERM");
  });

  test("a password is not reset for nobody, nor to one that will not do", async () => {
    const server = await here.serve();
    await setUp(server);
    const tries = async () => [
      await here.run(["admin", "reset-password", "nobody"], "an anchor and a rope"),
      await here.run(["admin", "reset-password", "ann"], "short"),
    ];
    const running = await tries();
    await server.end("SIGTERM");
    for (const { code, err } of [...running, ...(await tries())])
      expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("not changed") });
    expect((await here.run(["admin", "make-tea"])).code).toBe(2);
    const again = await here.serve();
    expect((await signIn(again, PASSWORD)).status).toBe(200);
    await again.end("SIGTERM");
  });

  test("tenants are made, listed and closed through the running server, and beside one that does not run", async () => {
    const one = async (...words: string[]) => (await here.run(["admin", ...words])).out.split(/\s+/u)[0] ?? "";
    const server = await here.serve();
    const yard = await one("add-tenant", "Yard", "yard.example");
    expect((await here.run(["admin", "add-tenant", "Twin", "yard.example"])).err).toContain("another tenant's");
    await server.end("SIGTERM");
    const { out } = await here.run(["admin", "add-tenant", "Pier"]);
    expect(out).toMatch(/^\S+ {2}Pier\n {2}API key of scope admin, shown once: snug_\S+\n$/u);
    const pier = out.split(" ")[0] ?? "";
    expect((await here.run(["admin", "tenants"])).out).toBe(`${yard}  Yard  yard.example\n${pier}  Pier\n`);
    expect(await here.run(["admin", "close-tenant", pier])).toMatchObject({ code: 0 });
    expect(await here.run(["admin", "close-tenant", "nobody"])).toMatchObject({ code: 1, err: expect.stringContaining("no such tenant") });
    const again = await here.serve();
    expect(await here.run(["admin", "close-tenant", yard])).toMatchObject({ code: 0 });
    expect((await here.run(["admin", "tenants"])).out).toBe(`${yard}  Yard  yard.example  closed\n${pier}  Pier  closed\n`);
    await again.end("SIGTERM");
  });

  test("migrate brings an empty database up to date, and then has nothing to do; beside a running server it waits its turn", async () => {
    expect(await here.run(["migrate"])).toMatchObject({ code: 0, out: expect.stringContaining("Applied") });
    expect(await here.run(["migrate"])).toMatchObject({ code: 0, out: "Nothing to do.\n" });
    const server = await here.serve();
    expect(await here.run(["migrate"])).toMatchObject({ code: 1, err: expect.stringContaining("is running") });
    await server.end("SIGTERM");
  });

  test("the numbers are for who holds the operator key, and for who reaches the operators' own address", async () => {
    const free = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
    const ops = `127.0.0.1:${free.port}`;
    free.stop(true);
    const server = await here.serve(["--ops-listen", ops]);
    const key = readFileSync(join(here.data, "operator.key"), "utf8").trim();
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${server.url}/metrics`, { headers: { "x-api-key": "0".repeat(64) } })).status).toBe(401);
    expect(await (await fetch(`${server.url}/metrics`, { headers: { "x-api-key": key } })).text()).toContain("chat_ws_connections 0");
    expect(await (await fetch(`http://${ops}/metrics`)).text()).toContain("chat_ws_connections 0");
    expect((await fetch(`http://${ops}/ready`)).status).toBe(200);
    expect((await fetch(`http://${ops}/api/v1/setup`)).status).toBe(404);
    expect((await fetch(`http://${ops}/admin/reset-password`, { method: "POST" })).status).toBe(404);
    await server.end("SIGTERM");
  });

  test("the log holds neither the secret, nor a key, a token, a ticket or a password", async () => {
    const server = await here.serve(["--log-level", "debug"]);
    await setUp(server);
    await signIn(server, "a wrong password");
    const { access_token, refresh_token } = tokensIn(await (await signIn(server, PASSWORD)).json());
    const key = readFileSync(join(here.data, "operator.key"), "utf8").trim();
    const secret = readFileSync(join(here.data, "secret"), "utf8").trim();
    const authorization = `Bearer ${access_token}`;
    await fetch(`${server.url}/api/v1/me`, { headers: { authorization } });
    const ticket = fieldIn(await (await fetch(`${server.url}/api/v1/ws/tickets`, { method: "POST", headers: { authorization } })).json(), "ticket");
    await fetch(`${server.url}/ws?ticket=${ticket}`);
    await opened(`${server.url.replace("http", "ws")}/ws?ticket=${ticket}`);
    await fetch(`${server.url}/ws?ticket=${ticket}`); // used by now
    const api = (path: string, headers: Record<string, string>, body?: object) =>
      fetch(`${server.url}/api/v1/${path}`, {
        method: body ? "POST" : "GET",
        headers: { "content-type": "application/json", ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
    const api_key = fieldIn(await (await api("admin/api-keys", { authorization }, { name: "shop", scope: "server" })).json(), "key");
    const minting = await api("auth/tokens", { "x-api-key": api_key }, { user_id: "sue", ttl_seconds: 60 });
    const minted_token = fieldIn(await minting.json(), "access_token");
    expect((await api("me", { authorization: `Bearer ${minted_token}` })).status).toBe(200);
    for (const path of ["me", "ws"]) await fetch(`${server.url}/${path}?api_key=${api_key}`);
    await api(`me?api_key=${api_key}`, { "x-api-key": `${api_key}x` });
    const file_ticket = "of-a-file-and-no-less-a-secret-than-others-";
    for (const path of [`files/none/download?ticket=${file_ticket}`, `files/none/download/odd?ticket=${file_ticket}`]) await api(path, {});
    const { err } = await server.end("SIGTERM");
    expect(err).toContain("started");
    for (const one of [file_ticket, api_key, minted_token, key, secret, server.setup_token, access_token, refresh_token, ticket, PASSWORD]) {
      expect(one.length).toBeGreaterThan(16);
      expect(err).not.toContain(one);
    }
  });

  test("--version and --help answer without a folder, a database or a port", async () => {
    expect(await here.run(["--version"])).toMatchObject({ code: 0, out: expect.stringMatching(/^snug \S+ \(.+\)\n$/u) });
    const { code, out } = await here.run(["--help"]);
    expect(code).toBe(0);
    for (const word of ["serve", "migrate", "admin reset-password", "healthcheck", "--public-url", "SNUG_PUBLIC_URL"]) expect(out).toContain(word);
    expect(readdirSync(here.folder)).toEqual([]);
  });
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

const setUp = ({ url, setup_token }: Served, token = setup_token): Promise<Response> =>
  post(`${url}/api/v1/setup`, { setup_token: token, workspace: "Harbour", username: "ann", password: PASSWORD });

const signIn = ({ url }: Served, password: string): Promise<Response> => post(`${url}/api/v1/auth/login`, { username: "ann", password });

const fieldIn = (body: unknown, name: string): string => {
  if (typeof body !== "object" || body === null || !(name in body)) throw new Error(`no ${name}`);
  return String(Reflect.get(body, name));
};

const opened = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onmessage = () => socket.close();
    socket.onclose = ({ wasClean }) => (wasClean ? resolve() : reject(new Error("no socket")));
  });

const tokensIn = (body: unknown): { access_token: string; refresh_token: string } => {
  if (typeof body !== "object" || body === null || !("access_token" in body) || !("refresh_token" in body)) throw new Error("no tokens");
  return { access_token: String(body.access_token), refresh_token: String(body.refresh_token) };
};
