/** Steps of the walk about the language that the page speaks, and about how close its rows stand. */
import type { Page } from "playwright-core";
import { withoutViolations } from "./axe.ts";
import { aside, composer, enter, fromMenu, goTo, inRoom, type Person } from "./person.ts";
import { askerOf, postAs } from "./rest.ts";
import { firstRow, frames, scrollTo, unmoved } from "./rows.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";
import { englishWords, writtenBy } from "./translated.ts";

const DRAFT = "写到一半, half a thought";
const TARGET_PX = 24;
const LINE_PX = 28; // less than a line and a half
/** Enough that a room of them scrolls when each takes one line. */
const ROWS = 40;

export const speechSteps: readonly Step[] = [
  {
    sentence: "who prefers Chinese finds the door in it, without a word of English",
    walk: ({ browser, server }) =>
      aside(
        browser,
        "somebody who reads Chinese",
        `http://127.0.0.1:${server.port}`,
        async ({ page }) => {
          await page.goto(`http://127.0.0.1:${server.port}/sign-in`);
          await page.getByRole("button", { name: "登录" }).waitFor();
          await isChinese(page, ["Harbour"]);
        },
        { locale: "zh-CN" },
      ),
  },
  {
    sentence:
      "ann chooses Chinese: the page goes over where it stands, nothing of it stays English, her draft is there, and so it stays until she chooses again",
    walk: ({ browser, server }) =>
      aside(browser, "ann, in Chinese", `http://127.0.0.1:${server.port}`, (ann) => chooseChinese(ann, `http://127.0.0.1:${server.port}`)),
  },
  {
    sentence:
      "compact rows are one line each and move what is read by no more than a pixel; axe finds nothing, and nothing to press is below 24 pixels",
    walk: ({ browser, server }) =>
      aside(browser, "ann, compact", `http://127.0.0.1:${server.port}`, (ann) => standCloser(ann, `http://127.0.0.1:${server.port}`)),
  },
];

async function chooseChinese({ page }: Person, origin: string): Promise<void> {
  await page.goto(`${origin}/sign-in`);
  await enter(page, "ann", "Sign in");
  await inRoom(page);
  await composer(page).fill(DRAFT);
  await fromMenu(page, "Settings");
  await page.getByLabel("Language").selectOption("zh");
  const language = page.getByLabel("语言");
  await until(() => language.evaluate((one) => one === document.activeElement), "the focus is where she chose");
  const written = ["Harbour", ...(await writtenBy((await askerOf(origin, "ann")).call))];
  await page.getByRole("heading", { name: "你的数据" }).waitFor(); // the last part of the page, which comes late
  await isChinese(page, written);
  await page.keyboard.press("Control+k");
  await page.getByRole("option", { name: "浏览频道" }).waitFor();
  await isChinese(page, written);
  await page.keyboard.press("Escape");
  await page.reload();
  await language.waitFor();
  await goTo(page, "general");
  const field = page.getByRole("textbox", { name: "发消息到 #general" });
  await until(async () => (await field.inputValue()) === DRAFT, "her draft is there");
  await page.locator("#messages").waitFor();
  await isChinese(page, written);
  await field.fill("");
  await page.getByRole("button", { name: /^Harbour/u }).click();
  await page.getByRole("menuitem", { name: "设置", exact: true }).click();
  await language.selectOption("");
  await page.getByLabel("Language").waitFor();
  if ((await page.locator("html").getAttribute("lang")) !== "en") throw new Error("the browser's own language is not back");
}

async function isChinese(page: Page, written: readonly string[]): Promise<void> {
  const lang = await page.locator("html").getAttribute("lang");
  const left = await englishWords(page, written);
  if (lang !== "zh-Hans" || left.length > 0) throw new Error(`it is said to be ${lang}, and English is ${left.join(" | ")}`);
}

async function standCloser({ page }: Person, origin: string): Promise<void> {
  const ann = await askerOf(origin, "ann");
  const { id } = (await ann.call("POST", "/rooms", { type: "channel", name: "close", visibility: "private", user_ids: [] })) as { id: string };
  for (let at = 0; at < ROWS; at += 1) await postAs(ann, id, at % 5 === 0 ? `first line ${at}\nsecond line` : `line ${at}`);
  await page.goto(`${origin}/sign-in`);
  await enter(page, "ann", "Sign in");
  await goTo(page, "close");
  await page.locator(".message[data-seq]").last().waitFor();
  await until(async () => (await page.locator(".message[data-seq]").count()) === ROWS, "all rows are there");
  const heightOf = (seq: number): Promise<number> =>
    page.locator(`.message[data-seq="${seq}"]`).evaluate((row) => row.getBoundingClientRect().height);
  await scrollTo(page, 300);
  await frames(page);
  const before = await firstRow(page);
  const tall = await heightOf(1);
  await fromMenu(page, "Settings");
  await page.getByRole("radio", { name: /^Compact/u }).check();
  await page.goBack();
  await page.locator(`.message[data-seq="${before.seq}"]`).waitFor();
  await until(async () => (await heightOf(1)) < tall, "the rows stand closer");
  await frames(page);
  await unmoved(page, before);
  const line = await heightOf(2);
  if (!(line <= LINE_PX) || (await page.locator(".message__face:visible").count()) > 0)
    throw new Error(`a row of one line is ${line} px high, or has a face`);
  await withoutViolations(page, "compact");
  const small = await page.evaluate((least) => {
    const all = [...document.querySelectorAll("button, a[href], input, select")].filter(
      (one) => one.checkVisibility({ opacityProperty: true }) && one.closest(".hidden, .skip, .text") === null,
    );
    return all.flatMap((one) => {
      const { width, height } = one.getBoundingClientRect();
      return width < least || height < least ? [`${one.className}: ${Math.round(width)} by ${Math.round(height)}`] : [];
    });
  }, TARGET_PX);
  if (small.length > 0) throw new Error(small.join("; "));
  await page.evaluate(() => localStorage.removeItem("snug-density"));
  await ann.call("DELETE", `/rooms/${id}`).catch(() => undefined);
}
