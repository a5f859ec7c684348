/** Why nothing was backed up or restored and what to do about it, in words for the person at the terminal. */
export class BackupRefused extends Error {
  override readonly name = "BackupRefused";
}
