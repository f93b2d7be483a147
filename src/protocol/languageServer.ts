// What the extension and its language server say to each other, beside the language server protocol itself.
//
// The server holds no recording. To answer for a file it asks the extension, which asks the focused debug session;
// when the answers may have changed, the extension says so and the server has the editor ask again.
import type { ExecutionCountsResponse } from "./customRequests.ts";

/** Request, server to extension: `ExecutionsParams` → `ExecutionsResult`. */
export type ExecutionsMethod = "hindsight/executions";

/** Notification, extension to server, without parameters: answers may be different now. */
export type ExecutionsChangedMethod = "hindsight/executionsChanged";

export interface ExecutionsParams {
  readonly uri: string;
}

/** `null`: nothing true can be said, as there is no session, the file did not run, or it was edited since. */
export type ExecutionsResult = ExecutionCountsResponse | null;
