/** The emoji picker; what each emoji is called is in emoji.ts. */
import type { Catalogues, Translated } from "../catalogues.ts";
import { counted } from "../plurals.ts";

export const picker: Translated<Catalogues["picker"]> = {
  title: "表情",
  find: "按名称查找表情",
  recent: "最近使用",
  found: "查找结果",
  none: "没有这个名称的表情。",
  count: (n) => `${counted(n)} 个表情`,
  sections: {
    faces: "笑脸与爱心",
    people: "人物与手势",
    nature: "动物与植物",
    food: "食物与饮料",
    places: "地点与天气",
    activities: "节日与活动",
    things: "物品",
    signs: "符号",
    flags: "旗帜",
  },
};
