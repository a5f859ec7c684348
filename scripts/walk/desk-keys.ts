/** Ann runs the workspace: a key for a program of hers, a webhook whose endpoint fails, and what an application tells her. */
import type { Page } from "playwright-core";
import { fromMenu, goTo } from "./person.ts";
import { askerOf, postAs, roomNamed } from "./rest.ts";
import { until } from "./server.ts";
import type { Step } from "./steps.ts";

const STOPS_WITHIN_MS = 2_000;
const USUAL = { webhook_attempts: null, webhook_first_retry_ms: null, webhook_longest_retry_ms: null };

export const deskKeySteps: readonly Step[] = [
  {
    sentence:
      "41. ann makes an API key by keyboard: it is readable once, works from the pasted command in a shell, and stops within two seconds of its revocation",
    async walk({ ann: { page } }) {
      await manage(page, "API keys");
      await page.getByRole("button", { name: "Make a key" }).press("Enter");
      await page.keyboard.type("harbour shop");
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("alertdialog", { name: "harbour shop: your new key" });
      await dialog.waitFor();
      for (let i = 0; i < 3; i += 1) await page.keyboard.press("Escape"); // some browsers close a dialog at the second whatever a page says
      const key = await dialog.getByLabel("Key", { exact: true }).inputValue();
      const command = await dialog.getByLabel("Command", { exact: true }).inputValue();
      const first = await shell(command);
      if (!first.includes(`"id":"customer-42"`)) throw new Error(`the command answered ${first}`);
      await dialog.getByRole("button", { name: "I have stored it" }).press("Enter");
      await dialog.waitFor({ state: "detached" });
      await page.reload();
      await page.getByText("harbour shop").waitFor();
      if ((await page.content()).includes(key.slice(14))) throw new Error("the key can be read a second time");

      await page.getByRole("button", { name: "Revoke harbour shop" }).press("Enter");
      await page.getByRole("alertdialog").getByText("within two seconds").waitFor();
      if (!(await shell(command)).includes("customer-42")) throw new Error("it stopped before it was revoked");
      const revoked = page.waitForResponse((answer) => answer.request().method() === "DELETE");
      await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).press("Enter");
      await revoked;
      await until(async () => (await shell(command)).includes(`"code":"unauthorized"`), "the key has stopped", STOPS_WITHIN_MS);
      await page.getByText("No key yet").waitFor();
    },
  },
  {
    sentence:
      '42. an endpoint that fails fills its log, what it refused is undelivered, and once it is mended "Try again" delivers it under the same webhook-id',
    async walk({ server, ann: { page } }) {
      const asAnn = await askerOf(`http://127.0.0.1:${server.port}`, "ann");
      const asked: { id: string | null; attempt: string | null; answered: number }[] = [];
      let status = 503;
      const endpoint = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch({ headers }) {
          asked.push({ id: headers.get("webhook-id"), attempt: headers.get("snug-attempt"), answered: status });
          return new Response(null, { status });
        },
      });
      try {
        await asAnn.call("PATCH", "/admin/config", { webhook_attempts: 2, webhook_first_retry_ms: 100, webhook_longest_retry_ms: 1_000 });
        await manage(page, "Webhooks");
        await page.getByRole("button", { name: "Add a webhook" }).click();
        await page.getByLabel("Address").fill(`http://127.0.0.1:${endpoint.port}/snug`);
        await page.getByRole("dialog").getByRole("button", { name: "Add a webhook" }).click();
        await page.getByRole("alertdialog").getByRole("button", { name: "I have stored it" }).click();
        await page.getByRole("link", { name: /^Log of/u }).click();
        await page.getByText("Nothing has been owed to it yet").waitFor();

        await postAs(asAnn, (await roomNamed(asAnn, "general")).id, "the lighthouse has a new lamp");
        const logged = page.getByRole("list", { name: "Deliveries" }).getByRole("listitem").filter({ hasText: "New message" });
        await logged.filter({ hasText: "Undelivered" }).filter({ hasText: "2 attempts" }).filter({ hasText: "(503)" }).waitFor();

        await manage(page, "Undelivered");
        const row = page.getByRole("list", { name: "Undelivered" }).locator(".desk__row", { hasText: "New message" });
        await row.getByText(`to 127.0.0.1:${endpoint.port}`).waitFor();
        status = 204;
        await row.getByRole("button", { name: /^Try again/u }).click();
        await row.getByText("Delivered.").waitFor();
        const ids = new Set(asked.map(({ id }) => id));
        const told = asked.map(({ attempt, answered }) => `${attempt}: ${answered}`).join(", ");
        if (ids.size !== 1 || told !== "1: 503, 2: 503, 3: 204") throw new Error(`${ids.size} ids; ${told}`);

        await manage(page, "Webhooks");
        await page.getByRole("button", { name: /^More for/u }).click();
        await page.getByRole("menuitem", { name: "Delete" }).click();
        await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
        await page.getByText("No webhook yet").waitFor();
      } finally {
        await asAnn.call("PATCH", "/admin/config", USUAL);
        await endpoint.stop(true);
      }
    },
  },
  {
    sentence: "what an application tells ann is counted by a bell in both of her tabs, and opening it in one acknowledges it in both",
    async walk({ server, ann: { page, context } }) {
      const origin = `http://127.0.0.1:${server.port}`;
      await goTo(page, "general");
      const other = await context.newPage();
      await other.goto(origin);
      await other.getByRole("button", { name: "Notifications", exact: true }).waitFor();
      const asAnn = await askerOf(origin, "ann");
      const payload = { title: "The lamp is burning", body: "Since nine o'clock." };
      await asAnn.call("POST", "/notifications", { topic: "lamp.lit", payload, targets: { user_ids: [asAnn.id] } });
      for (const tab of [page, other]) await tab.getByRole("button", { name: "Notifications: 1 new" }).waitFor();
      await page.getByRole("button", { name: "Notifications: 1 new" }).press("Enter");
      const panel = page.getByRole("dialog", { name: "Notifications" });
      await panel.getByText("The lamp is burning").waitFor();
      await panel.getByText("Since nine o'clock.").waitFor();
      await other.getByRole("button", { name: "Notifications", exact: true }).waitFor();
      await page.keyboard.press("Escape");
      await other.close();
    },
  },
];

/** Goes to a screen of the workspace by its menu. */
async function manage(page: Page, screen: string): Promise<void> {
  await fromMenu(page, "Manage workspace");
  await page.getByRole("navigation", { name: "Manage workspace" }).getByRole("link", { name: screen }).click();
  await page.getByRole("heading", { name: screen }).waitFor();
}

/** What a shell prints when this is pasted into it. */
async function shell(command: string): Promise<string> {
  const { stdout, stderr, exited } = Bun.spawn(["sh", "-c", command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [said, complained, code] = await Promise.all([new Response(stdout).text(), new Response(stderr).text(), exited]);
  if (code !== 0) throw new Error(`the shell ended with ${code}: ${complained}`);
  return said;
}
