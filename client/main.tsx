/** Gives the models the outside world and draws them. */
import { render } from "preact";
import { createApi } from "./api.ts";
import { newClientId } from "./lib/ids.ts";
import { openStorage, openTabs } from "./lib/storage.ts";
import { createLink } from "./link.ts";
import { AppModel } from "./models/app.ts";
import type { Address } from "./models/place.ts";
import { Page } from "./views/page.tsx";

const now = (): number => Date.now();
const later = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

const api = createApi();
const link = createLink(api, {
  open: (url, protocols) => new WebSocket(url, protocols),
  later,
  now,
  random: Math.random,
  address: () => `${location.origin.replace(/^http/u, "ws")}/ws`,
});
const address: Address = {
  read: () => location.pathname,
  write: (path, how) => (how === "push" ? history.pushState(null, "", path) : history.replaceState(null, "", path)),
  takeSecret() {
    if (!/^\/(setup|join)\/?$/u.test(location.pathname) || location.hash.length < 2) return "";
    const secret = decodeURIComponent(location.hash.slice(1));
    history.replaceState(null, "", location.pathname);
    return secret;
  },
};
const tabs = openTabs(newClientId(now()));
const secure = location.protocol === "https:" || location.hostname === "localhost" || location.hostname === "127.0.0.1";
const app = new AppModel({ api, link, storage: await openStorage(), tabs, now, newId: newClientId, later, address, secure });

addEventListener("popstate", () => app.place.wentTo(location.pathname)); // also when only the part behind # is new
addEventListener("online", () => app.hurry());
addEventListener("pagehide", () => app.flushAcks());
document.addEventListener("visibilitychange", () => (document.hidden ? app.flushAcks() : app.hurry()));

const place = document.getElementById("app");
if (place) render(<Page app={app} />, place);
void app.account.find();
