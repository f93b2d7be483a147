// `node dist/hindsight.js`: the command line. Exit code 0, 2 for what the user can mend, 1 for a bug of ours.
import { UserError, WireError } from "../base/errors.ts";
import type { TimeTravel } from "../travel/timeTravel.ts";
import { parseCommandLine, UsageError, type Command } from "./commandLine.ts";
import { helpText } from "./help.ts";
import { openFile } from "./openFile.ts";
import { momentOf, reportInfo, reportMoment, reportSteps } from "./reports.ts";
import { runWalk } from "./walkCommand.ts";

function write(text: string): void {
  process.stdout.write(text);
}

async function lookInto(travel: TimeTravel, command: Exclude<Command, { kind: "help" }>): Promise<void> {
  switch (command.kind) {
    case "info":
      return reportInfo(travel, command.json, write);
    case "steps":
      return reportSteps(travel, command, command.json, write);
    case "show":
      return reportMoment(travel, command.at, command.json, write);
    case "walk": {
      if (travel.summary.steps === 0) throw new UsageError("The recording has no steps.");
      const moment = command.at === undefined ? undefined : momentOf(travel, command.at);
      const start = moment === undefined ? undefined : { moment, thread: travel.threadAt(moment), note: undefined };
      await runWalk(travel, start, command.script, write);
    }
  }
}

/** Parses, opens, prints. Returns the exit code. */
async function main(words: readonly string[]): Promise<number> {
  try {
    const command = parseCommandLine(words);
    if (command.kind === "help") {
      write(helpText(command.topic));
      return 0;
    }
    const travel = openFile(command.file);
    try {
      await lookInto(travel, command);
    } finally {
      travel.close();
    }
    return 0;
  } catch (error) {
    if (error instanceof UsageError || error instanceof UserError || error instanceof WireError) {
      process.stderr.write(`hindsight: ${error.message}\n`);
      return 2;
    }
    process.stderr.write(
      `hindsight: this is a bug of ours.\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return 1;
  }
}

// `hindsight steps FILE | head` closes the pipe early: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2));
}

void run();
