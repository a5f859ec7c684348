/**
 * Draws the pictures by which an installed Snug is known, from client/icon.svg into client/public/icons/: `bun run scripts/icons.ts`, after the sign
 * was changed. They are kept, because nothing in the build draws an SVG. What a system cuts to its own shape fills its square.
 */
import { join, resolve } from "node:path";
import { openBrowser } from "./walk/browser.ts";

const root = resolve(import.meta.dir, "..");
const sign = await Bun.file(join(root, "client/icon.svg")).text();
const square = sign.replace(' rx="9"', "");
const pictures = [
  { name: "icon-192", size: 192, svg: sign },
  { name: "icon-512", size: 512, svg: sign },
  { name: "maskable-512", size: 512, svg: square },
  { name: "apple-touch-icon", size: 180, svg: square },
];

const browser = await openBrowser();
try {
  for (const { name, size, svg } of pictures) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${svg}`);
    await page.screenshot({ path: join(root, `client/public/icons/${name}.png`), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
