/** How this person wants the page: kept with their account, and its look in this browser too, where it is needed before they are known. */
import { action, computed, createModel, effect, signal } from "@preact/signals";
import { type Density, keepAccent, keepDensity, keepLook, keptDensity, keptLook, type Look, lookOf, wear } from "../lib/theme.ts";
import type { Account } from "./account.ts";
import type { Hours } from "./quiet.ts";

export type Settings = Look & {
  enter_sends: boolean;
  single_keys: boolean;
  /** Whether new messages of the open room are spoken by a live region. */
  speak: boolean;
  /** Whether a notification shows what was said. */
  preview: boolean;
  /** Whether one is heard. */
  sound: boolean;
  /** When none comes (quiet.ts); `paused_until` is a time. */
  quiet_hours: Hours | null;
  paused_until: string | null;
};
type Switches = Omit<Settings, keyof Look | "quiet_hours" | "paused_until">;

const USUAL: Switches = { enter_sends: true, single_keys: true, speak: true, preview: true, sound: false };

export const SettingsModel = createModel((account: Account) => {
  const look = signal<Look>(keptLook());
  const density = signal(keptDensity());
  const unsaid = signal<Partial<Settings>>({}); // changed here; the account does not say so yet

  const settings = computed((): Settings => {
    const stored: Record<string, unknown> = { ...account.me.value?.settings, ...unsaid.value };
    const isOn = (name: keyof typeof USUAL): boolean => (typeof stored[name] === "boolean" ? stored[name] : USUAL[name]);
    return {
      ...look.value,
      enter_sends: isOn("enter_sends"),
      single_keys: isOn("single_keys"),
      speak: isOn("speak"),
      preview: isOn("preview"),
      sound: isOn("sound"),
      quiet_hours: hoursOf(stored["quiet_hours"]),
      paused_until: typeof stored["paused_until"] === "string" ? stored["paused_until"] : null,
    };
  });
  const put = action((next: Partial<Settings>) => {
    unsaid.value = next;
  });
  const looks = action((next: Look) => {
    look.value = next;
    keepLook(next);
    wear(next);
  });

  const stand = action((next: Density) => {
    density.value = next;
    keepDensity(next);
  });

  const known = computed(() => JSON.stringify(account.me.value?.settings["look"] ?? null));
  effect(() => {
    const stored: unknown = JSON.parse(known.value);
    if (stored !== null) looks(lookOf(stored));
  });

  effect(() => {
    const told = account.me.value ?? account.invitation.value; // who arrives is asked by the door
    if (told && told.workspace !== "") keepAccent(told.accent);
  });

  return {
    settings,
    /** How close things stand on this device. */
    density,
    stand,
    /** Holds here at once, and with the account when it is reached. Throws what it was refused with; then nothing has changed. */
    async change(next: Partial<Settings>): Promise<void> {
      const { theme, contrast, ...rest } = next;
      const before = look.value;
      const worn = { theme: theme ?? before.theme, contrast: contrast ?? before.contrast };
      if (theme !== undefined || contrast !== undefined) looks(worn);
      put(rest);
      try {
        await account.change({ settings: { ...rest, ...((theme !== undefined || contrast !== undefined) && { look: worn }) } });
      } finally {
        put({});
      }
    },
  };
});

/** An account may hold anything under this name: what is no hours is none. */
function hoursOf(stored: unknown): Hours | null {
  if (typeof stored !== "object" || stored === null || !("from" in stored) || !("to" in stored) || !("days" in stored)) return null;
  const { from, to, days } = stored;
  if (typeof from !== "string" || typeof to !== "string" || !Array.isArray(days)) return null;
  return { from, to, days: days.filter((day) => typeof day === "number") };
}
