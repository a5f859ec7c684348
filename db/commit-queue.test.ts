import { beforeEach, describe, expect, test } from "bun:test";
import { makeCommitQueue, type CommitQueue, type QueueLimits, type Transactions } from "./commit-queue.ts";
import { storeFaultOf } from "./faults.ts";
import { makeLeases } from "./leases.ts";
import { rejection } from "./store.cast.ts";

const LIMITS: QueueLimits = { waiting: 10, group: 4, work_ms: 5_000 };

/** A connection that writes down what it is told, and fails where the test says. */
function makeTape() {
  const tape: string[] = [];
  const failing = new Map<string, () => Error>();
  let open = false;
  const say = (word: string, becomes: boolean) => () => {
    tape.push(word);
    const fault = failing.get(word)?.();
    if (fault) throw fault;
    open = becomes;
  };
  const transactions: Transactions = {
    begin: say("begin", true),
    commit: say("commit", false),
    rollback: say("rollback", false),
    savepoint: say("savepoint", true),
    release: say("release", true),
    rollbackToSavepoint: say("undo", true),
    inTransaction: () => open,
  };
  const loseTransaction = () => (open = false);
  return { tape, failing, transactions, loseTransaction };
}

describe("the commit queue", () => {
  let recorder: ReturnType<typeof makeTape>;
  let queue: CommitQueue;
  const open = (limits: Partial<QueueLimits> = {}) => (queue = makeCommitQueue(recorder.transactions, makeLeases(), { ...LIMITS, ...limits }));
  const works = (count: number, told: string[] = []) =>
    Promise.allSettled(
      Array.from({ length: count }, (_, n) =>
        queue.add(async () => void recorder.tape.push(`work ${n}`)).then(() => told.push(`told ${n} after ${recorder.tape.at(-1)}`)),
      ),
    );

  beforeEach(() => {
    recorder = makeTape();
    open();
  });

  test("works of one turn share one commit, each in its savepoint, and are told after it", async () => {
    const told: string[] = [];
    await works(3, told);
    expect(recorder.tape).toEqual([
      "begin",
      "savepoint",
      "work 0",
      "release",
      "savepoint",
      "work 1",
      "release",
      "savepoint",
      "work 2",
      "release",
      "commit",
    ]);
    expect(told).toEqual(["told 0 after commit", "told 1 after commit", "told 2 after commit"]);
  });

  test("a work that is alone needs no savepoint, and rolls everything back if it throws", async () => {
    await works(1);
    const refusal = new Error("no");
    expect(await rejection(queue.add(() => Promise.reject(refusal)))).toBe(refusal);
    expect(recorder.tape).toEqual(["begin", "work 0", "commit", "begin", "rollback"]);
  });

  test("a work that throws is undone to its savepoint and told after the commit of the others", async () => {
    const refusal = new Error("no");
    const failed = rejection(
      queue.add(async () => {
        recorder.tape.push("failing");
        throw refusal;
      }),
    ).then((fault) => [fault, recorder.tape.at(-1)]);
    await works(1);
    expect(await failed).toEqual([refusal, "commit"]);
    expect(recorder.tape).toEqual(["begin", "savepoint", "failing", "undo", "savepoint", "work 0", "release", "commit"]);
  });

  test("what arrives while a group is in flight is the next group, and a group has a greatest size", async () => {
    const gate = Promise.withResolvers<void>();
    const first = queue.add(() => gate.promise);
    await new Promise(setImmediate);
    const rest = works(5);
    expect(recorder.tape).toEqual(["begin"]);
    gate.resolve();
    await Promise.all([first, rest]);
    expect(recorder.tape.filter((word) => word === "begin" || word === "commit" || word.startsWith("work"))).toEqual([
      ...["begin", "commit"],
      ...["begin", "work 0", "work 1", "work 2", "work 3", "commit"],
      ...["begin", "work 4", "commit"],
    ]);
  });

  test("if the database rolled the whole transaction back inside one work, no further work runs, nothing more is sent, and all are rejected", async () => {
    const refusal = new Error("refused by itself");
    const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
    const outcomes = [
      rejection(queue.add(async () => "was fine")),
      rejection(queue.add(() => Promise.reject(refusal))),
      rejection(
        queue.add(async () => {
          recorder.loseTransaction();
          throw full;
        }),
      ),
      rejection(queue.add(async () => void recorder.tape.push("ran on"))),
    ];
    const faults = await Promise.all(outcomes);
    expect(faults.map(storeFaultOf)).toEqual([{ kind: "full" }, null, { kind: "full" }, { kind: "full" }]);
    expect(faults[1]).toBe(refusal);
    expect(recorder.tape).toEqual(["begin", "savepoint", "release", "savepoint", "undo", "savepoint"]);
    await works(1);
    expect(recorder.tape.slice(-3)).toEqual(["begin", "work 0", "commit"]);
  });

  test("the same if the work said nothing of it", async () => {
    const outcomes = [
      queue.add(async () => "was fine"),
      queue.add(async () => void recorder.loseTransaction()),
      queue.add(async () => void recorder.tape.push("ran on")),
    ].map(rejection);
    expect(await Promise.all(outcomes)).toEqual([expect.any(Error), expect.any(Error), expect.any(Error)]);
    expect(recorder.tape).toEqual(["begin", "savepoint", "release", "savepoint"]);
  });

  for (const { at, sent } of [
    { at: "begin", sent: ["begin"] },
    { at: "commit", sent: ["begin", "savepoint", "work 0", "release", "savepoint", "work 1", "release", "commit", "rollback"] },
    { at: "release", sent: ["begin", "savepoint", "work 0", "release", "undo", "savepoint", "work 1", "release", "undo", "commit"] },
  ])
    test(`a ${at} that throws rejects every work of its group and leaves no transaction open`, async () => {
      recorder.failing.set(at, () => Object.assign(new Error("busy"), { code: "SQLITE_BUSY" }));
      const outcomes = await works(2);
      expect(outcomes.map((outcome) => outcome.status === "rejected" && storeFaultOf(outcome.reason))).toEqual([{ kind: "away" }, { kind: "away" }]);
      expect(recorder.tape).toEqual(sent);
      expect(recorder.transactions.inTransaction()).toBe(false);
      recorder.failing.clear();
      expect(await works(1)).toEqual([expect.objectContaining({ status: "fulfilled" })]);
    });

  test("more works than may wait are refused as away; those before them are not", async () => {
    open({ waiting: 2 });
    const outcomes = await works(3);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(outcomes.map((outcome) => outcome.status === "rejected" && storeFaultOf(outcome.reason))).toEqual([false, false, { kind: "away" }]);
  });

  test("a work that never ends is given up and undone; its neighbours are committed", async () => {
    open({ work_ms: 5 });
    const stuck = rejection(queue.add(() => new Promise(() => {})));
    const [neighbour] = await works(1);
    expect(neighbour?.status).toBe("fulfilled");
    expect(storeFaultOf(await stuck)).toEqual({ kind: "away" });
    expect(recorder.tape).toEqual(["begin", "savepoint", "undo", "savepoint", "work 0", "release", "commit"]);
  });

  test("a task between runs when no transaction is open", async () => {
    const gate = Promise.withResolvers<void>();
    const group = queue.add(() => gate.promise);
    await new Promise(setImmediate);
    const seen = queue.between(() => [recorder.transactions.inTransaction(), recorder.tape.at(-1)]);
    gate.resolve();
    expect(await seen).toEqual([false, "commit"]);
    await group;
    expect(await rejection(queue.between(() => JSON.parse("not JSON")))).toBeInstanceOf(SyntaxError);
    expect(await works(1)).toEqual([expect.objectContaining({ status: "fulfilled" })]);
  });

  test("close waits for what was asked for, in as many groups as it takes, and refuses the rest", async () => {
    const before = works(9);
    const closed = queue.close();
    const late = rejection(queue.add(async () => void recorder.tape.push("late")));
    await closed;
    expect(recorder.tape.filter((word) => word.startsWith("work"))).toHaveLength(9);
    expect(storeFaultOf(await late)).toEqual({ kind: "away" });
    expect((await before).every(({ status }) => status === "fulfilled")).toBe(true);
    expect(recorder.tape).not.toContain("late");
  });
});
