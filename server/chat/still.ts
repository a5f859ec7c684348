/** An answer as the bytes that are told, and how to see whether it would be told again. */
export type Still = {
  bytes: Uint8Array<ArrayBuffer>;
  /** The store's, taken before anything of it was asked for, the right to it too: after a commit it is not told again. Null where there are no moments. */
  moment: number | null;
  /** Whether what is in no database is as it was: the time, and who is here. */
  holds(): boolean;
};
