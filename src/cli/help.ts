// The texts of --help.
import type { Topic } from "./commandLine.ts";

const general = `Looks into a recording of a Python program.

Usage: hindsight COMMAND FILE [OPTIONS]

Commands:
  info     what was recorded: steps, events, threads, Python
  steps    every step with its place, one a line
  show     stack, source line and variables at one moment
  walk     step backwards and forwards through the recording

hindsight COMMAND --help explains a command.
Make a recording with: python -m pytracer record -o FILE script.py

A step is one line that ran; steps count from 0. A moment is a step and a number of
events after it (0: before the line's effects; "last": after all of them).
`;

const texts: { readonly [topic in Topic]: string } = {
  info: `Says what a recording holds.

Usage: hindsight info FILE [--json]

  --json   one JSON object: steps, events, threads, recorder, python, argv, cwd,
           complete (the program's end was recorded), exitCode, waited (seconds that
           the program waited for the recording to be written), notes
`,
  steps: `Lists the steps: number, thread, function, file and line, source text.

Usage: hindsight steps FILE [--from N] [--to N] [--json]

  --from N   first step to list (default 0)
  --to N     last step to list (default: the last one)
  --json     one JSON object a line: step, thread, frame, name, file, line, text
`,
  show: `Shows stack, source line and variables at one moment.

Usage: hindsight show FILE --at STEP [--event N|last] [--json]

  --at STEP     the step: the state is the one before its line runs
  --event N     the state after N further events ("last": after all of the step)
  --json        one JSON object: step, event, thread, stack, variables, exception
`,
  walk: `Walks through a recording, from the failure (or the end) backwards.

Usage: hindsight walk FILE [--at STEP] [--script "b b i q"]

Keys, or words of a script:
  b          step back: the previous line of this function, over calls
  i          back into: the previous line of this thread, at any depth
  o          back out: to the call of this function
  n          next: the following line of this function, over calls
  s          step into
  u          out: to where this function returned
  r [FILE:]LINE   reverse to the last time this line ran
  c [FILE:]LINE   continue to the next time this line runs
  g N        go to step N
  h          these keys
  q          quit

  --at STEP   begin at this step
  --script    carry out these commands and end; without it, and without a
              terminal, commands are read from standard input
`,
};

/** The help text for one command, or for all. */
export function helpText(topic: Topic | undefined): string {
  return topic === undefined ? general : texts[topic];
}

/** One line for the prompt of `walk`. */
export const walkKeys = "b back · i back into · o back out · n next · s step in · u out · r/c LINE · g STEP · q quit";
