// Every failure that a user can meet in a debug session: its number, its sentence, and what to do about it.
import { UserError } from "../base/errors.ts";

interface Entry {
  readonly id: number;
  readonly sentence: string;
  readonly remedy: string;
}

/** `{name}` in a sentence is filled in. Numbers are documented in README.md and never change their meaning. */
export const userErrors = {
  badArgument: { id: 1001, sentence: "{problem}", remedy: "Correct the launch configuration." },
  noTarget: {
    id: 1002,
    sentence: "Nothing to run: exactly one of program, module, code and recording must be given, found {found}.",
    remedy: "Correct the launch configuration.",
  },
  programMissing: { id: 1003, sentence: "The program {program} does not exist.", remedy: "Check `program` and `cwd`." },
  folderMissing: { id: 1004, sentence: "The folder {folder} does not exist.", remedy: "Check `cwd`." },
  noPython: {
    id: 1005,
    sentence: "No Python was found: {python} cannot be started.",
    remedy: "Install Python 3.9 or later, or set `python` to its path.",
  },
  oldPython: {
    id: 1006,
    sentence: "{python} cannot be recorded: {problem}.",
    remedy: "Hindsight needs CPython 3.9 or later; set `python` to one.",
  },
  pythonFailed: { id: 1007, sentence: "Python did not start the program: {problem}", remedy: "See the debug console." },
  notConnected: {
    id: 1008,
    sentence: "Python did not report back within {seconds} seconds.",
    remedy: "Look at the terminal; set `console` to internalConsole if no terminal opens.",
  },
  recordingMissing: { id: 1009, sentence: "The recording {file} does not exist.", remedy: "Check `recording`." },
  recordingUnreadable: {
    id: 1010,
    sentence: "{file} cannot be opened: {problem}",
    remedy: "Record the program again.",
  },
  envFileUnreadable: {
    id: 1011,
    sentence: "The file {file} of `envFile` cannot be read: {problem}",
    remedy: "Check `envFile`.",
  },
  terminalFailed: {
    id: 1012,
    sentence: "No terminal could be opened: {problem}",
    remedy: "Set `console` to internalConsole.",
  },
  recordingPathUnwritable: {
    id: 1013,
    sentence: "{file} cannot be written: {problem}",
    remedy: "Check `recordingPath`.",
  },
  notLaunched: { id: 1101, sentence: "No program and no recording is open.", remedy: "Send `launch` first." },
  alreadyLaunched: { id: 1102, sentence: "This session has been launched already.", remedy: "Start another session." },
  programRuns: { id: 1103, sentence: "The program is running.", remedy: "Pause it first." },
  notRunning: {
    id: 1104,
    sentence: "Nothing is running that could be paused.",
    remedy: "Continue at the newest moment runs the program.",
  },
  unknownFrame: {
    id: 1105,
    sentence: "There is no stack frame {id} in this session.",
    remedy: "Ask for the stack again.",
  },
  unknownReference: {
    id: 1106,
    sentence: "There is nothing with the reference {id} in this session.",
    remedy: "Ask for the variables again.",
  },
  unknownThread: {
    id: 1107,
    sentence: "There is no thread {id} in this recording.",
    remedy: "Ask for the threads again.",
  },
  outsideHistory: {
    id: 1108,
    sentence: "Step {step}{event} is outside the history: it has the steps {first} to {last}.",
    remedy: "Choose a moment inside it.",
  },
  unknownTarget: {
    id: 1109,
    sentence: "There is no goto target {id} in this session.",
    remedy: "Ask for the targets again.",
  },
  notExecuted: {
    id: 1110,
    sentence: "Line {line} of {file} never ran in this recording.",
    remedy: "Choose a line that ran.",
  },
  noException: {
    id: 1111,
    sentence: "No exception is being raised at this moment.",
    remedy: "Go to a moment of an exception.",
  },
  noSource: { id: 1112, sentence: "The recording has no text for this source.", remedy: "Open the file itself." },
  cannotEvaluate: { id: 1113, sentence: "{problem}", remedy: "" },
  unknownCommand: { id: 1114, sentence: "Hindsight does not know the request {command}.", remedy: "" },
  unsupported: { id: 1115, sentence: "{problem}", remedy: "" },
  badRequest: { id: 1116, sentence: "The request {command} has a wrong argument: {problem}", remedy: "" },
  ended: { id: 1117, sentence: "The debug session has ended.", remedy: "" },
  emptyHistory: { id: 1118, sentence: "Nothing has been recorded yet.", remedy: "Run the program first." },
  frameNotFound: { id: 1119, sentence: "The start of this call is not in the recording.", remedy: "" },
  momentDropped: {
    id: 1120,
    sentence: "Step {step} is not in the recording any more: it begins at step {first} now (maxRecordingSize).",
    remedy: "Choose a moment that is kept.",
  },
  internal: { id: 1900, sentence: "Hindsight failed: {problem}", remedy: "Please report this." },
} as const satisfies { readonly [name: string]: Entry };

export type UserErrorName = keyof typeof userErrors;

/** The error called `name`, with its sentence filled in. */
export function userError(name: UserErrorName, values: { readonly [name: string]: string | number } = {}): UserError {
  const { id, sentence, remedy } = userErrors[name];
  const filled = sentence.replaceAll(/\{(\w+)\}/gu, (_, key: string) => String(values[key] ?? ""));
  return new UserError(id, remedy === "" ? filled : `${filled} ${remedy}`);
}
