/**
 * Stars words that a workspace does not want, and refuses a post that is nothing else. `GET /plugins/word-filter/words` tells admins the list, and the frame
 * `word-filter.clean` how a text would be stored.
 *
 *   snug serve --plugin ./word-filter.ts
 *
 * The words stand one a line in the file that WORD_FILTER_WORDS names.
 */
import { readFileSync } from "node:fs";
import { defineFrame, definePlugin, defineRoute, refuse, t } from "snug/plugin";

const path = process.env.WORD_FILTER_WORDS;
const words = (path === undefined ? "darn\nheck" : readFileSync(path, "utf8")).split("\n").filter((word) => word !== "");
const unwanted = new RegExp(`(?<![\\p{L}\\p{N}])(${words.map((word) => RegExp.escape(word)).join("|")})(?![\\p{L}\\p{N}])`, "giu");

const clean = (text: string): string => text.replace(unwanted, (word) => "*".repeat(word.length));

export const plugin = definePlugin({
  name: "word-filter",
  required: true, // a filter that has failed must not let everything through
  start({ hooks }) {
    hooks.bind("message.posting", ({ draft }) => {
      const cleaned = clean(draft.content);
      if (cleaned !== draft.content && !/[^*\s]/u.test(cleaned)) refuse("invalid", { fields: ["content"] });
      draft.content = cleaned;
    });
  },
  frames: [
    defineFrame({
      name: "clean",
      for: "user",
      fields: t.Object({ content: t.String({ maxLength: 4_000 }) }),
      answers: t.Object({ content: t.String() }),
      handle: ({ fields }) => ({ content: clean(fields.content) }),
    }),
  ],
  routes: [
    defineRoute({
      method: "GET",
      path: "/words",
      for: "admin",
      summary: "The words that are starred.",
      answers: { 200: t.Object({ words: t.Array(t.String()) }) },
      handle: () => ({ words }),
    }),
  ],
});
