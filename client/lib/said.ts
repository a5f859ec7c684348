/** What a message says in plain words: its text, else the names of its files. */
import type { FileOfMessage } from "../../server/protocol/file-of-message.ts";
import { plainText } from "./markdown.ts";
import { listed } from "./plurals.ts";

type Said = { content: string; files?: readonly FileOfMessage[] | undefined };

export const saidIn = ({ content, files = [] }: Said): string => plainText(content) || listed(files.map(({ name }) => name));
