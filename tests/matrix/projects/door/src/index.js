import { init } from "tasklens/url";

init().catch((error) => {
  document.querySelector("pre").textContent = `${error}`;
});
