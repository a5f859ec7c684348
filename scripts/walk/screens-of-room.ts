/** The states of a room that is open: what is being written, what a message offers, what has gone wrong. A part of screens.ts. */
import type { Page } from "playwright-core";
import { inRoom, type Screen } from "./screen.ts";

const field = (page: Page) => page.locator("#composer");

export const screensOfRoom: readonly Screen[] = [
  {
    name: "suggestions",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await field(page).fill("");
      await field(page).pressSequentially("Ask @");
      await page.getByRole("option").nth(2).waitFor();
    },
  },
  {
    name: "emoji",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await field(page).fill("");
      await field(page).pressSequentially("Well done :par");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "room-compact",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".message[data-seq]").last().waitFor();
      await page.evaluate(() => document.documentElement.setAttribute("data-density", "compact")); // of this visit alone
    },
  },
  {
    name: "too-long",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await field(page).fill("word ".repeat(803));
      await page.getByText("too long").waitFor();
    },
  },
  {
    name: "replying",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".message[data-seq]").first().waitFor(); // what is replied to is there
      await field(page).fill("");
      await page.keyboard.press("Shift+ArrowUp");
      await page.locator(".replying").waitFor();
    },
  },
  {
    name: "editing",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene, scene.dm)();
      await page.getByText("Do you have a minute?").first().waitFor(); // what is edited is there
      await field(page).fill("");
      await page.keyboard.press("ArrowUp");
      await page.locator(".edit-form").waitFor();
    },
  },
  {
    name: "files",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene, scene.design)();
      await page.locator(".files img[src]").nth(1).waitFor();
    },
  },
  {
    name: "files-waiting",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene, scene.design)();
      await page.route("**/files", (route) => route.abort("connectionfailed"));
      const note = { mimeType: "text/plain", buffer: Buffer.from("grey") };
      await page
        .locator(".room [type=file]")
        .first()
        .setInputFiles([{ name: "sketch of the other lighthouse.txt", ...note }]);
      await page.locator('.tray__item[data-state="failed"]').waitFor();
    },
  },
  {
    name: "picture",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene, scene.design)();
      await page.locator("button.files__box").first().click();
      await page.locator(".viewer img[src]").waitFor();
    },
  },
  {
    name: "message-menu",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(".messages__list article", { hasText: "Two things I noticed" }).focus();
      await page.keyboard.press("Shift+F10");
      await page.locator(".row-menu[open]").waitFor();
    },
  },
  {
    name: "room-menu",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator(`.sidebar__room[href="/r/${scene.empty}"]`).click({ button: "right" });
      await page.locator(".row-menu[open]").waitFor();
    },
  },
  {
    name: "commands",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await field(page).fill("");
      await field(page).pressSequentially("/");
      await page.getByRole("option").nth(6).waitFor();
    },
  },
  {
    name: "jump",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.locator("#messages article").last().focus();
      await page.keyboard.press("j");
      await page.getByRole("dialog", { name: "Go to a day" }).waitFor();
    },
  },
  {
    name: "thread",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page
        .locator("#messages")
        .getByRole("button", { name: /1 reply/u })
        .first()
        .click();
      await page
        .locator("#thread .message", { hasText: "Here they are" })
        .or(page.locator("#thread .message", { hasText: "I did, twice" }))
        .waitFor();
    },
  },
  {
    name: "details-nobody",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene)();
      await page.getByRole("button", { name: /Details/u }).click();
      await page.getByRole("searchbox", { name: "Find people" }).fill("zzzz");
      await page.getByText("Nobody of that name.").waitFor();
    },
  },
  {
    name: "outsider",
    to: "ann",
    async open(page, scene) {
      await inRoom(page, scene, scene.empty)();
      await field(page).fill("@bob would know");
      await page.keyboard.press("Enter");
      await page.locator(".outsiders").waitFor();
    },
  },
  { name: "refused", to: "ann", open: (page, scene) => writing(page, inRoom(page, scene, scene.empty), "refused") },
  { name: "sending", to: "ann", open: (page, scene) => writing(page, inRoom(page, scene, scene.empty), "sending") },
  {
    name: "slowed",
    to: "ann",
    async open(page, scene) {
      const error = { code: "rate_limited", message: "", retry: true, retry_after_ms: 600_000, request_id: "r" };
      await page.route("**/rooms?scope=public*", (route) =>
        route.fulfill({ status: 429, contentType: "application/json", body: JSON.stringify({ error }) }),
      );
      await page.goto(`${scene.origin}/browse`);
      await page.getByText("Try again in 5").waitFor();
      await page.unrouteAll();
    },
  },
  {
    name: "new-version",
    to: "ann",
    async open(page, scene) {
      let restart = (): void => {};
      await page.routeWebSocket("**/ws", (socket) => {
        socket.connectToServer();
        restart = () => void socket.close({ code: 1012 });
      });
      await inRoom(page, scene)();
      await page.route("**/version", (route) => route.fulfill({ body: "another one" }));
      restart();
      await page.locator(".status__line[data-state=new]").waitFor({ timeout: 30_000 });
      await page.unrouteAll();
    },
  },
];

/** The server's word on what is written here: no, or none at all. The line goes through this page, so it must be laid before the page is loaded. */
async function writing(page: Page, enter: () => Promise<void>, state: "refused" | "sending"): Promise<void> {
  await page.routeWebSocket("**/ws", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const frame: { type?: string; id?: string } = JSON.parse(String(text));
      if (frame.type !== "message") server.send(text);
      else if (state === "refused") socket.send(JSON.stringify({ type: "error", id: frame.id, code: "invalid", message: "", retry: false }));
    });
  });
  await enter();
  await field(page).fill("This will not go anywhere.");
  await page.keyboard.press("Enter");
  await page.locator(`[data-state="${state}"]`).first().waitFor();
}
