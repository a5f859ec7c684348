/** Passwords: which are taken, what hashing them may cost everybody else, and what the time an answer takes tells. */
import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { dictionary } from "@zxcvbn-ts/language-common";
import { eq } from "drizzle-orm";
import { refusalOf } from "../testing/refusals.ts";
import { openDoor, visit } from "../testing/visitor.ts";
import { type World, world } from "../testing/world.ts";
import { listAudit } from "./audit-log.ts";
import { createInvite } from "./invites.ts";
import { deactivateMe } from "./leaving.ts";
import { checkPassword, hashPassword } from "./passwords.ts";
import { register } from "./registration.ts";
import { changePassword, signIn } from "./sign-ins.ts";
import { type Tenant, tenantOf } from "./tenants.ts";

const PASSWORD = "a long enough one";
const hash = await hashPassword(PASSWORD, "a test");
let here: World;
let harbour: Tenant;
beforeEach(async () => {
  here = await world();
  harbour = (await tenantOf(here.chat, "")) ?? expect.unreachable("the first workspace");
  const { users } = here.chat.store.t;
  await here.chat.store.write((tx) => tx.update(users).set({ password_hash: hash }).where(eq(users.id, here.bob.user_id)));
});
afterEach(() => here.dispose());

const enter = (username: string, password: string, address = "10.0.0.1") =>
  refusalOf(signIn(here.chat, harbour, { username, password }, { device: "a test", address }));
async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !holds();) {
    if (Date.now() > deadline) throw new Error("It did not come to that");
    await Bun.sleep(1);
  }
}
const isTaken = async (password: string): Promise<boolean> => (await refusalOf(Promise.try(() => checkPassword(password)))) === "not refused";

describe("a password", () => {
  test("that is among the ten thousand that everybody tries first is refused, whatever its case", async () => {
    const common = (dictionary["passwords-common"] ?? []).filter((word) => typeof word === "string" && word.length >= 8).slice(0, 10_000);
    expect(common).toHaveLength(10_000);
    for (const word of common) if (await isTaken(word)) expect.unreachable(`${word} is taken`);
    expect([await isTaken("PassWord1"), await isTaken("1234567890")]).toEqual([false, false]);
  });

  test("of eight characters to 128 bytes is taken as it is: no rule of composition, no trimming, no truncation", async () => {
    const taken = ["zqxjvkwp", "eight of words", " spaces at both ends ", "é".repeat(64), "x".repeat(64).concat("y".repeat(64)), "🦑 🐙 🐡 🦐 🦞"];
    for (const password of taken) expect([password, await isTaken(password)]).toEqual([password, true]);
    for (const password of ["zqxjvkw", "🦑🐙🐡", "é".repeat(65), "x".repeat(129)])
      expect([password, await isTaken(password)]).toEqual([password, false]);
    const long = await hashPassword("x".repeat(128), "a test");
    expect([await Bun.password.verify("x".repeat(128), long), await Bun.password.verify("x".repeat(127), long)]).toEqual([true, false]);
    const spaced = await hashPassword(" spaces at both ends ", "a test");
    expect(await Bun.password.verify("spaces at both ends", spaced)).toBe(false);
  });
});

/** Counts the hashes under way, which are as slow as they are. */
function watchHashes() {
  const seen = { running: 0, most: 0, all: [] as string[] };
  const { verify } = Bun.password;
  const spy = spyOn(Bun.password, "verify").mockImplementation(async (password, stored) => {
    if (typeof stored === "string") seen.all.push(stored.split("$").slice(0, 4).join("$"));
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    return verify.call(Bun.password, password, stored).finally(() => (seen.running -= 1));
  });
  return { seen, [Symbol.dispose]: () => spy.mockRestore() };
}

