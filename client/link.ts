/** Door two for the page: the link of the SDK. */
export { createLink, type Link, type Outgoing, type Reach } from "./sdk/link.ts";
