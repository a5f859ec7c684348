/** docs/examples/embed.html as it stands, at an address of another application, and somebody else in the room. */
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import type { Client, Given } from "../../client/sdk/sentence-stage.cast.ts";
import { openBrowser } from "../walk/browser.ts";

const root = resolve(import.meta.dir, "../..");
const PATIENCE_MS = 10_000;

/** Why it does not hold; null if it does. The application's server has a token minted for its customer, whom Snug has not known before. */
export async function faultOfExample({ url, ann, key }: Given, port: number): Promise<string | null> {
  const client: Client = await import(join(root, "dist/sdk/snug.js"));
  const anns = client.connect({ url, token: ann.token });
  await mint(url, key);
  const room = await anns.api.createRoom({ type: "group", user_ids: [CUSTOMER.user_id] });
  await anns.post(room.id, "Where is my <b>order</b>?");
  const html = (await Bun.file(join(root, "docs/examples/embed.html")).text())
    .replace("https://chat.example", url)
    .replace("the-id-of-a-room", room.id);
  const application = Bun.serve({
    port,
    hostname: "127.0.0.1",
    routes: {
      "/": new Response(html, { headers: { "content-type": "text/html" } }),
      "/snug.js": new Response(Bun.file(join(root, "dist/sdk/snug.js"))),
      "/chat-token": { POST: async () => new Response(await mint(url, key)) },
    },
    fetch: () => new Response(null, { status: 404 }),
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (fault) => complaints.push(fault.message));
    await page.goto(`http://127.0.0.1:${port}/`);
    await shows(page, ["ann-embed: Where is my <b>order</b>?"]);
    const heard = new Promise<string>((resolve) =>
      anns.on("message", ({ message }) => message.sender_id === CUSTOMER.user_id && resolve(message.content)),
    );
    await page.getByLabel("Message").fill("On its way");
    await page.getByRole("button", { name: "Send" }).click();
    if ((await heard) !== "On its way") return "ann heard something else";
    const thanks = await anns.post(room.id, "Thanks");
    await anns.api.edit(room.id, thanks?.id ?? "", "Thank you");
    await shows(page, ["ann-embed: Where is my <b>order</b>?", "Customer 1042: On its way", "ann-embed: Thank you"]);
    return complaints[0] ?? null;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  } finally {
    anns.close();
    await browser.close();
    await application.stop(true);
  }
}

const CUSTOMER = { user_id: "customer-1042", display_name: "Customer 1042", ttl_seconds: 600 };

async function mint(url: string, key: string): Promise<string> {
  const headers = { "content-type": "application/json", "x-api-key": key };
  const answer = await fetch(`${url}/api/v1/auth/tokens`, { method: "POST", headers, body: JSON.stringify(CUSTOMER) });
  if (!answer.ok) throw new Error(`A token is not minted: ${await answer.text()}`);
  const { access_token } = (await answer.json()) as { access_token: string }; // protocol/api-keys.ts
  return access_token;
}

async function shows(page: Page, rows: readonly string[]): Promise<void> {
  const wanted = JSON.stringify(rows);
  const text = `JSON.stringify([...document.querySelectorAll("li")].map((row) => row.textContent)) === ${JSON.stringify(wanted)}`;
  await page.waitForFunction(text, undefined, { timeout: PATIENCE_MS });
}
