/** Files that are two things at once: a picture to one reader and a page, a script or an archive to another. `canary` is what must never run. */
import { gifOf, jpegOf, pngOf, webpOf } from "./pictures.ts";

export type Polyglot = { name: string; bytes: Uint8Array };

const RUNS = [
  "<script>canary()</script>",
  "<svg xmlns='http://www.w3.org/2000/svg' onload='canary()'><script>canary()</script></svg>",
  "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' srcdoc='&lt;script&gt;parent.canary()&lt;/script&gt;'/></foreignObject></svg>",
  "<html><body onload=canary()><img src=x onerror=canary()>",
  "*/=1;canary();/*",
  "PK\x03\x04canary()",
  "%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(canary())>>>>",
  "#!/bin/sh\ncanary\n",
];
const ENDINGS = ["png", "svg", "html", "js"];

/** More than a hundred, each as its own name says. */
export async function polyglots(): Promise<Polyglot[]> {
  const pictures: Record<string, Uint8Array> = { png: pngOf(12, 9), jpeg: await jpegOf(12, 9), gif: gifOf(), webp: await webpOf(12, 9) };
  const made: Polyglot[] = [];
  for (const [i, run] of RUNS.entries()) {
    const text = Buffer.from(run, "latin1");
    for (const [kind, bytes] of Object.entries(pictures)) {
      const ending = ENDINGS[(made.length + i) % ENDINGS.length] ?? "png";
      made.push({ name: `${kind}-then-${i}.${ending}`, bytes: Buffer.concat([bytes, text]) });
      made.push({ name: `${kind}-over-${i}.${ending}`, bytes: Buffer.concat([bytes.subarray(0, 12), text, bytes.subarray(12 + text.length)]) });
    }
    made.push({ name: `bare-${i}.png`, bytes: text }, { name: `bom-${i}.jpg`, bytes: Buffer.concat([Buffer.from("\ufeff"), text]) });
    made.push({ name: `gif-as-script-${i}.gif`, bytes: Buffer.concat([Buffer.from("GIF89a/*"), text, Buffer.from("*/=1;canary()")]) });
    made.push({ name: `noted-${i}.png`, bytes: pngOf(12, 9, { notes: run.replaceAll("\0", "") }) });
    made.push({ name: `noted-${i}.jpg`, bytes: await jpegOf(12, 9, { notes: run }) });
    made.push({ name: `noted-${i}.gif`, bytes: gifOf(run.slice(0, 200)) });
  }
  return made;
}
