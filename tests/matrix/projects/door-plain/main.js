import { init } from "./node_modules/tasklens/dist/inline.js";

init().catch((error) => {
  document.querySelector("pre").textContent = `${error}`;
});
