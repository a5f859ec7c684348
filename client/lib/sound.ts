/** The sound of a notification: two soft notes, made here; there is no file of it. */

const NOTES = [
  { hertz: 587.33, at: 0 }, // D5, then A5
  { hertz: 880, at: 0.09 },
];
const LOUD = 0.12;
const FADE_S = 0.35;
let context: AudioContext | null = null;

/** Plays it once, if the browser lets a page that was touched be heard. */
export async function chime(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  for (const { hertz, at } of NOTES) {
    const begin = context.currentTime + at;
    const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(LOUD, begin + 0.012);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + FADE_S);
    tone.connect(volume).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + FADE_S);
  }
}

/**
 * Of several tabs that hear the same message one plays it: the first to take its lock, held while the others come. A tab that nobody has touched
 * leaves it to the others: its browser would let it wait for a touch, and keep the lock.
 */
export async function chimeOnce(id: string): Promise<void> {
  if ("userActivation" in navigator && !navigator.userActivation.hasBeenActive) return;
  if (!("locks" in navigator)) return chime(); // no https: each tab for itself
  await navigator.locks.request(`snug-sound ${id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await chime();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  });
}
