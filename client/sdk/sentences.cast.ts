/**
 * What the built client promises, as sentences that any runtime can run against a real server: Bun, Node 22, a browser. Each makes a room of its
 * own. Nothing here is known of the runtime but `fetch` and `WebSocket`.
 */
import {
  arrival,
  both,
  breakable,
  type Client,
  codeOf,
  collect,
  contents,
  type Given,
  memory,
  next,
  reached,
  same,
  stage,
  type Stage,
  until,
} from "./sentence-stage.cast.ts";

export type Outcome = { says: string; fault: string | null };

export async function runAll(client: Client, given: Given): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [says, run] of Object.entries(sentences)) outcomes.push({ says, fault: await faultOf(() => stage(client, given, run)) });
  return outcomes;
}

const sentences: Record<string, (stage: Stage) => Promise<void>> = {
  "two people hear every post, in order, each once, and who posts is given the row": async ({ sit, ann, bob, room }) => {
    const [anns, bobs] = [await sit(ann), await sit(bob)];
    const heard = contents(bobs);
    const own = contents(anns);
    const all = both(arrival(bobs, "five"), arrival(anns, "five"));
    const rows = await Promise.all(["one", "two", "three", "four", "five"].map((text) => anns.post(room.id, text)));
    await all;
    same(
      rows.map((row) => row?.seq),
      [1, 2, 3, 4, 5],
    );
    same(heard, ["one", "two", "three", "four", "five"]);
    same(own, heard);
    same(anns.pending().length, 0);
  },
  "what was missed is told on return, an edit and a removal as they are now, and nothing twice": async ({ sit, ann, bob, room }) => {
    const line = breakable();
    const [anns, bobs] = [await sit(ann), await sit(bob, { outside: line.outside })];
    const heard = contents(bobs);
    const first = arrival(bobs, "before");
    await anns.post(room.id, "before");
    await first;
    line.break();
    const edited = await anns.post(room.id, "missed");
    const removed = await anns.post(room.id, "to be removed");
    await anns.api.edit(room.id, edited?.id ?? "", "missed, and edited");
    await anns.api.remove(room.id, removed?.id ?? "");
    await anns.post(room.id, "the last");
    const back = next(bobs, "caught_up");
    line.mend();
    bobs.hurry();
    await back;
    same(heard, ["before", "missed, and edited", "", "the last"]);
  },
  "what was written while away goes out on return, in order": async ({ sit, ann, bob, room }) => {
    const line = breakable();
    const [anns, bobs] = [await sit(ann), await sit(bob, { outside: line.outside })];
    const heard = contents(anns);
    line.break();
    const posts = ["one", "two", "three"].map((text) => bobs.post(room.id, text));
    same(bobs.pending().length, 3);
    line.mend();
    bobs.hurry();
    const all = arrival(anns, "three");
    await Promise.all(posts);
    await all;
    same(heard, ["one", "two", "three"]);
    same(bobs.pending().length, 0);
  },
  "a post whose answer is lost is sent again and stored once": async ({ sit, ann, bob, room }) => {
    const line = breakable();
    const [anns, bobs] = [await sit(ann), await sit(bob, { outside: line.outside })];
    const heard = contents(anns);
    const came = arrival(anns, "only once");
    line.breakAfter("message");
    const posted = bobs.post(room.id, "only once");
    await came; // stored; its sender has not heard so
    same(bobs.pending().length, 1);
    line.mend();
    bobs.hurry();
    same((await posted)?.content, "only once");
    const after = arrival(anns, "after it");
    await bobs.post(room.id, "after it");
    await after;
    same(heard, ["only once", "after it"]);
  },
  "what one client left unanswered is sent by the next one from the same storage": async ({ sit, open, ann, bob, room }) => {
    const storage = memory();
    const line = breakable();
    line.break();
    const away = open(bob, { storage, outside: line.outside });
    const lost = codeOf(away.post(room.id, "left behind"));
    await Promise.resolve();
    away.close();
    same(await lost, "offline");
    const anns = await sit(ann);
    const came = arrival(anns, "left behind");
    await sit(bob, { storage });
    await came;
    await until(async () => (await storage.all()).length === 0);
  },
  "a new client goes on where another one's cursors stand": async ({ sit, ann, bob, room }) => {
    const first = await sit(bob);
    const kept = first.cursors();
    first.close();
    const anns = await sit(ann);
    await anns.post(room.id, "while nobody sat there");
    const heard: string[] = [];
    await sit(bob, { cursors: kept }, (snug) => collect(snug, room.id, heard));
    same(heard, ["while nobody sat there"]);
  },
  "a client without cursors hears what is new, or on demand all that was never acknowledged": async ({ sit, ann, bob, room }) => {
    const anns = await sit(ann);
    const row = await anns.post(room.id, "acknowledged");
    await anns.post(room.id, "not yet");
    const [news, owed]: [string[], string[]] = [[], []];
    const bobs = await sit(bob, {}, (snug) => collect(snug, room.id, news));
    await bobs.ack(room.id, row?.seq ?? 0);
    await sit(bob, { from: "acks" }, (snug) => collect(snug, room.id, owed));
    same([news, owed], [[], ["not yet"]]);
  },
  "cursors of another history are told to begin anew, not guessed": async ({ sit, bob, room }) => {
    const resets: string[] = [];
    const cursors = { epoch: "another history", rooms: [[room.id, 1]] as [string, number][] };
    await sit(bob, { cursors }, (snug) => void snug.on("reset", ({ room_id }) => resets.push(room_id)));
    same(resets, [room.id]);
  },
  "a token that has expired is fetched anew, once for all who wait, and the socket opens by it": async ({ sit, open, bob, room }) => {
    let asked = 0;
    const token = async () => ((asked += 1) === 1 ? "expired" : bob.token);
    const bobs = await sit(bob, { token });
    await Promise.all([bobs.api.room(room.id), bobs.api.me(), bobs.api.rooms()]);
    same(asked, 2);
    const stranger = open(bob, { token: "nobody's" });
    same(await reached(stranger, "ended"), "revoked");
    same(await codeOf(stranger.api.me()), "unauthorized");
  },
  "a tenant's key acts for the user it names, whom it brings into being, and in a browser for nobody": async ({
    open,
    sit,
    client,
    url,
    key,
    ann,
    room,
  }) => {
    const customer = { url, api_key: key, user_id: `customer-of-${room.id}`, display_name: "Süe 🦀" };
    if ("document" in globalThis) {
      const stolen = client.connect(customer);
      same(await codeOf(stolen.api.me()), "offline"); // the browser itself does not send it
      return stolen.close();
    }
    const customers = open(ann, customer);
    await next(customers, "caught_up");
    same([customers.user()?.id, customers.user()?.display_name], [customer.user_id, "Süe 🦀"]);
    const anns = await sit(ann);
    await anns.api.addMember(room.id, customer.user_id);
    const came = arrival(anns, "by the key");
    await customers.post(room.id, "by the key");
    await came;
  },
  "a refusal has its code, comes once, and holds up nothing behind it": async ({ sit, bob, room }) => {
    const bobs = await sit(bob);
    const refused: string[] = [];
    bobs.on("refused", ({ post, error }) => refused.push(`${post.content.length} ${error.code}`));
    const codes = [codeOf(bobs.post("no-such-room", "hello")), codeOf(bobs.post(room.id, "x".repeat(5_000))), codeOf(bobs.post(room.id, "fits"))];
    same(await Promise.all(codes), ["not_found", "too_large", null]);
    same(refused.toSorted(), ["5 not_found", "5000 too_large"]);
    same(await codeOf(bobs.api.message(room.id, "no-such-message")), "not_found");
  },
  "who is added hears the room from then on; who is put out hears that it is gone, and no more": async ({ sit, ann, cy, room }) => {
    const [anns, cys] = [await sit(ann), await sit(cy)];
    const heard = contents(cys);
    const gained = next(cys, "room", ({ room: { id } }) => id === room.id);
    await anns.api.addMember(room.id, cy.id);
    await gained;
    const came = arrival(cys, "with cy");
    await anns.post(room.id, "with cy");
    await came;
    const gone = next(cys, "gone", ({ room_id }) => room_id === room.id);
    await anns.api.removeMember(room.id, cy.id);
    await gone;
    await anns.post(room.id, "without cy");
    await cys.api.me();
    same(heard, ["with cy"]);
  },
  "typing and acks reach the others in the room": async ({ sit, ann, bob, room }) => {
    const [anns, bobs] = [await sit(ann), await sit(bob)];
    const typing = next(bobs, "typing", ({ room_id, is_typing }) => room_id === room.id && is_typing);
    anns.typing(room.id, true);
    same((await typing).user_id, ann.id);
    const again = await sit(bob);
    const own = next(again, "ack", ({ room_id }) => room_id === room.id);
    const row = await anns.post(room.id, "to be read");
    await bobs.ack(room.id, row?.seq ?? 0);
    same((await own).seq, row?.seq);
  },
  "a client that is bound to a room hears and does nothing outside it, keeps what it was given of the others, and ends when it is put out": async ({
    sit,
    open,
    ann,
    bob,
    room,
  }) => {
    const anns = await sit(ann);
    const other = await anns.api.createRoom({ type: "group", user_ids: [bob.id] });
    const elsewhere: [string, number] = ["another room", 3];
    const bound = await sit(bob, { room_id: room.id, cursors: { rooms: [elsewhere] } });
    const heard = contents(bound);
    same(await codeOf(bound.post(other.id, "not by this socket")), "not_found");
    const came = arrival(bound, "in the room");
    await anns.post(other.id, "elsewhere");
    await anns.post(room.id, "in the room");
    await came;
    same(heard, ["in the room"]);
    same(
      bound.cursors().rooms.map(([id]) => id),
      [room.id, elsewhere[0]],
    );
    const gone = next(bound, "gone", ({ room_id }) => room_id === room.id);
    await anns.api.removeMember(room.id, bob.id);
    await gone;
    same(await reached(open(bob, { room_id: room.id }), "ended"), "revoked");
  },
  "a frame of a plugin is answered with its result, and one of no plugin is refused by its code": async ({ sit, bob }) => {
    const bobs = await sit(bob);
    same(await bobs.frame("word-filter.clean", { content: "what the heck" }), { content: "what the ****" });
    same(await codeOf(bobs.frame("nobody.asks")), "bad_request");
  },
  "a hearer that throws takes nothing from the others": async ({ sit, ann, room }) => {
    const anns = await sit(ann);
    const { error } = console;
    console.error = () => {};
    try {
      anns.on("message", () => {
        throw new Error("the application's");
      });
      const came = arrival(anns, "heard all the same");
      await anns.post(room.id, "heard all the same");
      await came;
    } finally {
      console.error = error;
    }
  },
  "who is signed out hears so, and comes back no more": async ({ sit, cy, room }) => {
    const line = breakable();
    const cys = await sit(cy, { outside: line.outside });
    const ended = reached(cys, "ended");
    const { items } = await cys.api.get<{ items: { id: string; current: boolean }[] }>("/auth/sign-ins");
    await cys.api.delete(`/auth/sign-ins/${items.find(({ current }) => current)?.id}`);
    same(await ended, "revoked");
    const opened = line.opened();
    cys.hurry();
    same(await codeOf(cys.post(room.id, "too late")), "unauthorized");
    same(line.opened(), opened);
  },
};

async function faultOf(run: () => Promise<void>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
