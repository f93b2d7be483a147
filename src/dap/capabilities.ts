// What this adapter can do, as `initialize` answers. `supportsRestartRequest` is left out on purpose: Restart runs
// the program again.
import type { DebugProtocol } from "@vscode/debugprotocol";

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsStepBack: true,
  supportsGotoTargetsRequest: true,
  supportsRestartFrame: true,
  supportsEvaluateForHovers: true,
  supportsClipboardContext: true,
  supportsExceptionInfoRequest: true,
  supportsTerminateRequest: true,
  supportsCancelRequest: true,
  supportsDelayedStackTraceLoading: true,
  exceptionBreakpointFilters: [
    {
      filter: "raised",
      label: "Raised Exceptions",
      description: "Stop wherever an exception is raised.",
      default: false,
    },
    {
      filter: "uncaught",
      label: "Uncaught Exceptions",
      description: "Stop where an exception was raised that nothing caught.",
      default: true,
    },
  ],
};
