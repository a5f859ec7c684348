/** Who has asked a request, once that is known: what happens to it later, a refusal too, may be told of them. Forgotten with the request. */
import type { Principal } from "../chat/principal.ts";

const askers = new WeakMap<Request, Principal>();

export const noteAsker = (request: Request, who: Principal): void => void askers.set(request, who);
export const askerOf = (request: Request): Principal | undefined => askers.get(request);
