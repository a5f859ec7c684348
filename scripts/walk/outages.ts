/** Steps of the walk while the network or the server is away: what was written is kept, goes where it belongs, and arrives once. */
import type { List, Message } from "../../server/protocol.ts";
import { composer, goTo, inRoom, inside, isStored, onceInOrder, say, sees, texts } from "./person.ts";
import { askerOf, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Stage, Step } from "./steps.ts";

export const outageSteps: readonly Step[] = [
  {
    sentence: "9. three posts that bob writes while his connection is swallowed survive the tab and arrive once each, in order",
    async walk({ ann, bob, proxy }) {
      proxy.set("blackhole");
      const said = ["offline one", "offline two", "offline three"];
      for (const text of said) await say(bob, text);
      await until(async () => (await texts(bob)).filter((text) => text.startsWith("offline")).length === 3, "all three are on bob's screen");
      await until(
        () => bob.page.evaluate(() => !Object.keys(localStorage).some((key) => key.startsWith("snug-draft"))),
        "all three lie in bob's outbox",
      );
      await bob.page.close();
      proxy.set("pass");
      bob.page = await bob.context.newPage();
      await bob.page.goto(`http://127.0.0.1:${proxy.port}/`);
      await inRoom(bob.page);
      await sees(ann, "offline three");
      await onceInOrder([ann, bob], said);
      for (const text of said) await isStored(bob, text); // ann may see a post before its answer has reached him
    },
  },
  {
    sentence: "10. the server stores bob's post and the answer is cut off: after the retry everybody sees one row",
    async walk({ ann, bob, proxy }) {
      proxy.set("mute");
      await say(bob, "did you get this?");
      await sees(ann, "did you get this?");
      if ((await bob.page.locator('[data-state="sending"]', { hasText: "did you get this?" }).count()) !== 1) throw new Error("bob was answered");
      proxy.set("pass");
      await isStored(bob, "did you get this?");
      await say(bob, "once, I hope");
      await sees(ann, "once, I hope");
      await onceInOrder([ann, bob], ["did you get this?", "once, I hope"]);
    },
  },
  {
    sentence: "11. a refused post shows its reason, and Edit brings back its text",
    async walk({ bob, server, proxy }) {
      const asAnn = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
      const { id } = (await asAnn.call("GET", "/me")) as { id: string };
      const { items } = (await asAnn.call("GET", "/users?limit=50")) as List<{ id: string }>;
      const user_ids = items.map((user) => user.id).filter((one) => one !== id);
      const dock = (await asAnn.call("POST", "/rooms", { type: "channel", name: "dock", visibility: "public", user_ids })) as { id: string };
      await goTo(bob.page, "dock");
      const field = bob.page.getByRole("textbox", { name: "Message #dock" });
      for (const archived of [true, false]) {
        proxy.set("blackhole");
        await field.fill("last words");
        await field.press("Enter");
        await bob.page.locator('[data-state="sending"]', { hasText: "last words" }).waitFor();
        await asAnn.call("PATCH", `/rooms/${dock.id}`, { archived: true });
        proxy.set("pass");
        const row = bob.page.locator('[data-state="refused"]', { hasText: "last words" });
        await row.getByText("Refused: This room is archived.").waitFor();
        await bob.page.locator(".room__quiet", { hasText: "This room is archived." }).waitFor(); // in place of the composer
        if (!archived) await reopen();
        await row.getByRole("button", { name: "Edit" }).click();
        await until(async () => (await row.count()) === 0, "the refused row is gone");
        if (archived) await reopen();
        await until(
          async () => (await field.inputValue()) === "last words",
          `the text is back, ${archived ? "once the room is" : "in the room that was"} reopened`,
        );
        await field.fill("");
      }
      await goTo(bob.page, "general");

      async function reopen(): Promise<void> {
        await asAnn.call("PATCH", `/rooms/${dock.id}`, { archived: false });
        await field.waitFor();
      }
    },
  },
  {
    sentence: "12. offline, what bob writes in one room never appears in another, whatever he clicks",
    walk: keepApart,
  },
  {
    sentence: "a connection that is cut comes back by itself",
    async walk({ ann, bob, proxy }) {
      proxy.set("cut");
      await say(bob, "through the cut");
      proxy.set("pass");
      await sees(ann, "through the cut");
      await say(ann, "there you are");
      await sees(bob, "there you are");
      await onceInOrder([ann, bob], ["through the cut", "there you are"]);
    },
  },
  {
    sentence: "the server is killed in mid-conversation and started again: nothing is lost or doubled",
    async walk({ ann, bob, server }) {
      const said = Array.from({ length: 12 }, (_, i) => `line ${String(i).padStart(2, "0")}`);
      for (const [i, text] of said.entries()) {
        await say(ann, text);
        if (i === 5) await server.kill();
        if (i === 8) await server.start();
      }
      await sees(bob, "line 11");
      await sees(ann, "line 11");
      await onceInOrder([ann, bob], said);
    },
  },
  {
    sentence: "28. a restart of the server is named, ends by itself and loses nothing",
    async walk({ ann, bob, server }) {
      const said = ["before the restart", "during the restart", "after the restart"];
      await say(ann, "before the restart");
      await sees(bob, "before the restart");
      await composer(ann.page).fill("during the restart");
      const ended = server.end();
      for (const { page } of [ann, bob]) await page.getByRole("status").getByText("The server is restarting.").waitFor({ timeout: 5_000 });
      await composer(ann.page).press("Enter");
      await ended;
      await server.start();
      for (const { page } of [ann, bob])
        await until(async () => (await page.getByText("The server is restarting.").count()) === 0, "it is over", 30_000);
      await say(bob, "after the restart");
      await onceInOrder([ann, bob], said);
    },
  },
];

