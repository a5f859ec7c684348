/** The page's errors are those of the SDK. */
export { ApiError } from "../sdk/api-error.ts";
