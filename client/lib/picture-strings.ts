/** The words of bringing one picture: of oneself, or of the workspace. */
import { inLanguage } from "./language.ts";

export const pictureStrings = inLanguage("picture", {
  mine: "Your picture",
  logo: "Logo",
  choose: "Upload a picture",
  another: "Upload another",
  remove: "Remove",
  cancel: "Cancel",
  face_hint: "JPEG, PNG, GIF or WebP. It is cut square, and everybody here sees it.",
  logo_hint: "JPEG, PNG, GIF or WebP. It stands beside the name, also for who signs in.",
  uploading: "Uploading",
  saved: "Picture saved",
  removed: "Picture removed",
  no_picture: "This cannot be opened as a picture.",
  empty: "This is empty or a folder.",
  too_large: (most: string) => `This is larger than ${most}, the most a picture may have.`,
  failed: (reason: string) => `Not uploaded: ${reason}`,
});
