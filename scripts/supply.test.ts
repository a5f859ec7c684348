import { expect, test } from "bun:test";
import { join, resolve } from "node:path";
import manifest from "../package.json";

const root = resolve(import.meta.dir, "..");
const read = (path: string) => Bun.file(join(root, path)).text();
const WEEK_S = 7 * 24 * 3600;

test("every dependency is pinned to one version", () => {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("no package may run a script when it is installed, and none younger than a week is taken", async () => {
  expect(manifest.trustedDependencies).toEqual([]);
  const { install } = Bun.TOML.parse(await read("bunfig.toml")) as { install: { ignoreScripts: boolean; minimumReleaseAge: number } };
  expect(install.ignoreScripts).toBe(true);
  expect(install.minimumReleaseAge).toBeGreaterThanOrEqual(WEEK_S);
});

test("whatever installs the project's packages takes the lockfile as it stands, and no scripts", async () => {
  for (const path of ["scripts/start.ts", "scripts/check/install.ts", "Dockerfile"]) {
    const text = await read(path);
    expect(text).toContain("--frozen-lockfile");
    expect(text).toContain("--ignore-scripts");
  }
});

test("the door's own framework is past its known holes, and no schema of what comes in leans on a pattern of its own", async () => {
  expect(Bun.semver.satisfies(manifest.dependencies.elysia, ">=1.4.27")).toBe(true); // before it: prototype pollution by schemas and cookies
  for (const path of new Bun.Glob("server/**/*.ts").scanSync(root)) {
    const formats = [...(await read(path)).matchAll(/\bt\.\w+\(\{[^}]*format: "([a-z-]+)"/g)].map(([, format]) => format);
    expect([path, formats.filter((format) => format !== "date-time")]).toEqual([path, []]); // `url` ran for minutes on a text of its choice
  }
});

test("the unit takes away what would turn the executable into a general Bun, and what it may not do", async () => {
  const unit = await read("deploy/systemd/snug.service");
  const unset = /^UnsetEnvironment=(.*)$/m.exec(unit)?.[1]?.split(" ");
  expect(unset).toEqual(expect.arrayContaining(["BUN_BE_BUN", "BUN_OPTIONS", "NODE_OPTIONS"]));
  for (const line of [
    "DynamicUser=yes",
    "ProtectSystem=strict",
    "NoNewPrivileges=yes",
    "PrivateTmp=yes",
    "SystemCallFilter=@system-service",
    "StateDirectory=snug",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
  ])
    expect(unit.split("\n")).toContain(line);
});

test("the image runs as a user of its own who is not root, keeps what it writes in one volume and is made of bases of one digest", async () => {
  const lines = (await read("Dockerfile")).replaceAll("\\\n", " ").split("\n");
  const said = (word: string): string[] => lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
  expect(said("USER").at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/u);
  expect(said("VOLUME")).toHaveLength(1);
  expect(said("HEALTHCHECK").join(" ")).toContain("healthcheck");
  const bases = said("ARG").filter((one) => /^(?:BUILD_)?BASE=/u.test(one));
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/u); // nobody can put another image under the same name
});

test("the version of Bun is the pinned one, and it is pinned in package.json alone", async () => {
  expect(manifest.packageManager).toBe(`bun@${Bun.version}`);
  for (const path of ["scripts/bun.sh", "Dockerfile", ".ci/run", "README.md", "bunfig.toml"]) expect(await read(path)).not.toContain(Bun.version);
});
