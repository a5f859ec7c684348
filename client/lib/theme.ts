/**
 * What the page looks like: chosen, or as the system has it. The choice is kept in this browser, because it must be worn before the first paint,
 * when nobody is known yet. The page says what it wears by attributes of its root; styles/tokens.css holds what they mean.
 */

import { keep, kept } from "./kept.ts";

export type Look = { theme: "system" | "light" | "dark"; contrast: "system" | "more" };

const KEY = "snug-look";
const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");
const more = (): MediaQueryList => matchMedia("(prefers-contrast: more)");

export function keptLook(): Look {
  try {
    return lookOf(JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    return lookOf({}); // storage withheld, or something else in it
  }
}

/** Reads a look out of what was stored, here or with the account; what is not one is the system's. */
export function lookOf(stored: unknown): Look {
  const { theme, contrast } = { theme: undefined, contrast: undefined, ...(typeof stored === "object" ? stored : {}) };
  return { theme: theme === "light" || theme === "dark" ? theme : "system", contrast: contrast === "more" ? "more" : "system" };
}

export function keepLook(look: Look): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(look));
  } catch {
    // it lasts as long as the page
  }
}

export function wear({ theme, contrast }: Look): void {
  const root = document.documentElement;
  root.dataset["scheme"] = theme === "system" ? (dark().matches ? "dark" : "light") : theme;
  root.dataset["contrast"] = contrast === "more" || more().matches ? "more" : "usual";
  const ground = document.querySelector<HTMLMetaElement>("meta[name=theme-color]");
  if (ground) ground.content = getComputedStyle(root).getPropertyValue("--side");
}

/** How close things stand: of this device alone, since a phone and a wide screen want different ones. */
export type Density = "comfortable" | "compact";

export const keptDensity = (): Density => (kept("density") === "compact" ? "compact" : "comfortable");

export function keepDensity(density: Density): void {
  keep("density", density === "compact" ? density : "");
  wearDensity(density);
}

function wearDensity(density: Density): void {
  document.documentElement.dataset["density"] = density;
}

const ACCENT = "snug-accent";

/** The hue that the workspace has chosen, in degrees; nothing is Snug's own. Kept here too, to be worn before anybody is known: what is kept is worn. */
export function keepAccent(hue: number | undefined): void {
  if (hue === keptAccent()) return;
  try {
    if (hue === undefined) localStorage.removeItem(ACCENT);
    else localStorage.setItem(ACCENT, String(hue));
  } catch {
    // it lasts as long as the page
  }
  wearAccent(hue);
}

export function wearAccent(hue: number | undefined): void {
  document.documentElement.style.setProperty("--accent-hue", hue === undefined ? "" : String(hue));
}

function keptAccent(): number | undefined {
  try {
    const kept = localStorage.getItem(ACCENT) ?? "";
    return /^\d{1,3}$/u.test(kept) ? Number(kept) : undefined;
  } catch {
    return undefined; // storage withheld
  }
}

/** Wears what is kept, and goes on with the system and with the other tabs. */
export function dress(): void {
  const again = (): void => {
    wear(keptLook());
    wearDensity(keptDensity());
  };
  again();
  wearAccent(keptAccent());
  dark().addEventListener("change", again);
  more().addEventListener("change", again);
  window.addEventListener("storage", ({ key }) => (key === KEY || key === "snug-density") && again());
}
