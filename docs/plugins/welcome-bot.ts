/**
 * Greets whoever comes into a public channel, in that channel. The bot is a user of the workspace: it joins by itself, is in no private room unless
 * somebody adds it, and says nothing any more when an admin disables it.
 *
 *   snug serve --plugin ./welcome-bot.ts
 */
import { definePlugin } from "snug/plugin";

export const plugin = definePlugin({
  name: "welcome-bot",
  start({ hooks, log, snug }) {
    hooks.bind("member.joined", async ({ who, member }) => {
      const bot = await snug.bot(who.tenant_id, { username: "welcome", display_name: "Welcome" });
      if (member.user_id === bot.user_id) return;
      const { room_id } = member;
      try {
        await snug.joinRoom(bot, { room_id });
      } catch {
        return log.debug("welcome.not_there", { room_id }); // not public, and nobody added it
      }
      const user = await snug.getUser(bot, { user_id: member.user_id });
      if (user.kind === "bot") return;
      // One greeting for each coming: its rev is the room's, and a client_id is stored once per room and sender.
      const client_id = `welcome-at-rev-${member.rev}`;
      await snug.postMessage(bot, { room_id, client_id, content: `Welcome, ${user.display_name}!` });
    });
  },
});
