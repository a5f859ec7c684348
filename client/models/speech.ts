/** Which language the page speaks. What is chosen is kept in this browser alone: a person may read Chinese at home and English at work. */
import { action, createModel, signal } from "@preact/signals";
import { type Choice, choice, choose, language, speak, wanted } from "../lib/language.ts";

export const SpeechModel = createModel(() => {
  const spoken = signal(language());
  const chosen = signal(choice());
  let has_changed = false;
  const now = action((next: typeof spoken.value): void => {
    spoken.value = next;
    chosen.value = choice();
  });

  /** Speaks what is wanted, or English where its texts cannot be had: then it gives false. */
  const follow = async (): Promise<boolean> => {
    const next = wanted();
    const texts = next === "zh" ? await import("../lib/chinese.ts").catch(() => undefined) : undefined;
    speak(next, texts?.chinese);
    now(language());
    return language() === next;
  };
  return {
    /** What the page is drawn in: it is drawn anew when this changes. */
    spoken,
    chosen,
    follow,
    async choose(to: Choice): Promise<boolean> {
      const before = language();
      choose(to);
      const isThere = await follow();
      has_changed = language() !== before;
      return isThere;
    },
    /** Whether the page was drawn anew by a choice, told once: who chose goes on where they were. */
    takeChange(): boolean {
      const taken = has_changed;
      has_changed = false;
      return taken;
    },
  };
});
