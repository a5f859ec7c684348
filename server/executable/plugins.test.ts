import { pluginSentences } from "../plugins.contract.ts";

pluginSentences();
