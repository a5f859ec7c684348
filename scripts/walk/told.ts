/** Steps of the walk about being told: what the browser's tab says, and what a notification is for. */
import type { Page } from "playwright-core";
import type { List, Room } from "../../server/protocol.ts";
import { aside, enter, fromMenu, goTo, inside, type Person, sees } from "./person.ts";
import { askerOf, postAs, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

type Sign = "usual" | "dot" | `${number}`;

export const toldSteps: readonly Step[] = [
  {
    sentence: "34. title and favicon say it of a mention, a direct message, plain unread, and nothing of a muted room",
    async walk({ bob, server }) {
      const { page } = bob;
      const origin = `http://127.0.0.1:${server.port}`;
      const [asAnn, asBob] = [await askerOf(origin, "ann"), await askerOf(origin, "bob")];
      const general = (await roomNamed(asAnn, "general")).id;
      const dm = ((await asAnn.call("POST", "/rooms", { type: "dm", user_ids: [asBob.id] })) as { id: string }).id;
      const says = async (title: string, sign: Sign): Promise<void> => {
        await until(async () => (await page.title()) === title && (await signOf(page)) === sign, `the tab says "${title}", ${sign}`).catch(
          async (fault: unknown) => {
            throw new Error(`${String(fault)}, and not "${await page.title()}", ${await signOf(page)}`);
          },
        );
      };
      const { items } = (await asBob.call("GET", "/rooms")) as List<Room>;
      for (const { id, last_seq } of items) await asBob.call("PUT", `/rooms/${id}/ack`, { seq: last_seq }); // what steps before this one left unread
      await goTo(page, "quay");
      await says("#quay · Harbour", "usual");
      await postAs(asAnn, general, "plain");
      await says("• #quay · Harbour", "dot");
      await postAs(asAnn, general, "@bob are you there?");
      await says("(1) #quay · Harbour", "1");
      await postAs(asAnn, dm, "between us");
      await says("(2) #quay · Harbour", "2");
      await setLevel(page, "general", "Muted (dimmed, counts nothing)");
      await goTo(page, "quay");
      await postAs(asAnn, general, "@bob, last call");
      await postAs(asAnn, dm, "are you there?"); // heard after the other
      await says("(2) #quay · Harbour", "2");
      await goTo(page, "ann", "ann");
      await says("ann · Harbour", "usual");
      if ((await page.getByRole("link", { name: "general" }).innerText()) !== "general") throw new Error("a number stands at a muted room");
      await setLevel(page, "general", "Mentions only");
      await sees(bob, "@bob, last call");
      await says("#general · Harbour", "usual");
    },
  },
  {
    sentence: "35. two tabs raise one notification, its click opens the message, and neither raises one for the room in view",
    walk: ({ browser, server }) =>
      aside(browser, "bob, notified", `http://127.0.0.1:${server.port}`, (bob) => notify(bob, `http://127.0.0.1:${server.port}`)),
  },
];

/** What the icon of the tab shows. */
const signOf = (page: Page): Promise<Sign> =>
  page.evaluate((): Sign => {
    const address = decodeURIComponent(document.querySelector<HTMLLinkElement>("link[rel=icon]")?.href ?? "");
    if (!address.startsWith("data:")) return "usual";
    const number = /<text[^>]*>(\d+)\+?<\/text>/u.exec(address)?.[1];
    return number === undefined ? "dot" : `${Number(number)}`;
  });

async function setLevel(page: Page, room: string, level: string): Promise<void> {
  await goTo(page, room);
  await page.getByRole("button", { name: /Details/u }).click();
  const told = page.waitForResponse((answer) => answer.url().includes("/members/me") && answer.ok());
  await page.locator("#details-level").selectOption({ label: level });
  await told;
  await page.keyboard.press("Control+.");
}

export type Notice = { tag: string; title: string; by: Page };

/** Bob has two tabs in a browser that lets him be notified; what is put on the screen is noted, and a later one of a tag takes the former's place. */
async function notify(bob: Person, origin: string): Promise<void> {
  const notices: Notice[] = [];
  await bob.context.exposeBinding("walkNotice", ({ page: by }, notice: Omit<Notice, "by">) => void notices.push({ ...notice, by }));
  await bob.context.addInitScript(noteNotices);
  await bob.page.goto(`${origin}/sign-in`);
  await enter(bob.page, "bob", "Sign in");
  await bob.page.locator(".shell").waitFor();
  const asAnn = await askerOf(origin, "ann");
  const [general, quay] = [(await roomNamed(asAnn, "general")).id, (await roomNamed(asAnn, "quay")).id];
  const other = await bob.context.newPage();
  await other.goto(`${origin}/r/${quay}`);
  await inside(other, "#quay");

  await fromMenu(bob.page, "Settings");
  const message = await postAs(asAnn, general, "@bob, in two tabs");
  await until(async () => notices.length > 0, "there is a notification");
  await bothHeard("(1)");
  if (new Set(notices.map(({ tag }) => tag)).size !== 1) throw new Error(`notified of ${notices.map(({ title }) => title).join(", ")}`);
  await bob.page.evaluate(() => Reflect.get(window, "walkClick")());
  await inside(bob.page, "#general");
  await bob.page.locator(`.message[data-seq="${message.seq}"][data-marked="true"]`).waitFor();
  await bothHeard("#");

  notices.length = 0;
  await postAs(asAnn, general, "@bob, before your eyes");
  await sees(bob, "@bob, before your eyes");
  const dm = ((await asAnn.call("POST", "/rooms", { type: "dm", user_ids: [(await askerOf(origin, "bob")).id] })) as { id: string }).id;
  await postAs(asAnn, dm, "and not before them"); // heard after the other, in both tabs
  await until(async () => notices.some(({ tag }) => tag === dm), "what nobody reads is told");
  if (notices.some(({ tag }) => tag === general)) throw new Error("he is notified of what he reads, in the other tab");

  async function bothHeard(begin: string): Promise<void> {
    for (const page of [bob.page, other]) await until(async () => (await page.title()).startsWith(begin), `both tabs say ${begin}`);
  }
}

/** Runs in the page: notifications that can be counted and clicked, switched on as by the button of the settings. */
export function noteNotices(): void {
  class Noted extends EventTarget {
    static permission = "granted";
    static requestPermission = async (): Promise<string> => "granted";
    constructor(title: string, { tag = "" }: { tag?: string }) {
      super();
      Reflect.get(window, "walkNotice")({ tag, title });
      Reflect.set(window, "walkClick", () => this.dispatchEvent(new Event("click")));
    }
    close(): void {}
  }
  Reflect.set(window, "Notification", Noted);
  try {
    localStorage.setItem("snug-notify", "on");
  } catch {
    // about:blank has none
  }
}
