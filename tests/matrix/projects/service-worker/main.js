await navigator.serviceWorker.register("./service-worker.js", { type: "module" });
const { active } = await navigator.serviceWorker.ready;

navigator.serviceWorker.onmessage = ({ data }) => {
  document.querySelector("pre").textContent = JSON.stringify(data);
};
active.postMessage("read");
