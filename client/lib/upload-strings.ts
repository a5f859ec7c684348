/** The words about files: fetched with what handles them. */
import { inLanguage } from "./language.ts";
import { several } from "./plurals.ts";

export const uploadStrings = inLanguage("upload", {
  files_to_send: (n: number) => several(n, "1 file to send", `${n} files to send`),
  too_large: (name: string, most: string) => `“${name}” is larger than ${most}, the most that can be sent here.`,
  empty: (name: string) => `“${name}” is empty or a folder.`,
  too_many: (most: number) => `A message holds ${most} files at most.`,
  not_up: "A file could not be uploaded. Try it again or take it out.",
  not_fetched: "The file cannot be had right now.",
  take_out: (name: string) => `Take out ${name}`,
  retry: (name: string) => `Retry ${name}`,
  about: (parts: readonly string[]) => parts.join(" · "),
  waiting: "Waiting",
  uploaded: (percent: string) => `${percent} uploaded`,
  failed: (reason: string) => `Not uploaded: ${reason}`,
  sends_when_up: "Is sent as soon as the files are up",
  open: (name: string) => `Open ${name}`,
  download: (name: string) => `Download ${name}`,
  position: (at: number, of: number) => `${at} of ${of}`,
  before: "Picture before",
  after: "Next picture",
});
