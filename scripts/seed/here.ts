/** A stopped data folder as the place of a conversation: the verb itself, on a store that nobody else has open. */
import { CannotStart } from "../../server/cannot-start.ts";
import type { Chat } from "../../server/chat/chat.ts";
import { type Conversation, openConversation } from "../../server/chat/conversation.ts";
import { resetPassword } from "../../server/chat/sign-ins.ts";
import { setUp, tenantOf, type Tenant } from "../../server/chat/tenants.ts";
import type { Place } from "./seed.ts";

const DEVICE = { device: "bun run seed", address: "" };
const SEATS = 500;
const LINES = 1_000; // a transaction of some tens of milliseconds

export function placeHere(chat: Chat): Place {
  let tenant: Tenant | null = null;
  let conversation: Conversation | null = null;
  const begun = (): { tenant: Tenant; conversation: Conversation } => {
    if (!tenant || !conversation) throw new CannotStart("There is nothing to put in.");
    return { tenant, conversation };
  };
  return {
    async begin({ owner, password, channel }) {
      const isNew = (await tenantOf(chat, "")) === null;
      if (isNew && owner !== undefined) await makeWorkspace(chat, owner, password);
      tenant = await tenantOf(chat, "");
      if (tenant) conversation = await openConversation(chat, tenant.id, channel);
      return isNew;
    },
    async seat(speakers, told) {
      for (let i = 0; i < speakers.length; i += SEATS) {
        await begun().conversation.seat(speakers.slice(i, i + SEATS));
        told(Math.min(i + SEATS, speakers.length));
      }
    },
    async put(lines, told) {
      let fresh = 0;
      for (let i = 0; i < lines.length; i += LINES) {
        fresh += await begun().conversation.put(lines.slice(i, i + LINES));
        told(Math.min(i + LINES, lines.length));
        await chat.store.tend(); // or the log grows until the end
      }
      return fresh;
    },
    givePassword: async (username, password) => resetPassword(chat, begun().tenant, { username, password }),
  };
}

async function makeWorkspace(chat: Chat, username: string, password: string): Promise<void> {
  await setUp(chat, { setup_token: chat.keys.setup_token, workspace: "A real conversation", username, password }, DEVICE);
}
