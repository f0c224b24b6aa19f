// The bare library: the first message of a socket names its user; what comes for that user is passed on as it is.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { obey, publisher } from "./publisher.mjs";

const http = createServer();
const users = new Map();
new WebSocketServer({ server: http, perMessageDeflate: false }).on("connection", (socket) => {
  socket.once("message", (name) => {
    const user = name.toString();
    users.set(user, socket);
    socket.on("close", () => users.get(user) === socket && users.delete(user));
    socket.send("welcome");
  });
  socket.on("error", () => {});
});
const control = await publisher((user, json) => {
  if (user === "*") {
    for (const socket of users.values()) socket.send(json);
  } else {
    users.get(user)?.send(json);
  }
});
http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => obey(http.address().port, control));
