/** Door two for the page: the link of the SDK. */
export { createLink, type Link, type Outgoing } from "./sdk/link.ts";
export type { Reach } from "./sdk/types.ts";
