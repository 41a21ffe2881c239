import { createProxy } from "tasklens/proxy";

export default createProxy();
