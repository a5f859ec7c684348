/** The step of the walk about the page's shell: it is there without its server, and never in the way of a new build. */
import type { Page } from "playwright-core";
import { composer, goTo, inRoom, signIn, sit } from "./person.ts";
import { freePort, until } from "./server.ts";
import type { Stage, Step } from "./steps.ts";

const HEADING = "The server cannot be reached";

export const installedSteps: readonly Step[] = [
  {
    sentence: "the page's shell is there while its server is not; a new build is loaded by the next reload, and never by itself",
    async walk({ browser, server }) {
      const front = frontOf(server.port);
      const { page, context } = await sit(browser, "dora", () => front.origin, { serviceWorkers: "allow" });
      try {
        front.open("one");
        await page.goto(`${front.origin}/sign-in`);
        await page.getByLabel("Username").waitFor();
        await until(
          () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated"),
          "a worker keeps the shell",
        );
        const manifest = await page.evaluate(async () => (await fetch("/manifest.webmanifest")).json());
        for (const { src } of manifest.icons) if (!(await fetch(`${front.origin}${src}`)).ok) throw new Error(`${src} is not there`);

        front.close();
        await page.reload();
        await page.getByRole("heading", { name: HEADING }).waitFor();
        if ((await buildOf(page)) !== "one") throw new Error("the shell is not the one that was kept");

        front.open("two");
        await page.reload();
        await page.getByLabel("Username").waitFor();
        await page.evaluate(() => Reflect.set(window, "walkStayed", true));
        if ((await buildOf(page)) !== "two") throw new Error("the new build was not loaded");
        const kept = await page.evaluate(async () => {
          const held = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
          return held.flat().map(({ url }) => new URL(url).pathname);
        });
        const strange = kept.filter((path) => !/^\/((assets|icons)\/.*)?$/u.test(path));
        if (kept.length === 0 || strange.length > 0) throw new Error(`kept beside the page: ${strange.join(", ")}`);
        await until(() => page.evaluate(async () => caches.keys().then((names) => names.length === 2)), "the new build is kept, beside the former");
        const isSettled = async (): Promise<boolean> => {
          const { installing, waiting, active } = (await navigator.serviceWorker.getRegistration()) ?? {};
          return !installing && !waiting && active?.state === "activated";
        };
        await until(() => page.evaluate(isSettled), "its worker has taken over");
        if (!(await page.evaluate(() => Reflect.get(window, "walkStayed") === true))) throw new Error("the page was reloaded by itself");

        front.close();
        await page.reload();
        await page.getByRole("heading", { name: HEADING }).waitFor();
        if ((await buildOf(page)) !== "two") throw new Error("without its server it is the former build again");
      } finally {
        front.close();
        await context.close();
      }
    },
  },
  {
    sentence: "a page that is reloaded without its server says so; once it is back, cy is in the same room with the same draft",
    async walk({ browser, server }) {
      const origin = `http://127.0.0.1:${server.port}`;
      const person = await sit(browser, "cy's other browser", () => origin, { serviceWorkers: "allow" });
      const { page, context } = person;
      try {
        await signIn(person, `${origin}/sign-in`, "cy");
        await goTo(page, "general");
        await until(
          () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated"),
          "a worker keeps the shell",
        );
        await composer(page).fill("half a thought");
        await until(
          () => page.evaluate(() => Object.keys(localStorage).some((key) => key.startsWith("snug-draft"))),
          "the draft is kept in this browser",
        );
        await context.setOffline(true);
        await page.reload();
        await page.getByRole("heading", { name: HEADING }).waitFor();
        await page.getByText("Nothing that you wrote is lost").waitFor();
        await context.setOffline(false);
        await inRoom(page);
        await page.getByRole("heading", { name: "general" }).waitFor();
        await until(async () => (await composer(page).inputValue()) === "half a thought", "the draft is in the field again");
        await composer(page).fill("");
      } finally {
        await context.close();
      }
    },
  },
];

const buildOf = (page: Page): Promise<string | null> => page.locator("meta[name=walk]").getAttribute("content");

/** An address before the server's own, at which there is one build or another, or nothing. Each build says its name in its page, and so its worker is another one. */
function frontOf(port: Stage["server"]["port"]) {
  const own = freePort();
  let server: { stop(force: boolean): unknown } | null = null;
  const answer = async (request: Request, build: string): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers({ accept: request.headers.get("accept") ?? "*/*" });
    const given = await fetch(`http://127.0.0.1:${port}${pathname}${search}`, { method: request.method, headers });
    const kind = given.headers.get("content-type") ?? "";
    const told = new Headers(given.headers);
    for (const name of ["content-encoding", "content-length", "etag"]) told.delete(name);
    if (kind.startsWith("text/html"))
      return new Response((await given.text()).replace("<head>", `<head><meta name="walk" content="${build}">`), { headers: told });
    if (pathname === "/sw.js") return new Response((await given.text()).replaceAll(/name:"[^"]+"/gu, `name:"${build}"`), { headers: told });
    return new Response(await given.arrayBuffer(), { status: given.status, headers: told });
  };
  return {
    origin: `http://127.0.0.1:${own}`,
    open(build: string): void {
      server = Bun.serve({ port: own, hostname: "127.0.0.1", fetch: (request) => answer(request, build) });
    },
    close(): void {
      void server?.stop(true);
      server = null;
    },
  };
}
