/** A bar that fills on a terminal; elsewhere one line for each kind of thing that is done. */
import type { Progress } from "./seed.ts";

const WIDTH = 30;

export function progressBar(stream: NodeJS.WriteStream): Progress {
  const begun = performance.now();
  return (done, all, what) => {
    const seconds = Math.round((performance.now() - begun) / 1_000);
    const filled = Math.round((WIDTH * done) / all);
    const counted = `${done.toLocaleString("en")} of ${all.toLocaleString("en")} ${what}, ${seconds} s`;
    if (stream.isTTY) stream.write(`\r[${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}] ${counted}${done === all ? "\n" : ""}`);
    else if (done === all) stream.write(`${counted}\n`);
  };
}
