/** As Workers and edge functions import it: compiled. Bundlers for pages may give its address instead; `init` takes both. */
declare const module: WebAssembly.Module;
export default module;
