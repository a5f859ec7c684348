/** A marker that stands in every string of somebody, and the search for it in what somebody else was sent. */

export type Canary = {
  /** 128 random bits in hex: it may stand in a username, a `client_id` and an id. */
  mark: string;
  /** The first form in which it stands in these bytes: raw, URL-escaped, JSON-escaped, base64 or hex; null when it does not. */
  formIn(bytes: Buffer | string): string | null;
};

export function makeCanary(): Canary {
  const mark = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
  const inBase64 = [0, 1, 2].map((shift) => base64At(mark, shift));
  return {
    mark,
    formIn(bytes) {
      const text = typeof bytes === "string" ? bytes : bytes.toString("latin1");
      const says = (form: string): boolean => form.toLowerCase().includes(mark);
      if (says(text)) return "raw";
      if (says(text.replace(/%([0-9a-f]{2})/giu, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16))))) return "URL-escaped";
      if (says(text.replace(/\\u00([0-9a-f]{2})/giu, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16))))) return "JSON-escaped";
      if (inBase64.some((form) => text.replaceAll("-", "+").replaceAll("_", "/").includes(form))) return "base64";
      return text.toLowerCase().includes(Buffer.from(mark).toString("hex")) ? "hex" : null;
    },
  };
}

/** What of its base64 is the same whatever stands around it, when it begins at this place of a group of three bytes. */
function base64At(mark: string, shift: number): string {
  const whole = Buffer.from(" ".repeat(shift) + mark).toString("base64");
  const end = Math.floor(((shift + mark.length) * 8) / 6);
  return whole.slice(Math.ceil((shift * 8) / 6), end);
}
