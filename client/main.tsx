/** Gives the models the outside world and draws them. */
import { render } from "preact";
import { createApi } from "./api.ts";
import { keepShell } from "./lib/installed.ts";
import { newClientId } from "./sdk/ids.ts";
import { announce, wanted } from "./lib/language.ts";
import * as looking from "./lib/looking.ts";
import { dress } from "./lib/theme.ts";
import { openStorage, openTabs } from "./lib/storage.ts";
import { followViewport } from "./lib/viewport.ts";
import { createLink } from "./link.ts";
import { AppModel } from "./models/app.ts";
import type { Layer, LayerHistory } from "./models/layers.ts";
import type { Address } from "./models/place.ts";
import { Page } from "./views/page.tsx";

followViewport();
dress(); // theme.ts has, where the page was built; in the workshop nobody did
announce(wanted());

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
/** An entry of the history says which layers lay over the room at its time. */
const layersOf = (state: unknown): readonly Layer[] =>
  typeof state === "object" && state !== null && "layers" in state && Array.isArray(state.layers) ? state.layers : [];
const layers: LayerHistory = {
  isNarrow: () => matchMedia("(width < 48em)").matches,
  push: (open) => history.pushState({ layers: open }, ""),
  back: () => history.back(),
};
const tabs = openTabs(newClientId(now()));
const secure = location.protocol === "https:" || location.hostname === "localhost" || location.hostname === "127.0.0.1";
const app = new AppModel({
  api,
  link,
  storage: await openStorage(),
  tabs,
  now,
  newId: newClientId,
  later,
  address,
  history: layers,
  looking,
  secure,
});

addEventListener("popstate", () => {
  app.place.wentTo(location.pathname); // also when only the part behind # is new
  app.layers.wentTo(layersOf(history.state));
});
for (const touch of ["pointerdown", "pointermove", "keydown"]) addEventListener(touch, () => app.touched(), { passive: true });
addEventListener("online", () => app.hurry());
addEventListener("pagehide", () => app.flushAcks());
document.addEventListener("visibilitychange", () => (document.hidden ? app.flushAcks() : app.hurry()));

const place = document.getElementById("app");
void app.speech.follow().then(() => place && render(<Page app={app} />, place));
void app.account.find();
addEventListener("load", () => void keepShell(), { once: true });
if (document.readyState === "complete") void keepShell();
