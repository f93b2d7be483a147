// Which hits of a breakpoint count? `5` (the fifth), `>= 5`, `> 5`, `<= 5`, `< 5`, `== 5`, `% 3` (every third).

export interface HitCondition {
  readonly operator: "==" | ">=" | ">" | "<=" | "<" | "%";
  /** At least 1 for `%`. */
  readonly count: number;
}

const pattern = /^\s*(==|>=|>|<=|<|%|=)?\s*(\d{1,15})\s*$/u;

/** Undefined for a text that is no hit condition. */
export function parseHitCondition(text: string): HitCondition | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const count = Number(match[2]);
  const operator = operatorOf(match[1]);
  return operator === undefined || (operator === "%" && count === 0) ? undefined : { operator, count };
}

function operatorOf(text: string | undefined): HitCondition["operator"] | undefined {
  switch (text) {
    case undefined:
    case "=":
    case "==":
      return "==";
    case ">=":
    case ">":
    case "<=":
    case "<":
    case "%":
      return text;
    default:
      return undefined;
  }
}

/** Whether the hit with this number counts; the first one has number 1. */
export function isCounted({ operator, count }: HitCondition, number: number): boolean {
  switch (operator) {
    case "==":
      return number === count;
    case ">=":
      return number >= count;
    case ">":
      return number > count;
    case "<=":
      return number <= count;
    case "<":
      return number < count;
    case "%":
      return number % count === 0;
  }
}
