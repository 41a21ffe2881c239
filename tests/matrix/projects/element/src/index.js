import "tasklens/element";
import { init, parse } from "tasklens";
import { xml } from "./replies.js"; // a reply, as the API sent it

init().then(() => {
  const element = document.createElement("tasklens-task");
  document.body.append(element);
  element.task = parse(xml).task;
  document.querySelector("pre").textContent = element.shadowRoot.textContent;
});