test("of two hundred sign-ins at once two at most are hashed at a time, sixty-four wait and the rest come back later; other routes answer as ever", async () => {
  using hashes = watchHashes();
  const generous = { per_second: 100_000, burst: 100_000 };
  const open = openDoor(here, { config: { requests: generous, requests_by_address: generous } });
  const stranger = visit(open, null);
  const bob = visit(open, here.bob);
  const tries = Promise.all(Array.from({ length: 200 }, (_, i) => stranger.post("/auth/login", { username: `nobody${i}`, password: PASSWORD })));
  const state = { done: false };
  void tries.then(() => (state.done = true));
  const times: number[] = [];
  while (!state.done) {
    const begun = performance.now();
    expect((await bob.get("/me")).status).toBe(200);
    times.push(performance.now() - begun);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const statuses = (await tries).map(({ status }) => status);
  const { most } = hashes.seen;
  expect([1, 2]).toContain(most);
  expect(new Set(statuses)).toEqual(new Set([401, 503]));
  const answered = statuses.filter((status) => status === 401).length;
  expect(answered).toBeGreaterThanOrEqual(64 + most); // more: who comes while the first are done finds their place free
  expect((await tries).find(({ status }) => status === 503)?.headers.get("retry-after")).toBe("2");
  const each_ms = times.reduce((sum, ms) => sum + ms, 0) / answered; // what a hash took, while nothing else was asked for
  expect(times.length).toBeGreaterThan(3 * answered); // who waits for hashes is answered less often than they are made
  expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(Math.max(100, 2 * each_ms));
  expect(await enter("bob", PASSWORD)).toBe("not refused");
}, 30_000);

test("many who guess from a few addresses neither delay another by more than one of each, nor take their place", async () => {
  const begun: string[] = [];
  const open: (() => void)[] = [];
  const spy = spyOn(Bun.password, "verify").mockImplementation(async (password) => {
    begun.push(typeof password === "string" ? password : "");
    await new Promise<void>((resolve) => open.push(resolve));
    return password === PASSWORD;
  });
  try {
    const outcomes = new Map<string, string[]>();
    const guess = async (address: string, i: number) => {
      const outcome = await enter(`nobody${address}.${i}`, `guess from ${address}`, address);
      outcomes.set(address, [...(outcomes.get(address) ?? []), outcome]);
    };
    const few = ["10.9.0.1", "10.9.0.2", "10.9.0.3"];
    const guesses = few.flatMap((address) => Array.from({ length: 60 }, (_, i) => guess(address, i)));
    await until(() => few.every((address) => (outcomes.get(address) ?? []).length >= 36)); // those for whom there was no place
    const running = begun.length;
    const bob = enter("bob", PASSWORD, "10.0.0.2");
    await until(() => [...outcomes.values()].flat().length === 180 - running - 63); // one more, for whom bob comes
    while (!begun.includes(PASSWORD)) await until(() => (open.shift()?.(), begun.includes(PASSWORD) || open.length > 0));
    expect(begun.length - running).toBeLessThanOrEqual(few.length + 1);
    while ((await Promise.race([bob, Bun.sleep(1)])) === undefined) open.shift()?.();
    expect(await bob).toBe("not refused");
    const ended = Promise.all(guesses).then(() => true);
    while ((await Promise.race([ended, Bun.sleep(1)])) !== true) for (const next of open.splice(0)) next();
    const all = [...outcomes.values()].flat();
    expect([all.filter((one) => one === "unauthorized").length, new Set(all)]).toEqual([63 + running, new Set(["unavailable", "unauthorized"])]);
    for (const address of few) expect(outcomes.get(address)?.filter((one) => one === "unauthorized").length).toBeGreaterThanOrEqual(20);
  } finally {
    spy.mockRestore();
  }
});

test("for who guesses at an invitation nothing is hashed", async () => {
  const { chat, ann } = here;
  const spy = spyOn(Bun.password, "hash");
  try {
    const come = (code: string) => refusalOf(register(chat, harbour, { username: "eddie", password: PASSWORD, code }, { address: "10.0.0.1" }));
    expect([await come("x".repeat(43)), await come(""), spy.mock.calls.length]).toEqual(["forbidden", "forbidden", 0]);
    const { code = "" } = await createInvite(chat, ann, { role: "member", expires_in_seconds: 3_600, max_uses: 1 });
    expect([await come(code), spy.mock.calls.length]).toEqual(["not refused", 1]);
  } finally {
    spy.mockRestore();
  }
});

test("guesses that come all at once learn no more than five that come one by one, and lock out nobody elsewhere", async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => enter("bob", `guess number ${i}`)));
  expect(outcomes.filter((outcome) => outcome === "unauthorized")).toHaveLength(5);
  expect(outcomes.filter((outcome) => outcome === "rate_limited")).toHaveLength(15);
  expect([await enter("bob", PASSWORD), await enter("bob", PASSWORD, "10.0.0.2")]).toEqual(["rate_limited", "not refused"]);
});

test("who holds a stolen session learns no more of its password by guesses at once, whatever is asked with it; its owner comes in", async () => {
  const { chat, bob, clock } = here;
  const guesses = Array.from({ length: 10 }, (_, i) => [
    refusalOf(changePassword(chat, bob, { current_password: `guess number ${i}`, password: "another long enough one" })),
    refusalOf(deactivateMe(chat, bob, { password: `guess number ${i}` })),
  ]).flat();
  const outcomes = await Promise.all(guesses);
  expect([outcomes.filter((one) => one === "forbidden").length, outcomes.filter((one) => one === "rate_limited").length]).toEqual([5, 15]);
  expect(await refusalOf(deactivateMe(chat, bob, { password: PASSWORD }))).toBe("rate_limited");
  const told = (await listAudit(chat, here.ann, { action: "sign_in.failing" })).items;
  expect(told.map(({ target_id }) => target_id)).toEqual([bob.user_id]);
  expect(await enter("bob", PASSWORD)).toBe("not refused");
  clock.advance(60_000);
  expect(await refusalOf(changePassword(chat, bob, { current_password: PASSWORD, password: "another long enough one" }))).toBe("not refused");
});

test("an unknown user costs one hash of the same kind as a wrong password, and the answer takes as long", async () => {
  using hashes = watchHashes();
  const worked = { bob: 0, nobody: 0 }; // this process' own work: what the machine does beside it takes time as well, and not of this
  for (let round = 0; round < 20; round += 1) {
    for (const username of ["bob", "nobody"] as const) {
      const begun = process.cpuUsage();
      expect(await enter(username, "a wrong password", `10.0.1.${round}`)).toBe("unauthorized");
      const { user, system } = process.cpuUsage(begun);
      worked[username] += user + system;
    }
  }
  expect(hashes.seen.all).toEqual(Array.from({ length: 40 }, () => "$argon2id$v=19$m=19456,t=2,p=1"));
  expect(Math.abs(worked.bob - worked.nobody)).toBeLessThan(0.3 * Math.max(worked.bob, worked.nobody));
}, 30_000);
