/** Preloaded for the client's tests alone: it replaces fetch and Response for the whole process, under which no server can run. */
import { GlobalRegistrator } from "@happy-dom/global-registrator";

GlobalRegistrator.register({ url: "http://localhost/" });
document.execCommand = () => false; // it has none; the page then types by itself