/** Bob writes, posts, answers and edits in two rooms in turn, by every way from one to the other, while nobody answers him. */
async function keepApart({ bob, server, proxy }: Stage): Promise<void> {
  const { page } = bob;
  const field = page.locator("#composer");
  const holds = async (room: string, draft: string): Promise<void> => {
    await inside(page, `#${room}`);
    await until(async () => (await field.inputValue()) === draft, `the composer of #${room} holds "${draft}"`, 2_000);
    const foreign = (await texts(bob)).filter((text) => text.startsWith("for ") && !text.startsWith(`for ${room}`));
    if (foreign.length > 0) throw new Error(`in #${room} stands: ${foreign.join(", ")}`);
  };
  await goTo(page, "dock");
  await goTo(page, "general");
  proxy.set("blackhole");
  await field.fill("for general, posted");
  await field.press("Enter");
  await field.fill("for general, a draft");
  await page.getByRole("link", { name: "dock" }).click();
  await holds("dock", "");
  await field.fill("for dock, posted");
  await page.getByRole("button", { name: "Send" }).click();
  await field.fill("for dock, a draft");
  await page.keyboard.press("Alt+ArrowDown");
  await holds("general", "for general, a draft");
  await page.locator(".message", { hasText: "for general, posted" }).click();
  await page.locator(".message[data-seq]", { hasText: "once, I hope" }).hover();
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("doc");
  await page.getByRole("option", { selected: true }).filter({ hasText: "dock" }).waitFor();
  await page.keyboard.press("Enter");
  await holds("dock", "for dock, a draft");
  if ((await page.locator(".replying").count()) > 0) throw new Error("the answer came along to #dock");
  await field.press("End");
  await field.pressSequentially("!");
  await page.goBack();
  await holds("general", "for general, a draft");
  await page.locator(".message[data-seq]", { hasText: "did you get this?" }).hover();
  await page.locator(".message[data-seq]", { hasText: "did you get this?" }).getByRole("button", { name: "Edit" }).click();
  await page.getByRole("textbox", { name: "Edit" }).fill("for general, an edit");
  await page.goForward();
  await holds("dock", "for dock, a draft!");
  await page.getByRole("link", { name: "general" }).click();
  await holds("general", "for general, a draft");
  proxy.set("pass");
  await isStored(bob, "for general, posted");
  await page.getByRole("link", { name: "dock" }).click();
  await isStored(bob, "for dock, posted");
  await holds("dock", "for dock, a draft!");
  await field.fill("");
  const asAnn = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
  for (const name of ["general", "dock"]) {
    const { items } = (await asAnn.call("GET", `/rooms/${(await roomNamed(asAnn, name)).id}/messages?limit=50`)) as List<Message>;
    const found = items.map(({ content }) => content).filter((content) => content.startsWith("for "));
    if (JSON.stringify(found) !== JSON.stringify([`for ${name}, posted`])) throw new Error(`the server has in #${name}: ${found.join(" | ")}`);
  }
  await goTo(page, "general");
  await page.getByRole("textbox", { name: "Edit" }).press("Escape");
  await page.getByRole("button", { name: "Do not reply" }).click();
  await field.fill("");
}
