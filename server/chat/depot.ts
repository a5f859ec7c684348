/** Where the bytes of files lie, as the verbs see it; implemented by server/files/depot.ts. Every call names the tenant: what two of them brought alike is kept twice. */

/** What has been taken in, and lies apart until it is placed. */
export type Taken = {
  /** Of the bytes as they will be kept: SHA-256 in hex. */
  readonly hash: string;
  /** As they will be kept: of a picture, without what it told of its maker. */
  readonly bytes: number;
  /** As they came. */
  readonly received: number;
  /** Told from the first bytes, never from a name. */
  readonly type: string;
  /** Only of what has been decoded: it may be shown in a page. */
  readonly picture: Picture | null;
  /** Puts the bytes where their hash says. A row must name them before: what no row names may be collected at any time. */
  place(): Promise<void>;
  /** Leaves nothing behind; after `place` does nothing. */
  drop(): Promise<void>;
};

/** In pixels, as it is looked at. `preview_hash` where there is a smaller one. */
export type Picture = { width: number; height: number; preview_hash: string | null };

export type Depot = {
  /** Takes the bytes as they come, never all of them into memory. Refuses `too_large` past `most`, `storage_full`; what `body` throws goes through. */
  take(tenant_id: string, body: AsyncIterable<Uint8Array>, most: number): Promise<Taken>;
  /**
   * Takes a picture, and keeps a small one made of it: a square cut out of its middle, or the whole. Null for what cannot be opened as a picture.
   * Refuses as `take` does.
   */
  takeSmall(tenant_id: string, body: AsyncIterable<Uint8Array>, most: number, shape: "square" | "whole"): Promise<Taken | null>;
  /** Where the bytes lie, or null where they are no more. */
  find(tenant_id: string, hash: string): Promise<string | null>;
  /**
   * Removes the bytes unless they are wanted: asked before and once more after, so that who names them meanwhile has them. False where nothing may be
   * removed just now, because a backup reads all that is there: ask again later.
   */
  remove(tenant_id: string, hash: string, isWanted: () => Promise<boolean>): Promise<boolean>;
  /** Removes what was begun before this time (milliseconds since 1970) and never placed. */
  sweep(before: number): Promise<void>;
};
