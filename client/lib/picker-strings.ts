/** The words of the emoji picker: a part that is fetched late. */
import { inLanguage } from "./language.ts";
import { counted, several } from "./plurals.ts";

export const pickerStrings = inLanguage("picker", {
  title: "Emoji",
  find: "Find an emoji by its name",
  recent: "Last used",
  found: "Found",
  none: "No emoji of that name.",
  count: (n: number) => several(n, "1 emoji", `${counted(n)} emoji`),
  sections: {
    faces: "Faces and hearts",
    people: "People and hands",
    nature: "Animals and plants",
    food: "Food and drink",
    places: "Places and weather",
    activities: "Feasts and games",
    things: "Things",
    signs: "Signs",
    flags: "Flags",
  },
});
