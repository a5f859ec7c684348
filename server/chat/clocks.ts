/** How far apart the clocks of instances may be. What is from further ahead was written before the clock was set back. */
export const CLOCKS_DIFFER_MS = 60_000;
