/** How large a file is, in words. */
import { locale } from "./language.ts";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** In thousands, as shops and systems count them; two digits are enough. */
export function sizeOf(bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const unit = UNITS[step] ?? "byte";
  const format = { style: "unit", unit, unitDisplay: step === 0 ? "long" : "short", maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(locale(), format).format(bytes / 1_000 ** step);
}
