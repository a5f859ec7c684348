/** How far others have read, where the tenant has receipts on. */
import { type Static, Type as t } from "@sinclair/typebox";
import { Count, Id, Time } from "../protocol.ts";

/** `seq`: this member has the room up to here. Whoever joins has what was said before by definition: `joined_at` tells that from reading. */
export const Receipt = t.Object({ user_id: Id, seq: Count, joined_at: Time });
export type Receipt = Static<typeof Receipt>;
