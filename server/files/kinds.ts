/** What bytes are, by how they begin. A name or a claim is never asked. */

export type PictureKind = "jpeg" | "png" | "gif" | "webp";

const LOOKED_AT = 4_096;

/** The type of what begins like this; `application/octet-stream` for what nobody here knows. */
export function typeOf(head: Uint8Array): string {
  const picture = pictureKindOf(head);
  if (picture !== null) return `image/${picture}`;
  const latin = Buffer.from(head.subarray(0, 64)).toString("latin1");
  const known = SIGNS.find(([at, sign]) => latin.startsWith(sign, at));
  if (known) return known[2];
  return isText(head.subarray(0, LOOKED_AT)) ? "text/plain" : "application/octet-stream";
}

/** Of the four kinds that a page may show; others, SVG above all, are never more than a download. */
export function pictureKindOf(head: Uint8Array): PictureKind | null {
  const latin = Buffer.from(head.subarray(0, 16)).toString("latin1");
  if (latin.startsWith("\xff\xd8\xff")) return "jpeg";
  if (latin.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/u.test(latin)) return "gif";
  return /^RIFF[\s\S]{4}WEBP/u.test(latin) ? "webp" : null;
}

/** Where it stands, what stands there, and what that is. */
const SIGNS: readonly (readonly [at: number, sign: string, type: string])[] = [
  [0, "%PDF-", "application/pdf"],
  [0, "PK\x03\x04", "application/zip"],
  [0, "PK\x05\x06", "application/zip"],
  [0, "\x1f\x8b", "application/gzip"],
  [0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"],
  [0, "Rar!\x1a\x07", "application/vnd.rar"],
  [4, "ftypM4A", "audio/mp4"],
  [4, "ftyphei", "image/heic"],
  [4, "ftypmif1", "image/heic"],
  [4, "ftypavif", "image/avif"],
  [4, "ftypqt", "video/quicktime"],
  [4, "ftyp", "video/mp4"],
  [0, "\x1aE\xdf\xa3", "video/webm"],
  [8, "WAVE", "audio/wav"],
  [0, "OggS", "audio/ogg"],
  [0, "fLaC", "audio/flac"],
  [0, "ID3", "audio/mpeg"],
  [0, "II*\0", "image/tiff"],
  [0, "MM\0*", "image/tiff"],
];

/** UTF-8 without what no text holds; the last character may have been cut. */
function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What a picture is built of is looked at on the loop: of more pieces than this it is a file like any other. Long ones have some thousands. */
export const PIECES_MAX = 20_000;
