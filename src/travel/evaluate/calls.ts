// `callee(…)`: builtin functions, builtin types and their methods; everything else is the program's code.
import type { Args } from "./args.ts";
import { builtinFunction } from "./builtinFunctions.ts";
import { refuse, typeError } from "./failures.ts";
import type { Machine } from "./machine.ts";
import { callMethod } from "./methods.ts";
import { callType } from "./typeCalls.ts";
import { typeName } from "./types.ts";
import type { Py } from "./values.ts";

export function call(machine: Machine, callee: Py, args: Args): Py {
  switch (callee.kind) {
    case "builtin":
      return builtinFunction(machine, callee.name, args);
    case "type":
      return callType(machine, callee.name, args);
    case "method":
      return callMethod(machine, callee, args);
    case "recorded":
      return refuse(`Calling ${callee.view.text ?? typeName(callee)} would run code, and nothing runs in the past.`);
    case "bound":
      return refuse(
        `Calling ${callee.function.view.text ?? "the method"} would run code, and nothing runs in the past.`,
      );
    case "unknown":
      return refuse(`It is not known here: ${callee.reason}.`);
    default:
      return typeError(`'${typeName(callee)}' object is not callable`);
  }
}
