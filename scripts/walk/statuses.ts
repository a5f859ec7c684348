/** Steps of the walk about how somebody is: the status they show, and when they do not want to be disturbed. */
import type { Page } from "playwright-core";
import { aside, enter, fromMenu, goTo, type Person } from "./person.ts";
import { askerOf, postAs, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";
import { noteNotices } from "./told.ts";

const SHORT_MS = 2_500;
const NOTES = 2; // of one sound

export const statusSteps: readonly Step[] = [
  {
    sentence: "bob sets a status, which ann sees beside his name without a reload, and no longer once it has ended",
    async walk({ ann, bob, server }) {
      const signAt = ({ page }: Person, text: string) => page.getByRole("navigation").getByRole("img", { name: text });
      const asBob = await askerOf(`http://127.0.0.1:${server.port}`, "bob");
      await asBob.call("POST", "/rooms", { type: "dm", user_ids: [(await askerOf(`http://127.0.0.1:${server.port}`, "ann")).id] });
      await fromMenu(bob.page, "Set a status");
      const dialog = bob.page.getByRole("dialog", { name: "Set a status" });
      await dialog.getByRole("button", { name: "On holiday" }).click();
      await dialog.getByRole("textbox", { name: "Your status" }).fill("Mending nets");
      await dialog.getByRole("textbox", { name: "Emoji" }).fill("no emoji");
      await bob.page.keyboard.press("Enter");
      await dialog.getByText("This is not one emoji.").waitFor();
      await dialog.getByRole("button", { name: "Choose an emoji" }).click();
      await bob.page.getByRole("combobox", { name: /emoji/iu }).fill("fishing");
      await bob.page.locator("#emoji-chosen", { hasText: "🎣" }).waitFor();
      await bob.page.keyboard.press("Enter");
      const chosen = dialog.getByRole("textbox", { name: "Emoji" });
      await until(async () => (await chosen.inputValue()) === "🎣", "the emoji is in its field");
      await dialog.getByRole("textbox", { name: "Your status" }).press("Enter");
      await signAt(bob, "Mending nets").waitFor();
      await signAt(ann, "Mending nets").filter({ hasText: "🎣" }).waitFor();
      await asBob.call("PATCH", "/me", { status: { emoji: "☕", text: "Back soon", until: new Date(Date.now() + SHORT_MS).toISOString() } });
      await signAt(ann, "Back soon").waitFor();
      await signAt(ann, "Back soon").waitFor({ state: "detached", timeout: SHORT_MS * 2 });
    },
  },
  {
    sentence:
      "bob hears a sound with a notification, neither while he has paused them, and both again when his other device says so; never of a muted room",
    walk: ({ browser, server }) =>
      aside(browser, "bob, disturbed", `http://127.0.0.1:${server.port}`, (bob) => disturb(bob, `http://127.0.0.1:${server.port}`)),
  },
];

async function disturb({ page, context }: Person, origin: string): Promise<void> {
  const told: string[] = [];
  await context.exposeBinding("walkNotice", (_, { tag }: { tag: string }) => void told.push(tag));
  await context.exposeBinding("walkSound", () => void told.push("sound"));
  await context.addInitScript(noteNotices);
  await context.addInitScript(noteSounds);
  await page.goto(`${origin}/sign-in`);
  await enter(page, "bob", "Sign in");
  await page.locator(".shell").waitFor();
  const [asAnn, asBob] = [await askerOf(origin, "ann"), await askerOf(origin, "bob")];
  const general = (await roomNamed(asAnn, "general")).id;
  const dm = ((await asAnn.call("POST", "/rooms", { type: "dm", user_ids: [asBob.id] })) as { id: string }).id;
  await fromMenu(page, "Settings");
  await page.getByRole("switch", { name: /^Play a sound/u }).check();
  await page.getByRole("button", { name: "Play it" }).click();
  await until(async () => told.filter((one) => one === "sound").length === NOTES, "the sound is played");

  const heard = async (expected: readonly string[]): Promise<void> => {
    await until(async () => expected.every((one) => told.includes(one)), `there is ${expected.join(" and ")}`);
    const other = told.filter((one) => !expected.includes(one));
    if (other.length > 0) throw new Error(`there was also ${other.join(" and ")}`);
    told.length = 0;
  };
  const asks = (page: Page) => page.getByRole("navigation").getByText("Notifications are paused");
  told.length = 0;
  const other = await context.newPage();
  await other.goto(`${origin}/browse`);
  await other.locator("#room-name").click(); // a page that was touched may be heard
  await page.bringToFront();
  await postAs(asAnn, general, "@bob, aloud");
  for (const one of [page, other]) await until(async () => (await one.title()).startsWith("("), "both tabs hear of it");
  await until(async () => told.filter((one) => one === "sound").length >= NOTES, "there is a sound");
  await other.waitForTimeout(250); // in which the other tab would
  if (told.filter((one) => one === "sound").length !== NOTES) throw new Error("both tabs play it");
  await heard([general, "sound"]);
  await other.close();
  await fromMenu(page, "Pause notifications");
  await page.getByRole("dialog").getByRole("button", { name: "Pause for 1 hour" }).click();
  await asks(page).waitFor({ state: "attached" });
  const before = await page.title();
  await postAs(asAnn, general, "@bob, in silence");
  await until(async () => (await page.title()) !== before, "the tab counts it all the same");
  await asBob.call("PATCH", "/me", { settings: { paused_until: null } });
  await asks(page).waitFor({ state: "detached" });
  await heard([]);
  await asBob.call("PUT", `/rooms/${general}/members/me`, { level: "muted" });
  await page.getByRole("link", { name: "general" }).and(page.locator("[data-level=muted]")).waitFor();
  await postAs(asAnn, general, "@bob, of a muted room");
  await postAs(asAnn, dm, "and this is not one");
  await heard([dm, "sound"]);
  await asBob.call("PUT", `/rooms/${general}/members/me`, { level: "mentions" });
  await asBob.call("PATCH", "/me", { settings: { sound: null } });
  await goTo(page, "general");
}

/** Runs in the page: each note that is made is told. */
function noteSounds(): void {
  const Tone = window.OscillatorNode;
  Reflect.set(
    window,
    "OscillatorNode",
    class extends Tone {
      constructor(context: BaseAudioContext, options?: OscillatorOptions) {
        super(context, options);
        Reflect.get(window, "walkSound")();
      }
    },
  );
}
