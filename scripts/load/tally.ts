/** The third plugin of the extended load: counts what is posted, as one that watches does. `GET /plugins/tally/posts` tells it to admins. */
import { definePlugin, defineRoute, t } from "snug/plugin";

let posts = 0;

export const plugin = definePlugin({
  name: "tally",
  start: ({ hooks }) => hooks.bind("message.posted", () => void (posts += 1)),
  routes: [
    defineRoute({
      method: "GET",
      path: "/posts",
      for: "admin",
      summary: "How many messages were posted since the start.",
      answers: { 200: t.Object({ posts: t.Integer() }) },
      handle: () => ({ posts }),
    }),
  ],
});
