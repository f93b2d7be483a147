import { expect, test } from "vitest";
import { expressionAt } from "../../src/extension/expressionAt.ts";

/** The expression at the mark `|`. */
function at(marked: string): string | undefined {
  const offset = marked.indexOf("|");
  return expressionAt(marked.replace("|", ""), offset)?.text;
}

test("a name is an expression, wherever in it the cursor stands", () => {
  expect([at("|total = 1"), at("to|tal = 1"), at("total| = 1")]).toEqual(["total", "total", "total"]);
});

test("a path goes up to the name under the cursor, not beyond", () => {
  expect([at("sel|f.items.first"), at("self.it|ems.first"), at("self.items.fir|st")]).toEqual([
    "self",
    "self.items",
    "self.items.first",
  ]);
  expect(at("self . items")).toBeUndefined();
  expect(at("self . it|ems")).toBe("self.items");
});

test("what follows a call or a subscript is not a path of names", () => {
  expect([at("f().na|me"), at("rows[0].na|me"), at('"".jo|in(x)'), at("1.re|al")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a name in a subscript or among the arguments is an expression of its own", () => {
  expect([at("rows[ind|ex].x"), at("f(a, val|ue)"), at("f(x=val|ue)")]).toEqual(["index", "value", "value"]);
});

test("the name of a keyword argument is not the variable of that name", () => {
  expect(at("f(x|=1)")).toBeUndefined();
  expect(at("f(a,\n  x|=1)")).toBeUndefined();
  expect(at("f(x|==1)")).toBe("x");
  expect(at("a, x| = 1, 2")).toBe("x");
});

test("strings, comments, keywords and numbers are no expressions", () => {
  expect(at("x = 'na|me'")).toBeUndefined();
  expect(at('x = """\nna|me\n"""')).toBeUndefined();
  expect(at("x = 1  # na|me")).toBeUndefined();
  expect(at("if"[0] + "|f x: pass")).toBeUndefined();
  expect(at("x = 12|3")).toBeUndefined();
  expect(at("x = Tr|ue")).toBeUndefined();
});

test("code after strings and comments is code again", () => {
  expect(at("'a\\'b' + na|me")).toBe("name");
  expect(at("# it's\nna|me")).toBe("name");
  expect(at("r'\\' + 1\nna|me")).toBe("name");
  expect(at("x = 'open\nna|me")).toBe("name");
  expect(at('if"a" in na|me: pass')).toBe("name");
});

test("replacement fields of f-strings are code, the rest of them is text", () => {
  expect(at('f"te|xt {name}"')).toBeUndefined();
  expect(at('f"text {na|me}"')).toBe("name");
  expect(at('f"text {self.na|me!r:>{width}} tail"')).toBe("self.name");
  expect(at('f"text {name:>{wid|th}} tail"')).toBe("width");
  expect(at('f"{{na|me}}"')).toBeUndefined();
  expect(at('f"{d["k"]}" + na|me')).toBe("name");
});

test("names need not be ASCII", () => {
  expect(at("größ|e = 1")).toBe("größe");
});
