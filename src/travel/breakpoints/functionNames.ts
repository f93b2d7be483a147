// Which functions does a name mean? The end of the dotted name that its file and its qualified name give together:
// `f`, `Shop.sell`, `outer.inner`, `shop.sell`, `package.shop.Shop.sell`.

/** The full dotted name; what stands between an outer function and an inner one (`<locals>`) is left out. */
export function fullName(file: string, qualifiedName: string): string {
  const folders = file.replace(/\.pyw?$/u, "").split(/[\\/]/u);
  if (folders.at(-1) === "__init__") folders.pop();
  return [...folders.filter((one) => one !== ""), ...qualifiedName.split(".").filter((one) => one !== "<locals>")].join(
    ".",
  );
}

export function isNamed(file: string, qualifiedName: string, name: string): boolean {
  return `.${fullName(file, qualifiedName)}`.endsWith(`.${name}`);
}
