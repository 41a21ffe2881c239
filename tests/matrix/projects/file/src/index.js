import { init, parse } from "tasklens";
import { json, xml } from "./replies.js"; // two replies, as the API sent them

init().then(() => {
  document.querySelector("pre").textContent = JSON.stringify([parse(json), parse(xml)]);
});
