// What a person asks about the past in VS Code: of a variable, of a line, of the whole run.
import type { WindowScenes } from "./scenes.ts";

/** Line 7 adds a price, line 8 returns; the second order's result is 21 - 3. */
export const power: WindowScenes = {
  title: "power",
  settings: {
    "editor.minimap.enabled": false,
    "debug.toolBarLocation": "floating",
  },
  scenes: [
    {
      name: "values stand beside the lines that work on them",
      async play(screen) {
        await screen.openPython("shop.py");
        await screen.setBreakpoint(8);
        await screen.openFile("run.hindsight");
        await screen.seeStoppedAt(8);
        await screen.seeVariables({ result: "42" });
        await screen.clickToolbar("Continue");
        await screen.seeVariables({ result: "21" });
        await screen.seeBeside(7, "result = 21, price = 7");
        await screen.seeBeside(6, "price = 7, prices = [7, 7, 7]");
        await screen.shot("20-inline-values");
      },
    },
    {
      name: "the history of a variable is one click away, and a click travels",
      async play(screen) {
        await screen.openVariableMenu("result");
        await screen.shot("21-variable-menu");
        await screen.clickMenu("Show History");
        await screen.seeResults("History of result", ["21", "14", "7", "0"]);
        await screen.shot("22-history");
        await screen.clickResult("14");
        await screen.seeStoppedAt(7);
        await screen.seeVariables({ result: "7" });
      },
    },
    {
      name: "the write that made a value is one click away",
      async play(screen) {
        await screen.openVariableMenu("discount");
        await screen.clickMenu("Go to the Write That Made This");
        await screen.seeStoppedAt(15);
        await screen.shot("23-last-write");
        await screen.clickToolbar("Continue");
        await screen.seeStoppedAt(21);
        await screen.clickToolbar("Reverse");
        await screen.seeStoppedAt(8);
      },
    },
  ],
};
