// A compiled module, also where it comes from another realm, as in Next.js's edge sandbox: `instanceof`, which the glue asks
// with, would not know it.

export function isModule(source) {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

/** The same, known to `instanceof`. */
export function ours(source) {
  if (isModule(source) && !(source instanceof WebAssembly.Module)) Object.setPrototypeOf(source, WebAssembly.Module.prototype);
  return source;
}
