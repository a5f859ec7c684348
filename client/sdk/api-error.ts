import type { ErrorBody } from "../../server/protocol.ts";

/** What a call was refused with; `offline` when nothing answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly retry: boolean;
  readonly retry_after_ms: number | undefined;
  readonly fields: readonly string[];
  /** By which the operator finds it in the log. */
  readonly request_id: string | undefined;
  constructor(error: Pick<ErrorBody["error"], "code" | "retry" | "retry_after_ms" | "fields"> & { request_id?: string }) {
    super(error.code);
    this.code = error.code;
    this.retry = error.retry;
    this.retry_after_ms = error.retry_after_ms;
    this.fields = error.fields ?? [];
    this.request_id = error.request_id;
  }
}
