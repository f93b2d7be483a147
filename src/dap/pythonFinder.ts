// Which Python runs the program? The one that was named, else python3 or python on PATH.
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function onPath(name: string, searchPath: string): string | undefined {
  const names = process.platform === "win32" && path.extname(name) === "" ? [`${name}.exe`, name] : [name];
  for (const folder of searchPath.split(path.delimiter)) {
    const found = names.map((one) => path.join(folder, one)).find((one) => folder !== "" && isExecutable(one));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Full path of the interpreter; undefined when there is none. `python` may be a path or a name. */
export function findPython(python: string | undefined, folder: string, searchPath: string): string | undefined {
  if (python === undefined) return onPath("python3", searchPath) ?? onPath("python", searchPath);
  if (!python.includes("/") && !python.includes(path.sep)) return onPath(python, searchPath);
  const file = path.resolve(folder, python);
  return isExecutable(file) ? file : undefined;
}
