// A Socket.IO server with a room for each user, and nothing else.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { obey, publisher } from "./publisher.mjs";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
io.on("connection", (socket) => socket.join(socket.handshake.auth.user));
const control = await publisher((user, json) => {
  const message = JSON.parse(json);
  (user === "*" ? io : io.to(user)).emit("item", message);
});
http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => obey(http.address().port, control));
