const worker = new Worker("./worker.js", { type: "module" });
worker.onmessage = ({ data }) => {
  document.querySelector("pre").textContent = JSON.stringify(data);
};
