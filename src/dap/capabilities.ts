// What this adapter can do, as `initialize` answers. `supportsRestartRequest` is left out on purpose: Restart runs
// the program again.
import type { DebugProtocol } from "@vscode/debugprotocol";

const conditionDescription =
  "Classes (KeyError, shop.Refused), an expression about __exception__, or both: KeyError if __exception__.args[0] == 3";

export const capabilities: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsStepBack: true,
  supportsGotoTargetsRequest: true,
  supportsRestartFrame: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ["."],
  supportsClipboardContext: true,
  supportsExceptionInfoRequest: true,
  supportsTerminateRequest: true,
  supportsCancelRequest: true,
  supportsDelayedStackTraceLoading: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsFunctionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsExceptionOptions: true,
  supportsExceptionFilterOptions: true,
  breakpointModes: [
    { mode: "line", label: "Line", description: "Stop before the line runs.", appliesTo: ["source"] },
    {
      mode: "return",
      label: "Return",
      description: "Stop where the function that the line belongs to returns; a condition can ask for __return__.",
      appliesTo: ["source"],
    },
    {
      mode: "variable",
      label: "Variable",
      description: "Stop when this variable, attribute or item gets another value.",
      appliesTo: ["data"],
    },
    {
      mode: "object",
      label: "Object",
      description: "Stop when the object itself changes, under whatever name.",
      appliesTo: ["data"],
    },
  ],
  exceptionBreakpointFilters: [
    {
      filter: "raised",
      label: "Raised Exceptions",
      description: "Stop wherever an exception is raised.",
      default: false,
      supportsCondition: true,
      conditionDescription,
    },
    {
      filter: "uncaught",
      label: "Uncaught Exceptions",
      description: "Stop where an exception was raised that nothing caught.",
      default: true,
      supportsCondition: true,
      conditionDescription,
    },
    {
      filter: "userUncaught",
      label: "User Uncaught Exceptions",
      description: "Stop where an exception was raised that left your code for code that is not recorded.",
      default: false,
      supportsCondition: true,
      conditionDescription,
    },
  ],
};
