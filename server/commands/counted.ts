/** So many of something, as one says it: "1 message", "2,311 messages". */
export const counted = (n: number, one: string, more = `${one}s`): string => `${n.toLocaleString("en")} ${n === 1 ? one : more}`;
