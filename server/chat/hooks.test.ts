import { expect, test } from "bun:test";
import { createHooks, type Points } from "./hooks.ts";
import { Refusal, refuse } from "./refusal.ts";

type Posting = Points["message.posting"];

const posting = (): Posting => ({
  who: { tenant_id: "t", user_id: "ann", role: "member", via: { sign_in_id: "s" } },
  room_id: "r",
  draft: { client_id: "the-client-id-of-it", content: "hi" },
});
const changed: Points["presence.changed"] = { tenant_id: "t", user_id: "ann", status: "away" };

function hooked() {
  const faults: string[] = [];
  const times = new Set<() => void>();
  const hooks = createHooks(
    (point, fault, by) => void faults.push(`${by} ${point}: ${fault instanceof Error ? fault.message : String(fault)}`),
    (timeIsUp) => {
      times.add(timeIsUp);
      return () => void times.delete(timeIsUp);
    },
  );
  return { hooks, faults, timeIsUp: () => times.forEach((end) => end()) };
}
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};
const never = new Promise<void>(() => {});

test("each handler sees what the one before made of the draft, whether it asks for the next or forgets to", async () => {
  const { hooks } = hooked();
  hooks.bind("message.posting", ({ draft }) => void (draft.content += "!"));
  hooks.bind("message.posting", async ({ draft }, next) => {
    draft.content += "?";
    await next();
  });
  const event = posting();
  await hooks.before("message.posting", event);
  expect(event.draft.content).toBe("hi!?");
});

test("a post that is refused is refused, though another handler swallows what it hears of it", async () => {
  const swallow = async (_event: Posting, next: () => Promise<void>): Promise<void> => {
    try {
      await next();
    } catch {
      // its own affair
    }
  };
  for (const no of [() => refuse("forbidden"), () => Promise.reject(new Refusal("forbidden"))]) {
    for (const first of [swallow, (_event: Posting, next: () => Promise<void>) => next().catch(() => undefined), () => {}]) {
      const { hooks, faults } = hooked();
      hooks.bind("message.posting", first);
      hooks.bind("message.posting", no);
      expect(await hooks.before("message.posting", posting())?.catch((fault: unknown) => fault)).toEqual(new Refusal("forbidden"));
      expect(faults).toEqual([]);
    }
  }
});

test("a handler that fails is told by its name, and the post goes on as it was before it", async () => {
  const { hooks, faults } = hooked();
  const broken = (how: () => void) => (event: Posting) => {
    event.draft.content = "broken";
    event.who.role = "owner";
    how();
  };
  hooks.bind(
    "message.posting",
    broken(() => JSON.parse("no")),
    { by: "plugin filter" },
  );
  hooks.bind("message.posting", ({ draft }) => void Object.assign(draft, { content: 7 }), { by: "plugin number" });
  hooks.bind("message.posting", ({ draft }) => void Object.assign(draft, { content: `${draft.content}!`, client_id: "another" }));
  const event = posting();
  await hooks.before("message.posting", event);
  expect(event).toEqual({ ...posting(), draft: { ...posting().draft, content: "hi!" } });
  expect(faults.map((fault) => fault.split(":")[0])).toEqual(["plugin filter message.posting", "plugin number message.posting"]);
});

test("a handler that is required stops the post when it fails; one that is not does not", async () => {
  for (const required of [true, false]) {
    const { hooks, faults } = hooked();
    hooks.bind("message.posting", () => Promise.reject(new Error("no")), { by: "plugin law", required });
    const outcome = await hooks.before("message.posting", posting())?.then(
      () => "posted",
      (fault: unknown) => (fault instanceof Refusal ? fault.reason : "fault"),
    );
    expect(outcome).toBe(required ? "unavailable" : "posted");
    expect(faults).toHaveLength(1);
  }
});

test("handlers that wait for nothing hold the post for no turn; one that waits does", async () => {
  const { hooks } = hooked();
  hooks.bind("message.posting", (_event, next) => next());
  hooks.bind("message.posting", ({ draft }) => void (draft.content += "!"));
  const event = posting();
  expect(hooks.before("message.posting", event)).toBeUndefined();
  expect(event.draft.content).toBe("hi!");
  hooks.bind("message.posting", async () => {});
  expect(hooks.before("message.posting", posting())).toBeInstanceOf(Promise);
});

test("a handler whose time is up is passed by, and what it does later counts no more", async () => {
  const { hooks, faults, timeIsUp } = hooked();
  const gate = Promise.withResolvers<void>();
  hooks.bind(
    "message.posting",
    async (event, next) => {
      await gate.promise;
      event.draft.content = "late";
      await next();
    },
    { by: "plugin slow" },
  );
  let ran = 0;
  hooks.bind("message.posting", () => void (ran += 1));
  const event = posting();
  const held = hooks.before("message.posting", event);
  await turns();
  expect(ran).toBe(0);
  timeIsUp();
  await held;
  gate.resolve();
  await turns();
  expect([event.draft.content, ran]).toEqual(["hi", 1]);
  expect(faults).toEqual(["plugin slow message.posting: It took too long."]);
});

test("who waits for those behind is not slow; the one behind that is slow is named", async () => {
  const { hooks, faults, timeIsUp } = hooked();
  hooks.bind("message.posting", (_event, next) => next(), { by: "plugin patient" });
  hooks.bind("message.posting", () => never, { by: "plugin hung" });
  const held = hooks.before("message.posting", posting());
  await turns();
  timeIsUp();
  await held;
  expect(faults).toEqual(["plugin hung message.posting: It took too long."]);
});

test("what has happened is told to all, each on a copy: one that fails, hangs or scribbles takes nothing from the others", async () => {
  const { hooks, faults, timeIsUp } = hooked();
  const heard: string[] = [];
  hooks.bind("presence.changed", () => never, { by: "plugin hung" });
  hooks.bind(
    "presence.changed",
    (event) => {
      event.status = "offline";
      throw new Refusal("forbidden");
    },
    { by: "plugin broken" },
  );
  hooks.bind("presence.changed", ({ status }) => void heard.push(status));
  hooks.after("presence.changed", changed);
  await turns();
  expect(heard).toEqual([]);
  timeIsUp();
  await turns();
  expect(heard).toEqual(["away"]);
  expect(faults.map((fault) => fault.split(" presence")[0])).toEqual(["plugin hung", "plugin broken"]);
});

test("who hears of a post is handed all that it has, and of the draft before all that was said", async () => {
  const { hooks } = hooked();
  const given: object[] = [];
  hooks.bind("message.posting", (event) => void given.push(event));
  hooks.bind("message.posted", (event) => void given.push(event));
  const who = { ...posting().who, room_id: "r" };
  const more = { meta: { a: 1 }, reply_to: "other" };
  const before: Posting = { who, room_id: "r", draft: { ...posting().draft, ...more, files: ["f"] } };
  const file = { id: "f", name: "a.txt", type: "text/plain", bytes: 1 };
  const numbers = { id: "m", room_id: "r", sender_id: "ann", seq: 3, rev: 4, created_at: "2026-01-02T03:04:05.000Z" };
  const message = { ...numbers, client_id: "the-client-id-of-it", content: "hi", ...more, mentions: ["bob"], files: [file] };
  await hooks.before("message.posting", before);
  hooks.after("message.posted", { who, message });
  await turns();
  expect(given).toEqual([before, { who, message }]);
  expect(given.map((event) => event === before || Object.values(event).some((value) => value === who || value === message))).toEqual([false, false]);
});
