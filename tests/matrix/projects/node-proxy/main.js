import { createServer } from "node:http";
import { createProxy } from "tasklens/proxy";

const proxy = createProxy();

createServer(async (asked, answer) => {
  const { method, headers, url } = asked;
  const body = method === "GET" || method === "HEAD" ? null : asked;
  const request = new Request(new URL(url, `http://${headers.host}`), { method, headers, body, duplex: "half" });
  const response = await proxy.fetch(request, process.env);
  answer.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
}).listen(process.env.PORT, "127.0.0.1");
