/** The pictures of README.md and docs/tour.md, and how the page comes to look like that. */
import type { Page } from "playwright-core";
import type { Stage } from "./stage.ts";
import { MEMBER, READER } from "./today.ts";

export type Portrait = {
  /** Of the file in docs/tour/, which is a WebP. */
  readonly name: string;
  readonly size: "wide" | "phone";
  readonly colorScheme: "light" | "dark";
  /** English, unless it is said. */
  readonly locale?: string;
  /** Who is signed in. */
  readonly as: string | null;
  readonly pose: (page: Page, stage: Stage) => Promise<void>;
};

const LINE = 152_919; // somebody is about to mess things up quite a bit, and is told how not to
const [EXAMPLE, QUESTION] = [5, 8]; // of #kernel: a program, and what has a thread

const wide = { size: "wide", colorScheme: "light", as: READER } as const;
const dark = { ...wide, colorScheme: "dark" } as const;
const phone = { size: "phone", colorScheme: "light", as: READER } as const;

export const portraits: readonly Portrait[] = [
  {
    ...wide,
    name: "join",
    as: null,
    pose: (page, { origin, code }) => page.goto(`${origin}/join#${code}`).then(() => page.getByLabel("Username").waitFor()),
  },
  { ...wide, name: "unread", pose: (page, stage) => inRoom(page, stage, "servers") },
  { ...wide, name: "history", pose: (page, stage) => at(page, stage, "ubuntu", LINE) },
  {
    ...wide,
    name: "jump",
    async pose(page, stage) {
      await at(page, stage, "ubuntu", LINE);
      await page.locator(`#messages article[data-seq="${LINE}"], [data-seq="${LINE}"] article`).first().focus();
      await page.keyboard.press("j");
      await page.getByRole("dialog", { name: "Go to a day" }).waitFor();
    },
  },
  { ...wide, name: "thread", pose: inThread },
  {
    ...wide,
    name: "reactions",
    async pose(page, stage) {
      await inRoom(page, stage, "lounge");
      const row = page.locator("#messages .message", { hasText: "congratulations!" });
      await row.getByRole("button", { name: "Add a reaction" }).last().click();
      await page.locator(".emoji-picker__cell").nth(60).waitFor();
      await page.keyboard.type("heart");
    },
  },
  {
    ...wide,
    name: "files",
    async pose(page, stage) {
      await inRoom(page, stage, "lounge");
      await page.keyboard.press("Control+End");
      await page.locator(".files img[src]").nth(1).waitFor();
    },
  },
  {
    ...wide,
    name: "code",
    async pose(page, stage) {
      await at(page, stage, "kernel", EXAMPLE);
      await page.locator(".painted").first().waitFor();
      await page.locator("#messages").evaluate((list) => list.scrollBy({ top: 20 })); // or the New line is cut in two
    },
  },
  {
    ...wide,
    name: "writing",
    async pose(page, stage) {
      await inRoom(page, stage, "kernel");
      await page.locator("#composer").pressSequentially("`pbuilder` it is. Thank you @sn", { delay: 5 });
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    ...dark,
    name: "commands",
    async pose(page, stage) {
      await inRoom(page, stage, "hardware");
      await page.locator("#composer").pressSequentially("/");
      await page.getByRole("option").nth(6).waitFor();
    },
  },
  {
    ...dark,
    name: "details",
    async pose(page, stage) {
      await at(page, stage, "ubuntu", LINE);
      await page.getByRole("button", { name: /Details/u }).click();
      await page.locator(".details__person").nth(6).waitFor();
    },
  },
  {
    ...wide,
    name: "switcher",
    async pose(page, stage) {
      await inRoom(page, stage, "servers");
      await page.keyboard.press("Control+k");
      await page.keyboard.type("mer");
      await page.getByRole("option").first().waitFor();
    },
  },
  { ...wide, name: "chinese", locale: "zh-CN", pose: (page, stage) => inRoom(page, stage, "hardware", ".message__text") },
  { ...wide, name: "announcements", as: MEMBER, pose: (page, stage) => inRoom(page, stage, "announcements", ".reaction") },
  { ...phone, name: "phone-rooms", pose: (page, { origin }) => page.goto(`${origin}/rooms`).then(() => page.locator("[data-row]").nth(4).waitFor()) },
  { ...phone, name: "phone-room", pose: (page, stage) => inRoom(page, stage, "announcements", ".reaction") },
  { ...phone, colorScheme: "dark", name: "phone-thread", pose: inThread },
  {
    ...wide,
    name: "api",
    as: null,
    pose: (page, { origin }) => page.goto(`${origin}/openapi`).then(() => page.getByRole("heading").nth(3).waitFor()),
  },
  { ...wide, name: "members", pose: desk("members") },
  { ...wide, name: "settings", pose: desk("settings", ".desk__part") },
  { ...dark, name: "keys-of-applications", pose: desk("keys") },
  {
    ...wide,
    name: "webhook",
    async pose(page, stage) {
      await desk(`webhooks/${stage.webhook_id}`)(page, stage);
      await page.locator("details > summary").nth(1).click();
    },
  },
];

async function inRoom(page: Page, { origin, room }: Stage, name: string, sign = ".message"): Promise<void> {
  await page.goto(`${origin}/r/${room(name)}`);
  await page.locator(sign).first().waitFor();
}

/** By a message's address; the mark of it has gone. */
async function at(page: Page, { origin, room }: Stage, name: string, seq: number): Promise<void> {
  await page.goto(`${origin}/r/${room(name)}/${seq}`);
  await page.locator(`.message[data-seq="${seq}"][data-marked="false"]`).waitFor();
}

async function inThread(page: Page, stage: Stage): Promise<void> {
  await at(page, stage, "kernel", QUESTION);
  await page
    .locator("#messages")
    .getByRole("button", { name: /replies/u })
    .first()
    .click();
  await page.locator("#thread .message", { hasText: "super helpful" }).waitFor();
}

function desk(path: string, sign = ".desk__row"): Portrait["pose"] {
  return async (page, { origin }) => {
    await page.goto(`${origin}/workspace/${path}`);
    await page.locator(sign).first().waitFor();
  };
}
