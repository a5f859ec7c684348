import type { ErrorBody } from "../../server/protocol.ts";

/** What a call was refused with; `offline` when nothing answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly retry: boolean;
  readonly retry_after_ms: number | undefined;
  readonly fields: readonly string[];
  constructor(error: Pick<ErrorBody["error"], "code" | "retry" | "retry_after_ms" | "fields">) {
    super(error.code);
    this.code = error.code;
    this.retry = error.retry;
    this.retry_after_ms = error.retry_after_ms;
    this.fields = error.fields ?? [];
  }
}
