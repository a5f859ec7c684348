/** The screens of API keys, webhooks, what could not be delivered, and the panel of notifications. */
import type { Page } from "playwright-core";
import type { ApiKey } from "../../server/protocol/api-keys.ts";
import type { MadeWebhook } from "../../server/protocol/webhooks.ts";
import { askerOf, postAs } from "./rest.ts";
import type { Scene } from "./scene.ts";
import type { Screen } from "./screen.ts";

/** What is called something here by who runs the workspace, and is in nobody's catalogue. */
export const CALLED_ON_DESK = [
  ...["Old shop", "Backup script of the harbour master's office, second floor", "Directory sync", "Shop", "The shop's order desk"],
  ...["http://127.0.0.1:9/hooks/snug?source=harbour", "https://shop.example.org/snug", "build.finished", "Build 812 is done"],
  "All 2,214 tests passed in six minutes.",
];

type Desk = { webhook_id: string };
const desks = new WeakMap<Scene, Promise<Desk>>();

/** What there is to show: keys of each kind and age, an address that nothing reaches, and what was given up because of it. */
async function deskOf(scene: Scene): Promise<Desk> {
  const { call } = await askerOf(scene.origin, "ann");
  const keys: object[] = [
    { name: "Old shop", scope: "server" },
    { name: "Backup script of the harbour master's office, second floor", scope: "read", expires_in_seconds: 30 * 86_400 },
    { name: "Directory sync", scope: "admin", impersonate: true },
    { name: "Shop", scope: "server" },
  ];
  const [old] = await Promise.all(keys.map((key) => call("POST", "/admin/api-keys", key) as Promise<ApiKey>));
  await call("DELETE", `/admin/api-keys/${old?.id ?? ""}`);
  await call("PATCH", "/admin/config", { webhook_attempts: 2, webhook_first_retry_ms: 100, webhook_longest_retry_ms: 1_000 });
  const add = (body: object) => call("POST", "/webhooks", body) as Promise<MadeWebhook>;
  const lost = await add({
    url: "http://127.0.0.1:9/hooks/snug?source=harbour",
    events: ["message.created", "member.joined"],
    include_private: true,
  });
  const off = await add({ url: "https://shop.example.org/snug", events: ["room.created"], description: "The shop's order desk" });
  await call("PATCH", `/webhooks/${off.id}`, { disabled: true });
  for (const text of ["Who has the keys to the boat house?", "Found them."]) await postAs({ id: "", call }, scene.general, text);
  await call("POST", "/notifications", {
    topic: "build.finished",
    payload: { title: "Build 812 is done", body: "All 2,214 tests passed in six minutes." },
    targets: { topic_subscribers: true, user_ids: [((await call("GET", "/me")) as { id: string }).id] },
  });
  return { webhook_id: lost.id };
}

const at =
  (path: string | ((desk: Desk) => string), then: (page: Page) => Promise<unknown>) =>
  async (page: Page, scene: Scene): Promise<void> => {
    const desk = desks.get(scene) ?? deskOf(scene);
    desks.set(scene, desk);
    const place = typeof path === "string" ? path : path(await desk);
    await desk;
    await page.goto(scene.origin + place);
    await page.locator(".desk__row, .bell").first().waitFor();
    await then(page);
  };
const press = (page: Page, name: string) => page.getByRole("button", { name }).first().click();

export const screensOfKeys: readonly Screen[] = [
  { name: "workspace-keys", to: "ann", open: at("/workspace/keys", (page) => page.getByLabel("Which keys").selectOption("all")) },
  { name: "workspace-key-new", to: "ann", open: at("/workspace/keys", (page) => press(page, "Make a key")) },
  { name: "workspace-key-rotate", to: "ann", open: at("/workspace/keys", (page) => press(page, "Rotate")) },
  { name: "workspace-key-revoke", to: "ann", open: at("/workspace/keys", (page) => press(page, "Revoke")) },
  {
    name: "workspace-key-shown",
    to: "ann",
    open: at("/workspace/keys", async (page) => {
      await press(page, "Rotate");
      await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
      await page.locator("#secret-command").waitFor();
    }),
  },
  {
    name: "workspace-webhooks",
    to: "ann",
    open: at("/workspace/webhooks", async (page) => {
      await press(page, "Test http");
      await page.getByText("The test failed").waitFor();
    }),
  },
  { name: "workspace-webhook-menu", to: "ann", open: at("/workspace/webhooks", (page) => press(page, "More for")) },
  {
    name: "workspace-webhook-new",
    to: "ann",
    open: at("/workspace/webhooks", async (page) => {
      await press(page, "Add a webhook");
      await page.getByLabel("Address").fill("shop");
      await page.getByRole("dialog").getByRole("button", { name: "Add a webhook" }).click();
      await page.locator("dialog[open] [role=alert]:not(:empty)").waitFor();
    }),
  },
  {
    name: "workspace-webhook-secret",
    to: "ann",
    open: at("/workspace/webhooks", async (page) => {
      await press(page, "More for");
      await page.getByRole("menuitem", { name: "New secret" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "New secret" }).click();
      await page.locator("#secret-webhook").waitFor();
    }),
  },
  {
    name: "workspace-log",
    to: "ann",
    open: at(
      ({ webhook_id }) => `/workspace/webhooks/${webhook_id}`,
      (page) => page.locator("details > summary").first().click(),
    ),
  },
  {
    name: "workspace-undelivered",
    to: "ann",
    open: at("/workspace/undelivered", async (page) => {
      await press(page, "Try again:");
      await page.locator(".outcome[data-kind]").first().waitFor();
    }),
  },
  {
    name: "notifications",
    to: "ann",
    open: at("/rooms", async (page) => {
      await page.locator(".bell").click(); // not by its name: from 22:00 on the sign of quiet hours is called nearly so
      await page.getByText("Build 812 is done").waitFor();
    }),
  },
];
